import { readdirSync } from 'node:fs';
import { type Project, TextFile } from 'projen';
import { CHECKED_CONFIGS } from './typescript';

/** The imports that a room is allowed, in addition to its own files and Node: other rooms, and packages by the beginning of their names. */
interface Allowance {
  readonly rooms: readonly string[];
  readonly packages: readonly string[];
  /** Why, and where code belongs that needs more. */
  readonly because: string;
}

const CDKTF = ['cdktf', 'constructs', '@cdktf/provider-'];
const HANDLERS = ['@aws-lambda-powertools/', '@aws-sdk/', 'aws-lambda', 'cockatiel', 'p-limit'];

/** Two runtimes, one contract. What no line allows is forbidden, so a new room begins with a line of its own. */
const SOURCE: Readonly<Record<string, Allowance>> = {
  contract: {
    rooms: [],
    packages: ['canonicalize', 'credit-card-type', 'ibantools', 'lossless-json', 'valibot'],
    because: 'Every side speaks the contract: it imports none of them, no AWS SDK and no cdktf.',
  },
  preflight: { rooms: [], packages: [], because: 'It runs before anything else is loaded.' },
  runtime: {
    rooms: ['contract'],
    packages: ['@aws-lambda-powertools/', '@aws-sdk/', '@smithy/', 'aws-lambda'],
    because: 'Both functions share it: it imports neither of them.',
  },
  'processor/core': {
    rooms: ['contract', 'runtime/ports'],
    packages: ['p-limit'],
    because: 'A core sees ports only. AWS, HTTP and Powertools belong in the adapters beside it, or in the runtime.',
  },
  'dlq-processor/core': {
    rooms: ['contract', 'runtime/ports'],
    packages: ['valibot'],
    because: 'A core sees ports only. AWS, HTTP and Powertools belong in the adapters beside it, or in the runtime.',
  },
  processor: {
    rooms: ['contract', 'runtime'],
    packages: HANDLERS,
    because: 'A function never loads cdktf or the other function. Shared code belongs in contract or runtime.',
  },
  'dlq-processor': {
    rooms: ['contract', 'runtime'],
    packages: HANDLERS,
    because: 'A function never loads cdktf or the other function. Shared code belongs in contract or runtime.',
  },
  producer: {
    rooms: ['contract', 'preflight'],
    packages: ['@aws-sdk/client-sqs', 'cockatiel'],
    because: 'Users load it without cdktf and without the functions.',
  },
  infrastructure: {
    rooms: ['contract', 'preflight'],
    packages: [...CDKTF, 'ipaddr.js'],
    because: 'Infrastructure takes the built bundle, never a handler. Shared names belong in contract.',
  },
  app: {
    rooms: ['cli', 'index', 'infrastructure'],
    packages: CDKTF,
    because: 'The app uses the construct as a user of the package does.',
  },
  cli: {
    rooms: ['contract'],
    packages: ['commander', 'picocolors'],
    because: 'Every command line shares it: it imports none of them.',
  },
  ops: {
    rooms: ['cli', 'contract', 'dlq-processor', 'infrastructure/resource-names', 'producer', 'preflight', 'runtime'],
    packages: ['@aws-sdk/', '@smithy/', 'cli-table3', 'commander', 'hpagent', 'ipaddr.js', 'valibot'],
    because:
      "The operator's tool is quick to start, and works where nothing is synthesized: it never loads cdktf. Of the infrastructure it knows the names.",
  },
};

/** Every tool may import all of src, the kit and terraform; a line here adds other tools. */
const TOOLS_OF_TOOLS: Readonly<Record<string, readonly string[]>> = {
  kit: [],
  browser: ['demo', 'page'],
  capacity: ['cost', 'simulate'],
  chaos: ['demo'],
  demo: ['page'],
  documents: ['bench', 'capacity', 'cost', 'local', 'simulate', 'spec-coverage'],
  explore: ['simulate'],
  local: ['demo', 'page'],
  'package-check': ['package'],
  'plan-review': ['cost', 'scan'],
  rehearse: ['e2e', 'plan-review'],
};

/** Importing a provider's index loads every resource of it, which takes seconds. */
const PROVIDER_INDEXES = ['aws', 'archive', 'random'].map((provider) => ({
  name: `@cdktf/provider-${provider}`,
  message: `Import from @cdktf/provider-${provider}/lib/<resource>.`,
}));

interface Boundary {
  readonly files: string;
  /** Pattern of the imports that are refused. */
  readonly pattern: string;
  readonly message: string;
}

function sourceBoundaries(): Boundary[] {
  const rooms = [...namesIn('src'), 'index'];
  return Object.entries(SOURCE)
    .map(([room, { rooms: allowed, packages, because }]) => {
      const own = room.split('/')[0]!;
      const inner = namesIn(`src/${own}`).filter((name) => room.includes('/') && !room.endsWith(`/${name}`));
      const forbidden = rooms
        .filter((other) => other !== own && !allowed.includes(other))
        .map((other) => except(other, allowed));
      const imported = [...forbidden, ...inner, 'test', 'tools'].join('|');
      return {
        files: `src/${room}/**`,
        pattern: `^(\\.\\.?/)+(${imported})(/|$)|^(?!${['\\.', 'node:', ...packages].join('|')})`,
        message: because,
      };
    })
    .sort((one, other) => one.files.split('/').length - other.files.split('/').length); // the rule of the inner room is the last, and holds
}

/** `infrastructure/resource-names` allows this file of the room alone. */
function except(room: string, allowed: readonly string[]): string {
  const files = allowed.filter((name) => name.startsWith(`${room}/`)).map((name) => name.slice(room.length));
  return files.length === 0 ? room : `${room}(?!${files.join('|')})`;
}

function toolBoundaries(): Boundary[] {
  const tools = namesIn('tools');
  return tools.map((tool) => {
    const allowed = [tool, 'kit', 'terraform', ...(TOOLS_OF_TOOLS[tool] ?? [])].filter(
      (name) => tool !== 'kit' || name === 'kit',
    );
    const forbidden = tools.filter((other) => !allowed.includes(other));
    return {
      files: `tools/${tool}/**`,
      pattern: `^(\\.\\./)+((${forbidden.join('|')})/(?!.*fixtures/)|test/)`,
      message: 'A tool stands alone. What two of them share belongs in tools/kit, and nobody imports suites.',
    };
  });
}

/** An example is copied to another project: it imports the package by its name. */
const EXAMPLES: Boundary = {
  files: 'examples/**',
  pattern: `^\\.\\.|^(?!${['\\.', 'node:', '@aws-sdk/', 'aws-lambda', ...CDKTF].join('|')})`,
  message: "An example imports its own folder and what the package's users import.",
};

function namesIn(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

/** A file is linted again when its text has changed; by type that may be too seldom, so `.ci/run` begins without the cache. */
export const LINT = [
  'eslint',
  '--cache',
  '--cache-strategy',
  'content',
  '--cache-location',
  'node_modules/.cache/eslint/',
  '--max-warnings=0',
  '.',
];

export function addLint(project: Project): void {
  new TextFile(project, 'eslint.config.mjs', { lines: eslintConfig().split('\n'), marker: true });
  project.addTask('eslint', {
    description: 'Lint; warnings fail',
    execArgs: LINT,
  });
}

function eslintConfig(): string {
  const boundaries = [...sourceBoundaries(), ...toolBoundaries(), EXAMPLES];
  const asCode = (value: object) => JSON.stringify(value, null, 2);
  return `// Generated from projenrc/lint.ts
import tseslint from 'typescript-eslint';

const PROVIDER_INDEXES = ${asCode(PROVIDER_INDEXES)};

/** The imports that each room is allowed. */
const BOUNDARIES = ${asCode(boundaries)};

export default tseslint.config(
  { ignores: ['lib/', 'assets/', 'cdktf.out/', 'dist/', 'coverage/', '.venv/', '.e2e/', '.mutation/', '.nodes/', '**/*.mjs'] },
  ...tseslint.configs.strictTypeChecked,
  ...tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: { parserOptions: { project: ${asCode(CHECKED_CONFIGS)}, tsconfigRootDir: import.meta.dirname } },
    rules: {
      eqeqeq: 'error',
      'no-console': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      // Every index is checked by the compiler; where a bound is known, "!" says so.
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  {
    // Fixtures stand in for classes, take methods off them, cast what a test knows the type of, and run patched code.
    files: ['tools/**'],
    rules: {
      '@typescript-eslint/no-implied-eval': 'off',
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  // The compiler checks the tests' types; linting by type would double the time of the whole test command.
  { files: ['test/**'], ...tseslint.configs.disableTypeChecked },
  ...BOUNDARIES.map(({ files, pattern, message }) => ({
    files: [files],
    rules: { 'no-restricted-imports': ['error', { paths: PROVIDER_INDEXES, patterns: [{ regex: pattern, message }] }] },
  })),
);
`;
}

import { type Project, TextFile } from 'projen';

/** Two runtimes, one contract: who may import whom. The messages say where the code belongs instead. */
const BOUNDARIES = [
  {
    files: ['src/contract/**'],
    forbidden: ['cdktf', 'constructs', '@cdktf/*', '@aws-sdk/*', '**/infrastructure/**', '**/app/**', '**/processor/**', '**/local/**'],
    message: 'The contract is what both sides speak: it imports neither of them, and no AWS SDK.',
  },
  {
    files: ['src/infrastructure/**', 'src/app/**'],
    forbidden: ['**/processor/**', '**/dlq-processor/**', '**/runtime/**', '**/producer/**', '**/local/**', '@aws-lambda-powertools/*', '@aws-sdk/*'],
    message: 'Infrastructure takes the built bundle, never a handler. Shared names belong in src/contract.',
  },
  {
    files: ['src/processor/**', 'src/dlq-processor/**', 'src/runtime/**', 'src/producer/**', 'src/local/**'],
    forbidden: ['cdktf', 'constructs', '@cdktf/*', '**/infrastructure/**', '**/app/**'],
    message: 'Code that handles payments never loads cdktf. Shared names belong in src/contract.',
  },
  {
    files: ['src/ops/**'],
    forbidden: ['cdktf', 'constructs', '@cdktf/*', '**/infrastructure/**', '!**/infrastructure/names', '**/app/**', '**/local/**'],
    message: "The operator's tool is quick to start, and works where nothing is synthesized: it never loads cdktf. Of the infrastructure it knows the names.",
  },
  {
    files: ['src/processor/core/**', 'src/dlq-processor/core/**'],
    forbidden: ['cdktf', 'constructs', '@cdktf/*', '**/infrastructure/**', '**/app/**', '@aws-sdk/*', '@aws-lambda-powertools/*', '**/adapters/**', '**/runtime/**'],
    message: 'The core sees ports only: AWS, HTTP and Powertools belong in the adapters beside it.',
  },
];

/** Importing a provider's index loads every resource of it, which takes seconds. */
const PROVIDER_INDEXES = ['aws', 'archive', 'random'].map((provider) => ({
  name: `@cdktf/provider-${provider}`,
  message: `Import from @cdktf/provider-${provider}/lib/<resource>.`,
}));

export const LINT = ['eslint', '--max-warnings=0', '.'];

export function addLint(project: Project): void {
  new TextFile(project, 'eslint.config.mjs', { lines: eslintConfig().split('\n'), marker: true });
  project.addTask('eslint', {
    description: 'Lint; warnings fail',
    execArgs: LINT,
  });
}

function eslintConfig(): string {
  const boundaries = BOUNDARIES.map(({ files, forbidden, message }) => ({
    files,
    rules: { 'no-restricted-imports': ['error', { paths: PROVIDER_INDEXES, patterns: [{ group: forbidden, message }] }] },
  }));
  return `// Generated from projenrc/lint.ts
import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['lib/', 'assets/', 'cdktf.out/', 'dist/', 'coverage/', '.venv/', '.e2e/', '.mutation/', '**/*.mjs'] },
  ...tseslint.configs.strictTypeChecked,
  ...tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: { parserOptions: { project: './tsconfig.dev.json', tsconfigRootDir: import.meta.dirname } },
    rules: {
      eqeqeq: 'error',
      'no-console': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      // Every index is checked by the compiler; where a bound is known, "!" says so.
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  // The compiler checks the tests' types; linting by type would double the time of the whole test command.
  { files: ['test/**'], ...tseslint.configs.disableTypeChecked },
  ...${JSON.stringify(boundaries, null, 2)},
);
`;
}

import { javascript, type Project } from 'projen';

/** The package under its own name, as the examples import it. */
const OWN_NAME = { 'cdktf-payment-pipeline': ['./src/index.ts'], 'cdktf-payment-pipeline/*': ['./src/*/index.ts'] };

/** Compiled for Node 20; `node20` keeps `import()` as it is and lets CommonJS require an ESM-only package. */
export const COMPILER_OPTIONS: javascript.TypeScriptCompilerOptions = {
  target: 'ES2022',
  lib: ['es2023', 'es2024.string'],
  module: 'node20',
  esModuleInterop: true,
  strict: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  noImplicitOverride: true,
  noFallthroughCasesInSwitch: true,
  skipLibCheck: true,
  sourceMap: true,
  inlineSourceMap: false,
  inlineSources: false,
  declarationMap: true,
  paths: OWN_NAME,
};

const DEV_CONFIG = 'tsconfig.dev.json';

/** Of code that runs in a browser, and of the code that drives one. */
const BROWSER_CONFIG = 'tsconfig.browser.json';
const BROWSER_CODE = ['tools/browser', 'tools/page/client'];

/** The configurations of all that is type-checked and linted. */
export const CHECKED_CONFIGS = [DEV_CONFIG, BROWSER_CONFIG];

/** The native compiler: as strict as the one that compiles the package, and much quicker. It checks again what has changed. */
export const TYPE_CHECKS = CHECKED_CONFIGS.map((config) => [
  'tsgo',
  '-p',
  config,
  '--incremental',
  '--tsBuildInfoFile',
  `node_modules/.cache/tsgo/${config.replace(/json$/, 'tsbuildinfo')}`,
]);

/** One configuration for all but what knows a browser's globals; the root one compiles `src` alone. */
export function addTypeCheck(project: Project): void {
  new javascript.TypescriptConfig(project, {
    fileName: DEV_CONFIG,
    extends: javascript.TypescriptConfigExtends.fromPaths(['./tsconfig.json']),
    include: [
      '.projenrc.ts',
      'examples/**/*.ts',
      'examples/**/*.mjs',
      'projenrc/**/*.ts',
      'src/**/*.ts',
      'test/**/*.ts',
      'tools/**/*.ts',
    ],
    exclude: ['node_modules', ...BROWSER_CODE],
    compilerOptions: { noEmit: true, rootDir: '.', allowJs: true }, // for the adapters of examples
  });
  new javascript.TypescriptConfig(project, {
    fileName: BROWSER_CONFIG,
    extends: javascript.TypescriptConfigExtends.fromPaths(['./tsconfig.json']),
    include: BROWSER_CODE.map((folder) => `${folder}/**/*.ts`),
    exclude: ['node_modules'],
    compilerOptions: {
      noEmit: true,
      rootDir: '.',
      module: 'preserve',
      moduleResolution: javascript.TypeScriptModuleResolution.BUNDLER,
      lib: ['es2024', 'dom', 'dom.iterable'],
    },
  });
  const check = project.addTask('typecheck', { description: 'Check types, nothing emitted' });
  for (const command of TYPE_CHECKS) check.execArgs(command);
}

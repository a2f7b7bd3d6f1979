import { javascript, type typescript } from 'projen';
import { QUIET_SDK } from './commands';
import { JEST_VERSION } from './packages';

/** ESM-only packages that code under test imports: jest runs CommonJS, so swc compiles these as well. */
const COMPILED_PACKAGES = ['dinero.js', 'p-limit', 'yocto-queue'];

export function addTests(project: typescript.TypeScriptProject): void {
  const transform = { '^.+\\.[tj]s$': new javascript.Transform('@swc/jest', SWC_OPTIONS) };
  new javascript.Jest(project, {
    jestVersion: JEST_VERSION,
    updateSnapshot: javascript.UpdateSnapshot.NEVER,
    coverageText: false,
    junitReporting: false,
    configFilePath: 'jest.config.json',
    jestConfig: {
      testMatch: ['<rootDir>/test/**/*.test.ts'],
      transform,
      transformIgnorePatterns: [`/node_modules/(?!(${COMPILED_PACKAGES.join('|')})/)`],
      collectCoverage: false,
      watchPathIgnorePatterns: ['<rootDir>/(assets|cdktf.out|lib)/'],
    },
  });
  const { testTask } = project;
  testTask.reset();
  for (const step of ['bundle', 'synth', 'eslint', 'typecheck']) testTask.spawn(project.tasks.tryFind(step)!);
  testTask.execArgs(['jest'], { receiveArgs: true });
  for (const [name, value] of Object.entries(QUIET_SDK)) testTask.env(name, value);
  testTask.env('NODE_OPTIONS', '--experimental-vm-modules --no-warnings=ExperimentalWarning');
}

const SWC_OPTIONS = {
  jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
  module: { type: 'commonjs', ignoreDynamic: true },
};

import { javascript, type typescript } from 'projen';
import { BUNDLE, QUIET_SDK, SYNTH } from './commands';
import { LINT } from './lint';
import { JEST_VERSION } from './packages';
import { TYPE_CHECK } from './typescript';

/** ESM-only packages that code under test imports: jest runs CommonJS, so swc compiles these as well. */
const COMPILED_PACKAGES = ['dinero.js', 'p-limit', 'yocto-queue'];

const SWC_OPTIONS = {
  jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
  module: { type: 'commonjs', ignoreDynamic: true },
};

/** How each jest of the project compiles the sources. */
export const COMPILED_BY_SWC = {
  transform: { '^.+\\.[tj]s$': new javascript.Transform('@swc/jest', SWC_OPTIONS) },
  transformIgnorePatterns: [`/node_modules/(?!(${COMPILED_PACKAGES.join('|')})/)`],
};

/** fauxqs is an ES module, which jest imports only with the option; its use is no news. */
const TEST_ENVIRONMENT = { ...QUIET_SDK, NODE_OPTIONS: '--experimental-vm-modules --no-warnings=ExperimentalWarning' };

/** Test files that wait for real time, start processes, or judge thousands of seeds: half of the whole suite's time. */
const LONG = ['tools/(simulate|explore|chaos)/', 'tools/demo/(main|outage|sabotage)', 'dlq-processor/(story|bundle)', 'processor/bundle', 'ops/(work|process)', 'operations-tool'];

export function addTests(project: typescript.TypeScriptProject): void {
  addJest(project);
  project.addTask('unit', {
    description: 'Run the unit, property and black-box tests; arguments are jest\'s',
    execArgs: ['jest'],
    receiveArgs: true,
    env: TEST_ENVIRONMENT,
  });
  const quick = project.addTask('test:quick', { description: 'Run the tests that take no time of their own: for while you work', env: TEST_ENVIRONMENT });
  for (const execArgs of [BUNDLE, SYNTH, ['jest', `--testPathIgnorePatterns=/test/(${LONG.join('|')})`]]) quick.execArgs(execArgs);
  project.testTask.reset();
  for (const [name, value] of Object.entries(TEST_ENVIRONMENT)) project.testTask.env(name, value);
  const lanes = [inTurn(LINT, TYPE_CHECK), inTurn(BUNDLE, SYNTH, ['jest'])];
  project.testTask.execArgs(['concurrently', '--names', 'static,unit', '--kill-others-on-fail', '--no-color', ...lanes]);
}

function inTurn(...commands: string[][]): string {
  return commands.map((command) => command.join(' ')).join(' && ');
}

function addJest(project: typescript.TypeScriptProject): void {
  new javascript.Jest(project, {
    jestVersion: JEST_VERSION,
    updateSnapshot: javascript.UpdateSnapshot.NEVER,
    coverageText: false,
    junitReporting: false,
    configFilePath: 'jest.config.json',
    jestConfig: {
      testMatch: ['<rootDir>/test/**/*.test.ts'],
      ...COMPILED_BY_SWC,
      maxWorkers: 2, // also beside the static checks: many tests wait for timeouts and polls rather than for a core
      testTimeout: 30_000, // the machines that test are slow and shared
      collectCoverage: false,
      watchPathIgnorePatterns: ['<rootDir>/(assets|cdktf.out|lib)/'],
    },
  });
}

import { javascript, type typescript } from 'projen';
import { QUIET_SDK } from './commands';
import { FORMAT_CHECK } from './format';
import { laneProjects } from './lanes';
import { LINT } from './lint';
import { JEST_VERSION } from './packages';
import { TYPE_CHECKS } from './typescript';

/** ESM-only packages that code under test imports: jest runs CommonJS, so swc compiles these as well. */
const COMPILED_PACKAGES = ['dinero.js', 'marked', 'p-limit', 'yocto-queue'];

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

export function addTests(project: typescript.TypeScriptProject): void {
  addJest(project);
  project.addTask('unit', {
    description: "Run the unit, property and black-box tests; arguments are jest's",
    execArgs: ['jest'],
    receiveArgs: true,
    env: TEST_ENVIRONMENT,
  });
  const quick = project.addTask('test:quick', {
    description: 'Run the pure tests, and the others of what is changed and not committed: for while you work',
    env: TEST_ENVIRONMENT,
  });
  quick.execArgs(['jest', '--selectProjects', 'pure']);
  quick.execArgs([
    'jest',
    '--selectProjects',
    'synthesized',
    'process',
    'simulation',
    '--onlyChanged',
    '--passWithNoTests',
  ]);
  project.testTask.reset();
  for (const [name, value] of Object.entries(TEST_ENVIRONMENT)) project.testTask.env(name, value);
  const checks = [inTurn(FORMAT_CHECK, LINT, ...TYPE_CHECKS), 'jest'];
  project.testTask.execArgs([
    'concurrently',
    '--names',
    'static,unit',
    '--kill-others-on-fail',
    '--no-color',
    ...checks,
  ]);
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
      projects: laneProjects({ testMatch: ['<rootDir>/test/**/*.test.ts'], ...COMPILED_BY_SWC }),
      testTimeout: 30_000, // the machines that test are slow and shared
      maxWorkers: 3, // on two cores: many tests wait for timeouts and polls rather than for a core
      collectCoverage: false,
      watchPathIgnorePatterns: ['<rootDir>/(assets|cdktf.out|lib)/'],
    },
  });
}

import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { build, type BuildOptions } from 'esbuild';
import { devDependencies } from '../../package.json';
import { customizedFiles } from '../kit/own-stack';
import { runSenders, SENDER, SENDING_PROGRAM, SENT, withQueue } from './producer';
import { type Runtime, UserProject } from './user-project';

/** A user's test of what sends payments. */
const senderTest = (runner: string) => `import { expect, test } from '${runner}';
${SENDER}
test('sends payments', async () => {
  expect(await sendPayments()).toEqual(${JSON.stringify(SENT)});
});
`;

/** A user's test of a stack. */
const stackTest = (runner: string) => `import { expect, test } from '${runner}';
import { TerraformStack, Testing } from 'cdktf';
import { FraudApi, PaymentPipeline } from 'cdktf-payment-pipeline';

test('has the queue', () => {
  const stack = new TerraformStack(Testing.app(), 'payments');
  new PaymentPipeline(stack, 'payments', { fraudApi: FraudApi.url('https://fraud.example.internal/check'), alertEmail: 'payments@example.com' });
  expect(Testing.synth(stack)).toContain('payment-processing');
});
`;

const transformedBy = (transform: string) => ({
  displayName: transform,
  testEnvironment: 'node',
  testMatch: ['<rootDir>/*.test.ts'],
  transform: { '\\.ts$': transform },
});

/** Both ways in which a user's TypeScript gets into jest. */
const JEST_CONFIG = { projects: ['ts-jest', '@swc/jest'].map(transformedBy) };

const TSCONFIG = {
  compilerOptions: {
    target: 'es2022',
    module: 'commonjs',
    strict: true,
    esModuleInterop: true,
    skipLibCheck: true,
    types: ['node'],
  },
};

const FOR_JEST = [
  'ts-jest@29',
  '@swc/jest@0.2',
  `@swc/core@${devDependencies['@swc/core']}`,
  `typescript@${devDependencies.typescript}`,
];

/** Below a project that has the package, as a member of a workspace. */
export async function installJest(
  user: UserProject,
  version: number,
  ...more: readonly string[]
): Promise<UserProject> {
  const project = new UserProject(join(user.directory, `jest-${version}`));
  await project.npmInstall(`jest@${version}`, ...FOR_JEST, ...more);
  project.write('jest.config.json', JSON.stringify(JEST_CONFIG));
  project.write('tsconfig.json', JSON.stringify(TSCONFIG));
  for (const [name, text] of [
    ['sender', senderTest],
    ['stack', stackTest],
  ] as const)
    project.write(`${name}.test.ts`, text('@jest/globals'));
  return project;
}

export async function runJest(project: UserProject): Promise<void> {
  await withQueue((environment) => project.run(['node_modules/jest/bin/jest.js'], environment));
}

export async function runVitest(project: UserProject): Promise<void> {
  for (const [name, text] of [
    ['sender', senderTest],
    ['stack', stackTest],
  ] as const)
    project.write(`${name}.spec.ts`, text('vitest'));
  await withQueue((environment) => project.run(['node_modules/vitest/vitest.mjs', 'run', '.spec.'], environment));
}

/** The tutorial "Your own stack", when the packages are installed: its stack compiles, and its test passes in jest and in vitest. */
export async function followTutorial({ directory }: UserProject): Promise<void> {
  const tool = (path: string) => join(directory, 'node_modules', path);
  const reader = new UserProject(join(directory, 'tutorial'));
  for (const [file, text] of Object.entries(customizedFiles())) reader.write(file, text);
  await reader.run([tool('typescript/bin/tsc')]);
  await reader.run([tool('jest/bin/jest.js')]);
  reader.write('stack.test.ts', customizedFiles()['stack.test.ts']!.replace('@jest/globals', 'vitest'));
  await reader.run([tool('typescript/bin/tsc')]);
  await reader.run([tool('vitest/vitest.mjs'), 'run']);
}

/** The banner that docs/how-to/send-payments.md recommends for a bundle that is an ES module. */
function bannerOfTheGuide(): string {
  const banner = /--banner:js="(.*)"/.exec(
    readFileSync(join(__dirname, '../../docs/how-to/send-payments.md'), 'utf8'),
  )?.[1];
  assert.ok(banner !== undefined, 'docs/how-to/send-payments.md has no banner');
  return banner;
}

/** Bundles the sender, and runs the bundles on each Node where no package is installed. @returns their sizes */
export async function runBundles(user: UserProject, runtimes: readonly Runtime[], directory: string): Promise<string> {
  user.write('sender.ts', SENDING_PROGRAM);
  const bundles: Readonly<Record<string, BuildOptions>> = {
    'sender.cjs': { format: 'cjs' },
    'sender.mjs': { format: 'esm', banner: { js: bannerOfTheGuide() } },
  };
  const alone = new UserProject(directory);
  for (const [outfile, options] of Object.entries(bundles)) {
    await build({
      absWorkingDir: user.directory,
      entryPoints: ['sender.ts'],
      outfile: join(directory, outfile),
      bundle: true,
      platform: 'node',
      logLevel: 'error',
      ...options,
    });
  }
  await withQueue(async (environment) => {
    for (const runtime of runtimes) await runSenders(alone.on(runtime), environment, Object.keys(bundles));
  });
  return Object.keys(bundles)
    .map((bundle) => `${bundle} ${(statSync(join(directory, bundle)).size / 1024).toFixed(0)} KiB`)
    .join(', ');
}

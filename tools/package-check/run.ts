import { join } from 'node:path';
import type { Steps } from '../kit/steps';
import type { StackJson } from '../kit/stacks/references';
import {
  compileApp,
  copyApp,
  installConstruct,
  linkedProject,
  missingBundle,
  packagesToInstall,
  runApp,
} from './construct';
import { checkContents } from '../package/contents';
import { build, pack, type Packed, succeed } from '../package/package-file';
import { thisProject } from '../kit/project';
import { mixEcosystems, PROVIDER_6, synthesizeOwnStack, TERRAIN, useEcosystem } from './ecosystems';
import { assertLoadsNoPeers, assertNoPeers, assertOneSdk, installProducer, runSenders, withQueue } from './producer';
import { missingPeers, oldNode, runCommand } from './refusals';
import { installRuntimes, loadEntries } from './runtimes';
import { ownStack } from './stacks';
import { followTutorial, installJest, runBundles, runJest, runVitest } from './toolchains';
import { compileTwoPipelines, runTwoPipelines } from './two-pipelines';
import { type Runtime, UserProject } from './user-project';

const WAYS = ['cjs', 'mjs'] as const;

export interface Run {
  readonly steps: Steps;
  /** Outside the project, and gone afterwards. */
  readonly directory: string;
  readonly stderr: NodeJS.WritableStream;
}

/** Packs the package, checks its contents, and uses it as its users do. @throws StepError */
export async function runAll(run: Run): Promise<void> {
  const { steps, directory, stderr } = run;
  const packed = await steps.take('bundle, compile, pack', undefined, async () => {
    await build(stderr);
    return pack(thisProject.root, directory);
  });
  await steps.take('the package holds what it needs, and nothing else', undefined, async (say) => {
    say(checkContents(packed));
    return Promise.resolve();
  });
  await steps.take('publint and are-the-types-wrong find nothing', undefined, () => lint(packed));
  const own = await ownStack(join(directory, 'own'));
  const runtimes = await steps.take(
    'the lowest Node and those of Lambda, which load no ES module by require',
    undefined,
    async (say) => {
      const installed = await installRuntimes(join(directory, 'runtimes'));
      for (const { name } of installed) say(name);
      return installed;
    },
  );
  await onlySend(run, packed, runtimes);
  const project = await deploy(run, packed, own);
  await onEachNode(run, project, runtimes);
  await withTools(run, project, runtimes);
  await elsewhere(run, packed, own, project);
  await inEcosystems(run, packed, own, project, runtimes);
}

/** Other projects' programs that check a tarball. */
async function lint({ tarball }: Packed): Promise<void> {
  const { root } = thisProject;
  await succeed(join(root, 'node_modules/.bin/publint'), ['run', tarball, '--strict'], root);
  await succeed(join(root, 'node_modules/.bin/attw'), [tarball, '--no-color', '--no-emoji'], root);
}

/** A user who only sends payments. */
async function onlySend({ steps, directory }: Run, packed: Packed, runtimes: readonly Runtime[]): Promise<void> {
  const project = await steps.take(
    'a project that sends payments installs it beside the newest SDK, without the peers, and compiles',
    undefined,
    async (say) => {
      const installed = await installProducer(join(directory, 'sends'), packed);
      say(assertNoPeers(installed));
      say(assertOneSdk(installed));
      return installed;
    },
  );
  const users = [project, ...runtimes.map((runtime) => project.on(runtime))];
  await steps.take('its program sends payments on each Node, as CommonJS and as ES module', undefined, () =>
    withQueue(async (environment) => {
      for (const user of users)
        await runSenders(
          user,
          environment,
          WAYS.map((way) => `app.${way}`),
        );
    }),
  );
  await steps.take("the operator's command runs there on each Node", undefined, async () => {
    for (const user of users) await runCommand(user);
  });
  await steps.take('the construct without its peers says what to install', undefined, async (say) => {
    say(await missingPeers(project));
  });
  await steps.take('on an old Node each part says which is needed', undefined, async (say) => {
    say(await oldNode(project));
  });
}

/** A user who deploys pipelines. */
async function deploy({ steps, directory }: Run, packed: Packed, own: StackJson): Promise<UserProject> {
  const project = await steps.take('a project with the construct installs what the README says', undefined, () =>
    installConstruct(join(directory, 'deploys'), packed),
  );
  await steps.take(
    "the README's program compiles with TypeScript's resolutions bundler, node10 and node16",
    undefined,
    () => compileApp(project),
  );
  await steps.take("it makes the project's own stack, as CommonJS and as ES module", undefined, async (say) => {
    for (const way of WAYS) say(`${way}: ${await runApp(project, way, own)}`);
  });
  await steps.take('two pipelines, the second with a network and an alert topic of its own', undefined, async (say) => {
    await compileTwoPipelines(project);
    for (const way of WAYS) say(`${way}: ${await runTwoPipelines(project, way)}`);
  });
  await steps.take('contract and producer load no peer, though all are there', undefined, async (say) => {
    say(await assertLoadsNoPeers(project));
  });
  await steps.take('without its bundles the construct says so', undefined, async (say) => {
    say(await missingBundle(project));
  });
  return project;
}

/** Runs a project with the construct's packages on each Node.js. */
async function onEachNode({ steps }: Run, project: UserProject, runtimes: readonly Runtime[]): Promise<void> {
  await steps.take('each entry loads on each Node, by require and by import', undefined, async () => {
    for (const runtime of runtimes) await loadEntries(project.on(runtime));
  });
}

/** The programs that a user's code goes through. */
async function withTools({ steps, directory }: Run, project: UserProject, runtimes: readonly Runtime[]): Promise<void> {
  const [jest29, jest30] = await steps.take('jest 29, jest 30 and vitest are installed beside them', undefined, () =>
    Promise.all([installJest(project, 29), installJest(project, 30, 'vitest@4')]),
  );
  await steps.take(
    "a user's tests, of what sends and of a stack, in jest 29 with ts-jest and with swc",
    undefined,
    () => runJest(jest29),
  );
  await steps.take('the same in jest 30', undefined, () => runJest(jest30));
  await steps.take('the same in vitest', undefined, () => runVitest(jest30));
  await steps.take('the stack and the test of the tutorial, in jest 30 and in vitest', undefined, () =>
    followTutorial(jest30),
  );
  await steps.take(
    "esbuild's bundles of what sends, CommonJS and ES module, run alone on each Node",
    undefined,
    async (say) => {
      say(await runBundles(project, runtimes, join(directory, 'bundles')));
    },
  );
}

/** Checks other layouts of packages than npm's. */
async function elsewhere({ steps, directory }: Run, packed: Packed, own: StackJson, npm: UserProject): Promise<void> {
  const pnpm = await steps.take("the same program among pnpm's links", undefined, async (say) => {
    const project = new UserProject(join(directory, 'pnpm'));
    await project.pnpmAdd(...packagesToInstall(packed));
    copyApp(npm, project);
    for (const way of WAYS) say(`${way}: ${await runApp(project, way, own)}`);
    return project;
  });
  await steps.take('the same program, with the package linked to a clone', undefined, async (say) => {
    const project = linkedProject(join(directory, 'linked'), packed, npm, pnpm);
    copyApp(npm, project);
    for (const way of WAYS) say(`${way}: ${await runApp(project, way, own)}`);
  });
}

/** Uses the package with other CDKs and providers. */
async function inEcosystems(
  { steps, directory }: Run,
  packed: Packed,
  own: StackJson,
  npm: UserProject,
  runtimes: readonly Runtime[],
): Promise<void> {
  const node22 = runtimes.find(({ name }) => name.startsWith('Node v22'))!; // the oldest that CDK Terrain's packages take
  const provider6 = new UserProject(join(directory, 'provider-6'));
  const terrain = new UserProject(join(directory, 'terrain'), node22);
  for (const [ecosystem, project] of [
    [PROVIDER_6, provider6],
    [TERRAIN, terrain],
  ] as const)
    await steps.take(`the same program with ${ecosystem.name}`, undefined, async (say) => {
      say(await useEcosystem(ecosystem, project, packed, npm, own));
    });
  await steps.take("this project's stack in CDK Terrain, with its state in S3", undefined, () =>
    synthesizeOwnStack(terrain),
  );
  await steps.take('packages of both are refused in one sentence', undefined, async (say) => {
    for (const sentence of await mixEcosystems(terrain, npm)) say(sentence);
  });
}

import { join } from 'node:path';
import type { Steps } from '../e2e/support/steps';
import type { StackJson } from '../support/references';
import { compileApp, copyApp, installConstruct, linkedProject, missingBundle, packagesToInstall, runApp } from './construct';
import { checkContents } from './contents';
import { lint, pack, type Packed } from './packed';
import { assertLoadsNoPeers, assertNoPeers, installProducer, runProducer } from './producer';
import { missingPeers, oldNode, runCommand } from './refusals';
import { ownStack } from './stacks';
import { compileTwoPipelines, runTwoPipelines } from './two-pipelines';
import { UserProject } from './support/user-project';

const WAYS = ['cjs', 'mjs'] as const;

export interface Run {
  readonly steps: Steps;
  /** Outside the project, and gone afterwards. */
  readonly directory: string;
  readonly stderr: NodeJS.WritableStream;
}

/** Packs the package, looks into it, and uses it as its users do. @throws StepError */
export async function runAll(run: Run): Promise<void> {
  const { steps, directory, stderr } = run;
  const packed = await steps.take('bundle, compile, pack', undefined, () => pack(directory, stderr));
  await steps.take('the package holds what it needs, and nothing else', undefined, async (say) => { say(checkContents(packed)); return Promise.resolve(); });
  await steps.take('publint and are-the-types-wrong find nothing', undefined, () => lint(packed));
  const own = await ownStack(join(directory, 'own'));
  await onlySend(run, packed);
  const project = await deploy(run, packed, own);
  await elsewhere(run, packed, own, project);
}

/** A user who only sends payments. */
async function onlySend({ steps, directory }: Run, packed: Packed): Promise<void> {
  const project = await steps.take('a project that sends payments installs it, without the peers, and compiles', undefined, async (say) => {
    const installed = await installProducer(join(directory, 'sends'), packed);
    say(assertNoPeers(installed));
    return installed;
  });
  await steps.take('its program sends payments, as CommonJS and as ES module', undefined, () => runProducer(project, ...WAYS.map((way) => `app.${way}`)));
  await steps.take("the operator's command runs there", undefined, () => runCommand(project));
  await steps.take('the construct without its peers says what to install', undefined, async (say) => { say(await missingPeers(project)); });
  await steps.take('on an old Node each part says which is needed', undefined, async (say) => { say(await oldNode(project)); });
}

/** A user who deploys pipelines. */
async function deploy({ steps, directory }: Run, packed: Packed, own: StackJson): Promise<UserProject> {
  const project = await steps.take('a project with the construct installs what the README says', undefined, () => installConstruct(join(directory, 'deploys'), packed));
  await steps.take("the README's program compiles with TypeScript's resolutions bundler, node10 and node16", undefined, () => compileApp(project));
  await steps.take("it makes the project's own stack, as CommonJS and as ES module", undefined, async (say) => {
    for (const way of WAYS) say(`${way}: ${await runApp(project, way, own)}`);
  });
  await steps.take('two pipelines, the second with a network and an alert topic of its own', undefined, async (say) => {
    await compileTwoPipelines(project);
    for (const way of WAYS) say(`${way}: ${await runTwoPipelines(project, way)}`);
  });
  await steps.take('contract and producer load no peer, though all are there', undefined, async (say) => { say(await assertLoadsNoPeers(project)); });
  await steps.take('without its bundles the construct says so', undefined, async (say) => { say(await missingBundle(project)); });
  return project;
}

/** Where packages lie otherwise than npm lays them. */
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

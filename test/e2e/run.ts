import assert from 'node:assert/strict';
import { join } from 'node:path';
import { ASSERTIONS } from './assertions/all';
import type { Deployed } from './assertions/assertion';
import { conclude, judge } from './assertions/run';
import { preparePython } from './emulator/environment';
import { Emulator } from './emulator/emulator';
import { type Fault, injectFaults } from './faults/faults';
import { analyse, payAll, redrive } from './payments/pay';
import { beyondTheRoles, withoutOneGrant } from './payments/refusals';
import { openTheatre } from './payments/theatre';
import { leftovers } from './stack/leftovers';
import { redirect, resourceTypes, synthesize } from './stack/synthesis';
import { BorrowedStack } from './stack/terraform-run';
import { clientsFor, REGION } from './support/clients';
import type { Processes } from './support/processes';
import type { Steps } from './support/steps';

/** The emulator's one account. */
const ACCOUNT = '123456789012';

export interface Run {
  readonly steps: Steps;
  readonly processes: Processes;
  /** Kept from run to run: the emulator's environment and the logs. */
  readonly kept: string;
  /** Gone after the run. */
  readonly temporary: string;
  readonly stderr: NodeJS.WritableStream;
}

/** The whole test, from nothing to nothing. @throws StepError at the first step that does not hold */
export async function runAll(run: Run): Promise<void> {
  const emulator = await startEmulator(run);
  const synthesized = await synthesizeFor(run, emulator);
  const stack = await applied(run, synthesized);
  const deployed = { aws: clientsFor(emulator.endpoint), account: ACCOUNT, region: REGION, outputs: await stack.outputs() };
  await compare(run, deployed, synthesized);
  await run.steps.take('a second plan has nothing to change', logOf(run, 'terraform'), () => stack.planIsEmpty());
  await pay(run, emulator, stack, deployed);
  await destroy(run, stack, deployed);
  stack.giveBack();
}

/** Only as far as the comparison, of a stack with faults. @throws StepError unless exactly these faults are named */
export async function runBroken(run: Run, faults: readonly Fault[]): Promise<void> {
  const emulator = await startEmulator(run);
  const synthesized = await synthesizeFor(run, emulator);
  injectFaults(synthesized, faults);
  const stack = await applied(run, synthesized);
  const deployed = { aws: clientsFor(emulator.endpoint), account: ACCOUNT, region: REGION, outputs: await stack.outputs() };
  await run.steps.take('the assertions name the faults', logOf(run, 'terraform'), async (say) => {
    const { held, broken } = await judge(ASSERTIONS, deployed);
    for (const one of broken) say(`✘ ${one.replaceAll('\n', '\n    ')}`);
    say(`${held.length} other assertions hold`);
    const titles = broken.map((one) => one.split('\n', 1)[0]);
    assert.deepEqual(titles.sort(), faults.map(({ namedBy }) => namedBy).sort());
  });
  stack.giveBack();
}

function logOf({ kept }: Run, name: string): string {
  return join(kept, 'logs', `${name}.log`);
}

async function startEmulator(run: Run): Promise<Emulator> {
  const { steps, processes, kept, temporary } = run;
  const log = logOf(run, 'emulator');
  return steps.take('start the emulator', log, async (say) => {
    const python = await preparePython({ directory: join(kept, 'venv'), log, processes, say });
    const emulator = await Emulator.start({ python, directory: temporary, log, processes });
    say(`moto answers at ${emulator.endpoint}`);
    return emulator;
  });
}

async function synthesizeFor(run: Run, { endpoint }: Emulator): Promise<string> {
  const log = logOf(run, 'synthesis');
  return run.steps.take('synthesize the stack', log, async (say) => {
    const stack = await synthesize(join(run.temporary, 'synthesized'), run.processes, log);
    redirect(stack, endpoint);
    say(`${resourceTypes(stack).length} resource types; an override file sends the provider's calls to the emulator`);
    return stack;
  });
}

async function applied(run: Run, synthesized: string): Promise<BorrowedStack> {
  const log = logOf(run, 'terraform');
  const { steps, processes, stderr } = run;
  const stack = await steps.take('terraform init', log, () => BorrowedStack.borrow(synthesized, { processes, log }, stderr));
  await steps.take('terraform apply', log, async (say) => { say(await stack.apply()); });
  return stack;
}

async function compare(run: Run, deployed: Deployed, synthesized: string): Promise<void> {
  await run.steps.take('what stands there is what was asked for', logOf(run, 'terraform'), async (say) => {
    conclude(await judge(ASSERTIONS, deployed), resourceTypes(synthesized), say);
  });
}

async function pay(run: Run, emulator: Emulator, stack: BorrowedStack, deployed: Deployed): Promise<void> {
  const log = logOf(run, 'functions');
  const { steps, temporary } = run;
  const theatre = await steps.take('take the deployed functions and their roles in hand', log, async (say) => {
    const opened = await openTheatre({ emulator, stack, deployed, directory: temporary, log });
    say('IAM is enforced. Not tried, as the emulator cannot: who may take a role on, conditions, policies of keys and queues');
    return opened;
  });
  try {
    await steps.take('pay through what was deployed', log, async (say) => {
      await payAll(theatre.scene, say);
      await analyse(theatre.scene, theatre.dlqProcessor, say);
      await redrive(theatre.scene, theatre.dlqProcessor, say);
    });
    await steps.take('what a role may not do is refused', log, async (say) => {
      await beyondTheRoles(theatre.scene, say);
      await withoutOneGrant(theatre.scene, say);
    });
  } finally {
    await theatre.close();
  }
}

async function destroy(run: Run, stack: BorrowedStack, { aws }: Deployed): Promise<void> {
  await run.steps.take('terraform destroy leaves nothing', logOf(run, 'terraform'), async (say) => {
    say(await stack.destroy(say));
    const { left, pendingKeys, lists } = await leftovers(aws);
    if (left.length > 0) throw new Error(`Left behind:\n  ${left.join('\n  ')}`);
    say(`${lists} lists are empty, but for ${pendingKeys.length} keys that await their deletion: ${pendingKeys.join('; ')}`);
  });
}

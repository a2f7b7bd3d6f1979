import assert from 'node:assert/strict';
import { join } from 'node:path';
import { reportKeyChanges } from './alerts/key-changes';
import { AskedStack, type StackJson } from './assertions/asked-stack';
import type { Deployed } from './assertions/assertion';
import { assertionsOf } from './assertions/assertions';
import { conclude, judge } from './assertions/judgement';
import { preparePython, pythonOf } from './emulator/environment';
import { Emulator } from './emulator/emulator';
import { type Fault, FAULTS, injectFaults } from './faults/faults';
import { auditDeployment } from './ops/audit';
import { operate } from './ops/operate';
import { assertPublished } from './payments/evidence';
import { assertLeastPrivilege } from './payments/least-privilege';
import { analyse, payAll, redrive } from './payments/pay';
import { beyondTheRoles, withoutOneGrant } from './payments/refusals';
import { startDeployedFunctions } from './payments/deployed-fixtures';
import { rehearseRunbooks } from './runbooks/rehearse';
import { leftovers } from './stack/leftovers';
import { assertProtected } from './stack/protection';
import { planDifferences } from './stack/plan-differences';
import { type Forms, readAsHcl } from './stack/read-as-hcl';
import { bundle, redirect, resourceTypes, synthesize, synthesizeHcl } from './stack/synthesis';
import { BorrowedStack, GIVEN } from './stack/terraform-run';
import { clientsFor, REGION } from './support/clients';
import { readStack } from '../terraform/stack-file';
import type { Processes } from '../kit/processes';
import type { Steps } from '../kit/steps';

/** The emulator's one account. */
const ACCOUNT = '123456789012';

export interface Run {
  readonly steps: Steps;
  readonly processes: Processes;
  /** Directory of the emulator's Python environment, which the next run uses again. */
  readonly venv: string;
  /** Directory of the logs, which the next run of the same command replaces. */
  readonly logs: string;
  /** Gone after the run. */
  readonly temporary: string;
  readonly stderr: NodeJS.WritableStream;
}

/** The whole test, from nothing to nothing. @throws StepError at the first step that does not hold */
export async function runAll(run: Run): Promise<void> {
  const emulator = await startEmulator(run);
  const synthesized = await synthesizeFor(run, emulator);
  const stack = await initialised(run, synthesized.json);
  await apply(run, stack, await planned(run, stack, synthesized));
  const deployed = await deployedFrom(stack, emulator);
  const asked = await askedOf(stack, readStack(synthesized.json));
  await compare(run, deployed, asked, synthesized.json);
  await run.steps.take("a change of a key is reported without the keys' topic", logOf(run, 'emulator'), (say) =>
    reportKeyChanges(deployed, say),
  );
  // What a plan on nothing did not know yet, the one on what was applied knows: of the HCL, too.
  await run.steps.take(
    'a second plan has nothing to change, neither as JSON nor as HCL',
    logOf(run, 'terraform'),
    async () => {
      await stack.planIsEmpty();
      await readAsHcl(stack.directory, synthesized, () => stack.planIsEmpty('-refresh=false'));
    },
  );
  await pay(run, emulator, stack, deployed);
  await rehearse(run, emulator, stack, deployed);
  await nameFaults(run, stack, deployed, asked, Object.values(FAULTS));
  await destroy(run, stack, deployed);
  stack.giveBack();
}

/** Only as far as the comparison, of a stack with faults. @throws StepError unless exactly these faults are named */
export async function runBroken(run: Run, faults: readonly Fault[]): Promise<void> {
  const emulator = await startEmulator(run);
  const { json: synthesized } = await synthesizeFor(run, emulator);
  const stack = await initialised(run, synthesized);
  await apply(run, stack);
  const deployed = await deployedFrom(stack, emulator);
  await nameFaults(run, stack, deployed, await askedOf(stack, readStack(synthesized)), faults);
  stack.giveBack();
}

/** Applies faults over what is deployed: shows that the comparison would have seen them. */
async function nameFaults(
  run: Run,
  stack: BorrowedStack,
  deployed: Deployed,
  asked: AskedStack,
  faults: readonly Fault[],
): Promise<void> {
  await run.steps.take('the assertions name the faults', logOf(run, 'terraform'), async (say) => {
    injectFaults(stack.directory, faults);
    await stack.apply();
    const { held, broken } = await judge(assertionsOf(asked), deployed);
    for (const one of broken) say(`✘ ${one.replaceAll('\n', '\n    ')}`);
    say(`${held.length} other assertions hold`);
    const titles = broken.map((one) => one.split('\n', 1)[0]);
    assert.deepEqual(titles.sort(), faults.flatMap(({ namedBy }) => namedBy).sort());
  });
}

function logOf({ logs }: Run, name: string): string {
  return join(logs, `${name}.log`);
}

async function startEmulator(run: Run): Promise<Emulator> {
  const { steps, processes, venv, temporary } = run;
  const log = logOf(run, 'emulator');
  return steps.take('start the emulator', log, async (say) => {
    const python = await preparePython({ directory: venv, log, processes, say });
    const emulator = await Emulator.start({ python, directory: temporary, log, processes });
    steps.failOn(emulator.gone);
    say(`moto answers at ${emulator.endpoint}`);
    return emulator;
  });
}

async function synthesizeFor(run: Run, { endpoint }: Emulator): Promise<Forms> {
  const log = logOf(run, 'synthesis');
  return run.steps.take('bundle the functions, synthesize the stack', log, async (say) => {
    await bundle(run.processes, log);
    const json = await synthesize(join(run.temporary, 'synthesized'), run.processes, log);
    const hcl = await synthesizeHcl(join(run.temporary, 'synthesized-hcl'), run.processes, log);
    redirect(json, endpoint);
    say(`${resourceTypes(json).length} resource types; an override file sends the provider's calls to the emulator`);
    return { json, hcl };
  });
}

async function initialised(run: Run, synthesized: string): Promise<BorrowedStack> {
  const log = logOf(run, 'terraform');
  const { steps, processes, stderr } = run;
  return steps.take('terraform init', log, () => BorrowedStack.borrow(synthesized, { processes, log }, stderr));
}

/** @returns the file of the JSON's plan */
async function planned(run: Run, stack: BorrowedStack, synthesized: Forms): Promise<string> {
  const log = logOf(run, 'terraform');
  return run.steps.take('terraform plan says the same of the stack as JSON and as HCL', log, async (say) => {
    const plans = {
      JSON: await stack.plan('json.tfplan'),
      HCL: await readAsHcl(stack.directory, synthesized, () => stack.plan('hcl.tfplan')),
    };
    const differences = planDifferences(plans);
    if (differences.length > 0) throw new Error(`The two plans differ:\n  ${differences.join('\n  ')}`);
    say(
      `${plans.JSON.size} things said alike: each change of a resource and an output, what data sources read, each argument's expression`,
    );
    return 'json.tfplan';
  });
}

async function apply(run: Run, stack: BorrowedStack, plan?: string): Promise<void> {
  await run.steps.take('terraform apply', logOf(run, 'terraform'), async (say) => {
    say(await stack.apply(plan));
  });
}

async function deployedFrom(stack: BorrowedStack, { endpoint }: Emulator): Promise<Deployed> {
  return { aws: clientsFor(endpoint), account: ACCOUNT, region: REGION, outputs: await stack.outputs() };
}

/** @param json the stack as it was synthesized: what was applied may have faults */
async function askedOf(stack: BorrowedStack, json: unknown): Promise<AskedStack> {
  return new AskedStack(json as StackJson, await stack.values(), GIVEN);
}

async function compare(run: Run, deployed: Deployed, asked: AskedStack, synthesized: string): Promise<void> {
  await run.steps.take('what stands there is what was asked for', logOf(run, 'terraform'), async (say) => {
    conclude(await judge(assertionsOf(asked), deployed), resourceTypes(synthesized), say);
  });
}

async function pay(run: Run, emulator: Emulator, stack: BorrowedStack, deployed: Deployed): Promise<void> {
  const log = logOf(run, 'functions');
  const { steps, processes, temporary } = run;
  const functions = await steps.take('take the deployed functions and their roles in hand', log, async (say) => {
    const opened = await startDeployedFunctions({ emulator, stack, deployed, directory: temporary, processes, log });
    say(
      'IAM is enforced. Not checked, as the emulator cannot: who may take a role on, conditions, policies of keys and queues',
    );
    return opened;
  });
  try {
    await steps.take('pay through what was deployed', log, async (say) => {
      await payAll(functions.context, say);
      await analyse(functions.context, functions.dlqProcessor, say);
      await redrive(functions.context, functions.dlqProcessor, say);
    });
    await steps.take("operate it with the operator's tool", logOf(run, 'ops'), async (say) => {
      await operate(
        {
          functions,
          endpoint: emulator.endpoint,
          outputs: await stack.outputText(),
          directory: temporary,
          processes,
          log: logOf(run, 'ops'),
        },
        say,
      );
    });
    await steps.take('what a role may not do is refused', log, async (say) => {
      await beyondTheRoles(functions.context, say);
      await withoutOneGrant(functions.context, say);
    });
    await steps.take('records agree with log and outcomes, and edits show', logOf(run, 'ops'), async (say) => {
      await auditDeployment({ functions, endpoint: emulator.endpoint, processes, log: logOf(run, 'ops') }, say);
      await assertPublished(functions.context.deployed, say);
    });
    await steps.take('what a role may do is used, or has its reason', log, async (say) => {
      const evidence = { calls: await emulator.allowedCalls(), addresses: await stack.addresses() };
      await assertLeastPrivilege(functions.context.deployed, evidence, say);
    });
  } catch (failure) {
    await functions.close().catch(() => undefined); // that a step failed is the news
    throw failure;
  }
  await functions.close();
}

async function rehearse(run: Run, emulator: Emulator, stack: BorrowedStack, deployed: Deployed): Promise<void> {
  const log = logOf(run, 'runbooks');
  await run.steps.take('the runbooks do what they say', log, async (say) => {
    const python = pythonOf(run.venv);
    await rehearseRunbooks({ ...run, deployed, emulator, stack, python, directory: run.temporary, log }, say);
  });
}

async function destroy(run: Run, stack: BorrowedStack, { aws }: Deployed): Promise<void> {
  await run.steps.take('Terraform refuses to destroy production', logOf(run, 'terraform'), async (say) => {
    const { temporary, processes } = run;
    const production = await synthesize(
      join(temporary, 'production'),
      processes,
      logOf(run, 'synthesis'),
      'production',
    );
    await assertProtected(stack, production, say);
  });
  await run.steps.take('terraform destroy of dev leaves nothing', logOf(run, 'terraform'), async (say) => {
    say(await stack.destroy(say));
    const { left, pendingKeys, lists } = await leftovers(aws);
    if (left.length > 0) throw new Error(`Left behind:\n  ${left.join('\n  ')}`);
    say(
      `${lists} lists are empty, but for ${pendingKeys.length} keys that await their deletion: ${pendingKeys.join('; ')}`,
    );
  });
}

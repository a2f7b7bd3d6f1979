import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DLQ_PROCESSOR } from '../support/names';
import { Invocations } from '../emulator/invocations';
import type { DeployedFunctions } from '../payments/deployed-fixtures';
import type { Processes } from '../../kit/processes';
import type { Say } from '../../kit/steps';
import { look, refusals, work } from './commands';
import { decideReviews } from './reviews';
import { environmentFor } from './tool';
import { verifyDeployment } from './verify';

interface Props {
  readonly functions: DeployedFunctions;
  readonly endpoint: string;
  /** The outputs in the form of `terraform output -json`. */
  readonly outputs: string;
  readonly directory: string;
  readonly processes: Processes;
  readonly log: string;
}

/** Every command of the operator's tool, as a process with an administrator's credentials. */
export async function operate(
  { functions, endpoint, outputs, directory, processes, log }: Props,
  say: Say,
): Promise<void> {
  const file = join(directory, 'outputs.json');
  await writeFile(file, outputs);
  const invocations = await Invocations.start(endpoint, DLQ_PROCESSOR, functions.dlqProcessor);
  say(
    "The emulator runs functions in Docker only: what was deployed is run beside it, with its own role. Not checked: a person's right to invoke",
  );
  say("Not checked, as the emulator makes no metrics: rates, and the queues' ages");
  const { admin, client } = functions.credentials;
  const tool = { processes, log, environment: environmentFor(admin, endpoint, invocations.endpoint) };
  try {
    await look(tool, ['--outputs', file], say);
    await decideReviews(tool, ['--outputs', file], functions.context, say);
    await work(tool, ['--outputs', file], directory, functions.context, say);
    const asClient = environmentFor(client, endpoint, invocations.endpoint);
    await refusals(tool, asClient, say);
    await verifyDeployment(tool, file, functions.context, asClient, say);
  } finally {
    invocations.close();
  }
}

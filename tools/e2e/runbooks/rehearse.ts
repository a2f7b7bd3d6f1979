import { join } from 'node:path';
import type { Deployed } from '../assertions/assertion';
import { DLQ_PROCESSOR } from '../support/names';
import { roleArn } from '../support/lookups';
import type { Emulator } from '../emulator/emulator';
import { Invocations } from '../emulator/invocations';
import { startDeployed } from '../payments/deployed-function';
import { assume } from '../payments/identities';
import type { BorrowedStack } from '../stack/terraform-run';
import type { Processes } from '../../kit/processes';
import type { Say } from '../../kit/steps';
import { type Rehearsal, rehearsedBlocks } from './rehearsals';
import { type Ran, Shell } from './shell';

interface Props {
  readonly deployed: Deployed;
  readonly emulator: Emulator;
  readonly stack: Pick<BorrowedStack, 'zipOf'>;
  /** Python with the AWS CLI installed. */
  readonly python: string;
  readonly processes: Processes;
  readonly directory: string;
  readonly log: string;
}

/** Runs the runbooks' commands of the AWS CLI on what was deployed, as they stand there, in the order of the pages. */
export async function rehearseRunbooks(props: Props, say: Say): Promise<void> {
  const rehearsed = rehearsedBlocks();
  const {
    emulator: { endpoint },
    processes,
    python,
    log,
  } = props;
  const directory = join(props.directory, 'runbooks');
  const dlqProcessor = await startDlqProcessor(props, join(directory, DLQ_PROCESSOR));
  const invocations = await Invocations.start(endpoint, DLQ_PROCESSOR, dlqProcessor);
  try {
    const shell = await Shell.open({ python, endpoint, lambda: invocations.endpoint, directory, processes, log });
    for (const [block, rehearsal] of rehearsed) await rehearse(block, rehearsal, shell);
  } finally {
    invocations.close();
    await dlqProcessor.close();
  }
  const refused = rehearsed.filter(([, { refused: known }]) => known !== undefined).map(([block]) => block);
  say(
    `${rehearsed.length} blocks of commands do what the pages say, by version 1 of the AWS CLI; the emulator does not know:`,
  );
  for (const block of refused) say(`  ${block}`);
}

async function rehearse(block: string, { before, shows, refused, leaves }: Rehearsal, shell: Shell): Promise<void> {
  if (before !== undefined) succeeded(before, await shell.run(before));
  const ran = await shell.run(block);
  if (refused !== undefined) {
    if (ran.code === 0 || !refused.test(ran.stderr))
      throw new Error(`The emulator was to refuse this; is there an answer now?\n${block}\n${ran.stderr}`);
    return;
  }
  succeeded(block, ran);
  if (shows !== undefined) matches(shows, ran.stdout, block);
  if (leaves === undefined) return;
  const [command, seen] = leaves;
  matches(seen, succeeded(command, await shell.run(command)).stdout, `${block}\n${command}`);
}

function succeeded(script: string, ran: Ran): Ran {
  if (ran.code !== 0) throw new Error(`This failed with ${ran.code}:\n${script}\n${ran.stderr}`);
  return ran;
}

function matches(pattern: RegExp, text: string, script: string): void {
  if (!pattern.test(text)) throw new Error(`${String(pattern)} is not in what this shows:\n${script}\n${text}`);
}

async function startDlqProcessor({ deployed, emulator: { endpoint }, stack }: Props, directory: string) {
  const credentials = await assume(deployed.aws, await roleArn(deployed, 'dlq-processor'));
  const zip = await stack.zipOf(DLQ_PROCESSOR);
  return startDeployed({
    deployed,
    endpoint,
    onLine: () => undefined,
    name: DLQ_PROCESSOR,
    zip,
    directory,
    credentials,
  });
}

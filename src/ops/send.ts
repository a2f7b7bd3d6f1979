import { EXIT, UsageError } from '../cli/command-error';
import { type InterruptibleTerminal, unlessInterrupted } from '../cli/terminal';
import { readPaymentFile } from '../cli/payment-file';
import { withProgress } from '../cli/progress';
import { joined, shown } from '../cli/escaped-text';
import { MESSAGE_GROUP_WINDOW, type PaymentMessage } from '../contract';
import { Manifest, type SendResult } from '../producer';
import { accountsAbove } from './deep-accounts';
import type { Services } from './services';
import type { Answer, FormatOptions } from './format';
import { table } from './table';

export interface SendCommandOptions {
  /** Number of one account's payments in the file above which the command warns. */
  readonly warnAbove: number;
  /** File that gets the manifest of the run. */
  readonly manifest?: string;
}

/** A line whose payment was refused, or may not be in the queue. */
interface NotAccepted {
  readonly line: number;
  readonly status: 'refused' | 'unknown';
  readonly code: string;
  readonly reason: string;
}

const DANGER =
  `SQS serves no other account while the first ${MESSAGE_GROUP_WINDOW.toLocaleString('en-US')} messages of the queue are of one. ` +
  'To be safe, press Ctrl-C and send the file in parts, each once the part before it is decided.';

/** Sends a file's payments in the order of each account, and says for each line that was not accepted why. */
export async function send(
  file: string,
  { warnAbove, manifest: manifestFile }: SendCommandOptions,
  services: Services,
  format: FormatOptions,
  { stderr, signal }: InterruptibleTerminal,
): Promise<Answer> {
  for (const { line, payments } of await withProgress(
    `counting the payments of each account in ${file}`,
    stderr,
    unlessInterrupted(signal, accountsAbove(warnAbove, file)),
  )) {
    stderr.write(String(shown`Warning: the account of line ${line} has ${payments} payments in ${file}. ${DANGER}\n`));
  }
  const [actor, producer] = await unlessInterrupted(signal, Promise.all([services.caller(), services.producer()]));
  const manifest = manifestFile === undefined ? undefined : await openManifest(manifestFile, actor, producer.queueUrl);
  const sending = new Sending(file, manifest, (problem) => {
    stderr.write(String(shown`line ${problem.line}: ${problem.status}, ${problem.code}: ${problem.reason}\n`));
  });
  signal.addEventListener('abort', () => {
    stderr.write('Interrupted: calls in progress may finish, for 10 s at most; Ctrl-C again ends at once.\n');
  });
  await withProgress(
    `sending ${file}`,
    stderr,
    sending.take((payments) => producer.stream(payments, { signal, manifest })),
  );
  await manifest?.close();
  return sending.answer(actor, signal.aborted, format);
}

async function openManifest(file: string, actor: string, queueUrl: string): Promise<Manifest> {
  try {
    return await Manifest.open(file, { actor, queueUrl });
  } catch (error) {
    throw new UsageError(
      `${file} cannot be written (${(error as NodeJS.ErrnoException).code}). Nothing was sent: give --manifest a file that can.`,
    );
  }
}

class Sending {
  private readonly lineOf = new WeakMap<PaymentMessage, number>();
  private readonly problems: NotAccepted[] = [];
  private accepted = 0;

  constructor(
    private readonly file: string,
    private readonly manifest: Manifest | undefined,
    private readonly onProblem: (problem: NotAccepted) => void,
  ) {}

  async take(stream: (payments: AsyncIterable<PaymentMessage>) => AsyncIterable<SendResult>): Promise<void> {
    for await (const result of stream(this.read())) {
      if (result.status === 'accepted') this.accepted++;
      else
        this.note({
          line: this.lineOf.get(result.payment) ?? 0,
          status: result.status,
          code: result.code,
          reason: result.reason,
        });
    }
  }

  /** @param actor ARN of the sender */
  answer(actor: string, interrupted: boolean, format: FormatOptions): Answer {
    const { accepted, problems, file } = this;
    const of = (status: NotAccepted['status']) => problems.filter((problem) => problem.status === status).length;
    const json = {
      actor,
      accepted,
      refused: of('refused'),
      unknown: of('unknown'),
      interrupted,
      not_accepted: problems,
    };
    const rows = (['accepted', 'refused', 'unknown'] as const).map((status) => [status, json[status]]);
    const again = 'Send the file again, corrected or as it is: a payment that is known already is not decided twice.';
    const ending = interrupted
      ? `Interrupted: later lines of ${file} were not sent. ${again}`
      : problems.length > 0
        ? again
        : 'All were accepted.';
    const exitCode = interrupted ? EXIT.interrupted : problems.length > 0 ? EXIT.failed : EXIT.success;
    return { json, text: joined([table(['Payments', 'Count'], rows, format), ending, `Sent as ${actor}.`]), exitCode };
  }

  /** Reads the payments. Invalid lines are noted, and do not stop the others. */
  private async *read(): AsyncGenerator<PaymentMessage> {
    for await (const read of readPaymentFile(this.file)) {
      if ('fault' in read) {
        this.manifest?.invalid(read.fault.code);
        this.note({ line: read.line, status: 'refused', code: read.fault.code, reason: read.fault.message });
        continue;
      }
      this.lineOf.set(read.payment, read.line);
      yield read.payment;
    }
  }

  private note(problem: NotAccepted): void {
    this.problems.push(problem);
    this.onProblem(problem);
  }
}

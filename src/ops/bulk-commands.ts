import { wholeNumber, writableFile } from '../cli/options';
import type { Program } from '../cli/program';
import { DEEP_BACKLOG, RESOLUTIONS, STATUS_OF_DECISION } from '../contract';
import { accountNumbers, idOption, readIds } from './ids';
import { addCommand, answer, type CommonOptions } from './options';
import { decide, type ResolveOptions } from './resolve';
import { send, type SendCommandOptions } from './send';
import type { BulkRequest, Services } from './services';
import { type InterruptibleTerminal, unlessInterrupted } from '../cli/terminal';
import { type Consent, refuseIdsInPlaceOfConsent, work } from './bulk-operation';

interface WorkOptions extends CommonOptions, Consent {
  readonly id?: readonly string[];
  readonly idsFrom?: string;
  readonly account?: readonly string[];
  readonly limit?: number;
  readonly reason?: string;
}

const EXIT_CODE_1 =
  'Exit code 1 also says that something asked for is left: a payment or message that stays in the queue for any reason (refused ' +
  'permanently, waiting for another payment, discarded before, conflicting, invalid, incomplete), an id with nothing to do, or work that ' +
  'ended early. With 0 nothing is left, but for what --limit left out. With --dry-run the code says the same of what would be left.';

/** Adds the commands that change payments: they show the numbers, and ask. */
export function addBulkCommands(program: Program): void {
  const redrive = addCommand(
    program,
    'redrive',
    'Send failed payments again, in the order of each account. A payment that was decided meanwhile stays decided. Shows the numbers and asks first. With --id or --account it needs no dead letter: it redrives from the record. Interrupted, the same command continues from there.',
    [
      'redrive --dry-run',
      'redrive --environment production --limit 100',
      'redrive --id=tx-1 --id=tx-2 --reason "the API is fixed" --yes',
      'redrive --account=account-4711 --reason "letters expired"',
      'redrive --ids-from ids.txt --dry-run',
    ],
    EXIT_CODE_1,
  ).option('--reason <text>', "goes into the payments' history");
  const discard = addCommand(
    program,
    'discard',
    'Give payments up. Stores the reason in their history, and deletes their dead letters. With --id or --account it needs no dead letter. Shows the numbers and asks first.',
    [
      'discard --id=tx-1 --reason "cancelled by the client"',
      'discard --account=account-4711 --reason "closed" --dry-run',
    ],
    EXIT_CODE_1,
  ).requiredOption('--reason <text>', "needed; goes into the payments' history");
  for (const [command, action] of [
    [redrive, 'redrive'],
    [discard, 'discard'],
  ] as const) {
    command
      .adviseOnMisuse(
        'Each id has an option of its own, as in --id=tx-1 --id=tx-2; many come from a file, by --ids-from FILE. Try --help.',
      )
      .option(
        '--id <id>',
        'only this transaction id, or the message id of an invalid message; others by more --id',
        idOption(),
      )
      .option('--ids-from <file>', 'only the ids of this file, one a line; - is stdin')
      .option(
        '--account <id>',
        'only this account, by its number as --full shows it, or by its hash as analyze shows it; others by more --account',
        idOption(', as --full shows that of an account'),
      )
      .option('--limit <n>', 'the most payments to change', wholeNumber(1, 100_000))
      .option('--dry-run', 'show what would be done, and do nothing')
      .option('--yes', 'do not ask, as in a script')
      .work((options: WorkOptions, terminal) =>
        answer(options, terminal, async (services, format, one) =>
          work(await requestOf(action, options, services, one), options, services, format, one),
        ),
      );
  }
}

/** Adds the commands that decide payments in review: they show the numbers, and ask. */
export function addResolveCommands(program: Program): void {
  for (const decision of RESOLUTIONS) {
    const done = STATUS_OF_DECISION[decision];
    addCommand(
      program,
      `${decision} [ids...]`,
      `${decision === 'approve' ? 'Approve' : 'Decline'} payments in REVIEW. They are ${done} then, which is final. Stores the reason, and the ARN of your credentials, in their history. Shows the numbers and asks first.`,
      [
        `${decision} tx-1 --reason "called the client"`,
        `${decision} tx-1 tx-2 --reason "called the client" --dry-run`,
        `${decision} --ids-from ids.txt --reason TICKET-1 --yes`,
        `${decision} --reason TICKET-1 -- --id-with-dashes`,
      ],
      `Exit code 1 also says that a payment is left: unknown, not in review, or decided otherwise before. With 0 each is ${done}, now or since before. With --dry-run the code says the same of what would be left.`,
    )
      .adviseOnMisuse(
        `An id that begins with "-" stands behind "--", as in ${decision} --reason TEXT -- --tx-1. Try --help.`,
      )
      .requiredOption('--reason <text>', "needed; goes into the payments' history")
      .option('--ids-from <file>', 'also the ids of this file, one a line; - is stdin')
      .option('--dry-run', 'show what would be done, and do nothing')
      .option('--yes', 'do not ask, as in a script')
      .work((options: CommonOptions & ResolveOptions, terminal, ids: string[]) =>
        answer(options, terminal, (services, format, one) => decide(decision, ids, options, services, format, one)),
      );
  }
}

/** Adds the command that sends payments. It changes no stored payment, so it does not ask. */
export function addSendCommand(program: Program): void {
  addCommand(
    program,
    'send <file>',
    'Send the payments of a file. It has one payment a line, as JSON; they are sent in the order of each account. Says for each line that was not accepted why, and exits with 1 then, and in the end who sent them: the ARN of your credentials. A payment that is sent twice is decided once.',
    [
      'send payments.jsonl',
      'send payments.jsonl --outputs outputs.json --json',
      'send payments.jsonl --manifest manifest.jsonl',
    ],
  )
    .adviseOnMisuse('A file whose name begins with "-" stands behind "--", as in send -- --name. Try --help.')
    .option(
      '--warn-above <payments>',
      'warn before sending when one account has more payments in the file, unless it is a pipe',
      wholeNumber(1, Number.MAX_SAFE_INTEGER),
      DEEP_BACKLOG,
    )
    .option(
      '--manifest <file>',
      'write each payment before it is sent, and its result, into this file, for reconcile; what the file has already stays',
      writableFile,
    )
    .work((options: CommonOptions & SendCommandOptions, terminal, file: string) =>
      answer(options, terminal, (services, format, one) => send(file, options, services, format, one)),
    );
}

async function requestOf(
  action: BulkRequest['action'],
  { id, idsFrom, account, limit, reason, yes, dryRun }: WorkOptions,
  services: Services,
  terminal: InterruptibleTerminal,
): Promise<BulkRequest> {
  refuseIdsInPlaceOfConsent(action, { yes, dryRun }, idsFrom);
  const ids = idsFrom === undefined ? id : [...(id ?? []), ...(await readIds(idsFrom, terminal))];
  return {
    action,
    ...(ids !== undefined && { transactionIds: ids }),
    ...(account !== undefined && {
      accountIds: await unlessInterrupted(terminal.signal, accountNumbers(account, services)),
    }),
    ...(limit !== undefined && { limit }),
    ...(reason !== undefined && { reason }),
    actor: await unlessInterrupted(terminal.signal, services.caller()),
  };
}

import type { Command } from 'commander';
import { wholeNumberOption } from '../cli/whole-number-option';
import { addCommand, type CommonOptions, type Run } from './options';
import { send } from './send';
import type { WorkRequest } from './services';
import { type Consent, work } from './work';

interface WorkOptions extends CommonOptions, Consent {
  readonly id?: readonly string[];
  readonly account?: readonly string[];
  readonly limit?: number;
  readonly reason?: string;
}

/** Those that change payments: they show the numbers, and ask. */
export function addWorkCommands(program: Command, run: Run): void {
  const redrive = addCommand(program, 'redrive', 'Sends failed payments again, in the order of each account; what was decided meanwhile stays decided. Shows the numbers and asks before. Interrupted, the same command goes on from there.', [
    'redrive --dry-run',
    'redrive --environment production --limit 100',
    'redrive --id tx-1 tx-2 --reason "the API is mended" --yes',
  ]).option('--reason <text>', "goes into the payments' history");
  const discard = addCommand(program, 'discard', 'Gives payments up: notes the reason in their history, and deletes their dead letters. Shows the numbers and asks before.', [
    'discard --id tx-1 --reason "cancelled by the client"',
    'discard --account account-4711 --reason "closed" --dry-run',
  ]).requiredOption('--reason <text>', "needed; goes into the payments' history");
  for (const [command, action] of [[redrive, 'redrive'], [discard, 'discard']] as const) {
    command
      .option('--id <ids...>', 'only these: transaction ids; of messages that are no payment, message ids')
      .option('--account <ids...>', 'only of these accounts, by their numbers as --full shows them')
      .option('--limit <n>', 'so many payments at most', wholeNumberOption(1, 100_000))
      .option('--dry-run', 'show what would be done, and do nothing')
      .option('--yes', 'do not ask, as in a script')
      .action((options: WorkOptions) => run(options, (services, look, terminal) => work(requestOf(action, options), options, services, look, terminal)));
  }
}

/** It changes no payment that is there: no question. */
export function addSendCommand(program: Command, run: Run): void {
  addCommand(program, 'send <file>', "Sends a file's payments, one a line as JSON, in their accounts' order; says of each line that was not accepted why, and ends with 1 then. Sent twice, a payment is decided once.", [
    'send payments.jsonl',
    'send payments.jsonl --outputs outputs.json --json',
  ]).action((file: string, options: CommonOptions) => run(options, (services, look, terminal) => send(file, services, look, terminal)));
}

function requestOf(action: WorkRequest['action'], { id, account, limit, reason }: WorkOptions): WorkRequest {
  return {
    action,
    ...(id !== undefined && { transactionIds: id }),
    ...(account !== undefined && { accountIds: account }),
    ...(limit !== undefined && { limit }),
    ...(reason !== undefined && { reason }),
  };
}

import { InvalidArgumentError, Option } from 'commander';
import { UsageError } from '../cli/command-error';
import { wholeNumber } from '../cli/options';
import type { Program } from '../cli/program';
import { withProgress } from '../cli/progress';
import { type Terminal, unlessInterrupted } from '../cli/terminal';
import { CANARY_ACCOUNT, FAILURE_CODES } from '../contract';
import { analyze } from './analyze';
import { audit, type AuditOptions } from './audit';
import { addBulkCommands, addResolveCommands, addSendCommand } from './bulk-commands';
import { type FailedOptions, listFailed } from './failed';
import type { Answer, FormatOptions } from './format';
import type { ListOptions } from './listed-payments';
import { addCommand, addCommonOptions, answer, type CommonOptions, opsProgram } from './options';
import { showPayment } from './payment';
import type { DlqRequest, Services } from './services';
import { reconcile, type ReconcileOptions } from './reconcile';
import { listReviews } from './reviews';
import { showStatus } from './status';
import { verify, type VerifyOptions } from './verify/verify';
import { watch } from './watch';
import type { WatchOptions } from './watch-view';

/** The operator's tool with all its commands. */
export function opsCommand(): Program {
  const program = opsProgram();
  addLookCommands(program);
  addBulkCommands(program);
  addResolveCommands(program);
  addSendCommand(program);
  addEvidenceCommands(program);
  addCommonOptions(program);
  return program;
}

/** Options of the commands that list payments of a status. */
const ACCOUNT = ['--account <id>', 'of this account, by its number, or by its hash as analyze shows it'] as const;
const LIMIT = ['--limit <n>', 'the most payments to list', wholeNumber(1, 100_000), 50] as const;

/** Adds the commands that change nothing. */
function addLookCommands(program: Program): void {
  addCommand(
    program,
    'status',
    'Show the state of the pipeline. That is the depth of the queues, the number of payments in each status (up to 10,000 each), the held accounts and what they wait for, the functions and the alarms.',
    ['status --outputs outputs.json', 'status --environment production --json'],
  ).work((options: CommonOptions, terminal) => ask(options, terminal, showStatus));

  addCommand(
    program,
    'verify',
    'Check a deployment. That is the settings and states of its queues, functions, mapping, table, keys, alarms, network, audit trail, audit bucket and log groups, the permissions of its roles, and whether the emails are confirmed. Changes nothing, unless --canary.',
    ['verify', 'verify --outputs outputs.json --canary', 'verify --environment production --json'],
    'Exit code 1 says that a check failed; 3 that none failed, and that some could not be made because the credentials lack a permission or a service gave no answer. With --local, a check that needs what the local pipeline does not have is not emulated, and changes no exit code.',
  )
    .option(
      '--canary',
      `also send one payment of the account ${CANARY_ACCOUNT}, and follow it to its outcome, for up to two minutes; the fraud API decides it like any other`,
    )
    .work((options: CommonOptions & VerifyOptions, terminal) =>
      answer(options, terminal, (services, format, one) => verify(options, services, format, one)),
    );

  addCommand(
    program,
    'watch',
    'Show the status again and again. Also shows what has changed since the status before, and the latest failures. Ctrl-C ends it. Without a terminal it writes one line for each status; with --json, one of JSON.',
    ['watch', 'watch --interval 30 --outputs outputs.json', 'watch --json | jq --unbuffered .queues'],
  )
    .option('--interval <seconds>', 'from the end of one status to the next', wholeNumber(1, 3_600), 5)
    .work((options: CommonOptions & WatchOptions, terminal) =>
      answer(options, terminal, (services, format, one) => watch(options, services, format, one)),
    );

  addCommand(
    program,
    'payment <id>',
    'Show one payment. That is its record, its history, and what its account waits for when it is held.',
    [
      'payment tx-1',
      'payment tx-1 --outputs outputs.json --full',
      'payment tx-1 --environment production --json',
      'payment -- --id-that-begins-with-dashes',
    ],
  )
    .adviseOnMisuse('An id that begins with "-" stands behind "--", as in payment -- --tx-1. Try --help.')
    .work((options: CommonOptions, terminal, id: string) =>
      ask(options, terminal, (services, format) => showPayment(id, services, format)),
    );

  addCommand(
    program,
    'failed',
    'List the failed payments, the latest first. Also lists those whose dead letters have gone.',
    ['failed', 'failed --cause FRAUD_CHECK_UNAVAILABLE --limit 200', 'failed --account 5f1c9a0b7d3e2f41 --json'],
  )
    .option(...ACCOUNT)
    .addOption(new Option('--cause <code>', 'with this failure code').choices(FAILURE_CODES))
    .option(...LIMIT)
    .work((options: CommonOptions & FailedOptions, terminal) =>
      ask(options, terminal, (services, format) => listFailed(options, services, format)),
    );

  addCommand(
    program,
    'review',
    'List the payments in REVIEW, the longest waiting first. Shows amount, score and reasons, for approve and decline.',
    ['review', 'review --limit 200 --json', 'review --account 5f1c9a0b7d3e2f41 --full'],
  )
    .option(...ACCOUNT)
    .option(...LIMIT)
    .work((options: CommonOptions & ListOptions, terminal) =>
      ask(options, terminal, (services, format) => listReviews(options, services, format)),
    );

  addCommand(
    program,
    'analyze',
    'Analyze what failed, why, since when, and what to do. A pattern that needs a person is mailed, at most once an hour, unless --dry-run.',
    ['analyze', 'analyze --dry-run --json'],
  )
    .option('--limit <n>', 'the most failed payments to count (default: 10000)', wholeNumber(1, 100_000))
    .option('--dry-run', 'publish no alert')
    .work((options: CommonOptions & DlqRequest, terminal) =>
      ask(options, terminal, (services, format) => analyze(options, services, format)),
    );
}

/** Adds the commands that compare what the pipeline keeps with other evidence. */
function addEvidenceCommands(program: Program): void {
  addCommand(
    program,
    'reconcile',
    'Compare a manifest with the payment table. That is what was sent, accepted and decided, with sums by currency, and which payments are missing, different, or not decided yet. Changes nothing.',
    ['reconcile --manifest manifest.jsonl', 'reconcile --manifest manifest.jsonl --outputs outputs.json'],
    'Exit code 1 says that a payment that was accepted, or may have been, has no outcome, or that its record differs.',
  )
    .requiredOption('--manifest <file>', 'needed; as send --manifest or a producer wrote it')
    .option('--skip <n>', 'leave out the first payments, as an interrupted command says', wholeNumber(0, 1e12), 0)
    .work((options: CommonOptions & ReconcileOptions, terminal) =>
      answer(options, terminal, (services, format, one) => reconcile(options, services, format, one)),
    );

  addCommand(
    program,
    'audit',
    "Compare the payment table with the functions' logs for a period. Names fields and entries that were edited, entries and records that are missing, and entries that no function has logged. Changes nothing.",
    ['audit --from 2026-11-01T00:00:00Z --to 2026-12-01T00:00:00Z'],
    'Exit code 1 says that a fault was found; 3 that none was, and that something could not be proved: the log begins later, or a record has no hashes.',
  )
    .requiredOption('--from <time>', 'needed; RFC 3339, as 2026-11-01T00:00:00Z', timeOption)
    .requiredOption('--to <time>', 'needed; the period ends before it', timeOption)
    .work((options: CommonOptions & AuditOptions, terminal) => {
      if (options.from >= options.to) throw new UsageError('--from must be before --to.');
      return answer(options, terminal, (services, format, one) => audit(options, services, format, one));
    });
}

/** @returns ms since the epoch */
function timeOption(text: string): number {
  const time = Date.parse(text);
  if (/^\d{4}-\d{2}-\d{2}T.*(Z|[+-]\d{2}:\d{2})$/.test(text) && !Number.isNaN(time)) return time;
  throw new InvalidArgumentError('It must be a time with its zone, as 2026-11-01T00:00:00Z.');
}

/** Answers a question to AWS. Shows progress when it takes long; Ctrl-C ends it. */
function ask(
  options: CommonOptions,
  terminal: Terminal,
  question: (services: Services, format: FormatOptions) => Promise<Answer>,
): Promise<number> {
  return answer(options, terminal, (services, format, { stderr, signal }) =>
    withProgress('asking AWS', stderr, unlessInterrupted(signal, question(services, format))),
  );
}

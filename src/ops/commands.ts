import { type Command, Option } from 'commander';
import { wholeNumberOption } from '../cli/options';
import { withProgress } from '../cli/progress';
import { FAILURE_CODES } from '../contract';
import { analyze } from './analyze';
import { type FailedOptions, listFailed } from './failed';
import {
  addCommand,
  addCommonOptions,
  addExamples,
  type CommonOptions,
  opsProgram,
  type Run,
  type Work,
} from './options';
import { showPayment } from './payment';
import type { DlqRequest, Services } from './services';
import type { Answer, FormatOptions } from './format';
import { showStatus } from './status';
import { unlessInterrupted } from './terminal';
import { watch } from './watch';
import type { WatchOptions } from './watch-view';
import { addSendCommand, addWorkCommands } from './bulk-commands';

/** The whole command line. Parsing it throws commander's error, prints the help, or runs one work. */
export function opsCommand(run: Run): Command {
  const program = opsProgram();
  addExamples(program, [
    'status --environment production',
    'analyze --environment production',
    'redrive --environment production',
    'payment tx-1 --outputs outputs.json',
    'redrive --help',
  ]);
  addLookCommands(program, run);
  addWorkCommands(program, run);
  addSendCommand(program, run);
  addCommonOptions(program);
  return program;
}

/** Those that change nothing. */
function addLookCommands(program: Command, run: Run): void {
  addCommand(
    program,
    'status',
    'What waits in the queues, how many payments have which status (up to 10,000 each), which accounts are held and what they wait for, the functions and the alarms.',
    ['status --outputs outputs.json', 'status --environment production --json'],
  ).action((options: CommonOptions) => run(options, withTimeout(showStatus)));

  addCommand(
    program,
    'watch',
    'The status again and again, what changed since the look before, and the latest failures. Ctrl-C ends it. Without a terminal it writes a line a look, with --json one of JSON.',
    ['watch', 'watch --interval 30 --outputs outputs.json', 'watch --json | jq --unbuffered .queues'],
  )
    .option('--interval <seconds>', 'from the end of one look to the next one', wholeNumberOption(1, 3_600), 5)
    .action((options: CommonOptions & WatchOptions) =>
      run(options, (services, look, terminal) => watch(options, services, look, terminal)),
    );

  addCommand(
    program,
    'payment <id>',
    "One payment's way so far: its record, its history, and what its account waits for when it is held.",
    [
      'payment tx-1',
      'payment tx-1 --outputs outputs.json --full',
      'payment tx-1 --environment production --json',
      'payment -- --id-that-begins-with-dashes',
    ],
  )
    .showHelpAfterError('An id that begins with "-" stands behind "--", as in payment -- --tx-1. Try --help.')
    .action((id: string, options: CommonOptions) =>
      run(
        options,
        withTimeout((services, look) => showPayment(id, services, look)),
      ),
    );

  addCommand(
    program,
    'failed',
    'The failed payments, the latest first, whether or not their dead letters are still there.',
    ['failed', 'failed --cause FRAUD_CHECK_UNAVAILABLE --limit 200', 'failed --account 5f1c9a0b7d3e2f41 --json'],
  )
    .option('--account <id>', 'of this account: its number, or its hash as analyze tells it')
    .addOption(new Option('--cause <code>', 'with this failure code').choices(FAILURE_CODES))
    .option('--limit <n>', 'the most that are listed', wholeNumberOption(1, 100_000), 50)
    .action((options: CommonOptions & FailedOptions) =>
      run(
        options,
        withTimeout((services, look) => listFailed(options, services, look)),
      ),
    );

  addCommand(
    program,
    'analyze',
    'What failed, why, since when, and what to do. A pattern that needs a person is mailed, once an hour, unless --dry-run.',
    ['analyze', 'analyze --dry-run --json'],
  )
    .option('--limit <n>', 'the most failed payments that are counted (default: 10000)', wholeNumberOption(1, 100_000))
    .option('--dry-run', 'publish no alert')
    .action((options: CommonOptions & DlqRequest) =>
      run(
        options,
        withTimeout((services, look) => analyze(options, services, look)),
      ),
    );
}

/** Says that it goes on, when it takes long; Ctrl-C leaves it. */
function withTimeout(work: (services: Services, look: FormatOptions) => Promise<Answer>): Work {
  return (services, look, { stderr, signal }) =>
    withProgress('asking AWS', stderr, unlessInterrupted(signal, work(services, look)));
}

import { type Command, Option } from 'commander';
import { wholeNumberOption } from '../cli/whole-number-option';
import { FAILURE_CODES } from '../contract';
import { type FailedOptions, listFailed } from './failed';
import { addCommand, addExamples, type CommonOptions, opsProgram, type Run } from './options';
import { showPayment } from './payment';
import type { Services } from './services';
import type { Answer, Look } from './shown';

export type Work = (services: Services, look: Look) => Promise<Answer>;

/** The whole command line. Parsing it throws commander's error, prints the help, or runs one work. */
export function opsCommand(run: Run<Work>): Command {
  const program = opsProgram();
  addExamples(program, ['payment tx-1 --outputs outputs.json', 'failed --environment production --json']);
  addCommand(program, 'payment <id>', "One payment's way so far: its record, its history, and whether its account is held.", [
    'payment tx-1',
    'payment tx-1 --outputs outputs.json --full',
    'payment tx-1 --environment production --json',
  ]).action((id: string, options: CommonOptions) => run(options, (services, look) => showPayment(id, services, look)));
  addCommand(program, 'failed', 'The failed payments, the latest first, whether or not their dead letters are still there.', [
    'failed',
    'failed --cause FRAUD_CHECK_UNAVAILABLE --limit 200',
    'failed --account 5f1c9a0b7d3e2f41 --json',
  ])
    .option('--account <id>', "of this account: its number, or its hash as analyze tells it")
    .addOption(new Option('--cause <code>', 'with this failure code').choices(FAILURE_CODES))
    .option('--limit <n>', 'the most that are listed', wholeNumberOption(1, 100_000), 50)
    .action((options: CommonOptions & FailedOptions) => run(options, (services, look) => listFailed(options, services, look)));
  return program;
}

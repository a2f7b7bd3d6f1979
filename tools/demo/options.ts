import { Command, InvalidArgumentError, Option } from 'commander';
import { wholeNumberOption } from '../../src/cli/options';
import { isFraudApiUrl, ON_FAILED_PAYMENT, type OnFailedPayment } from '../../src/contract';

export interface DemoOptions {
  readonly input?: string;
  readonly payments: number;
  readonly accounts: number;
  readonly poison?: number;
  readonly seed: number;
  readonly fraudUrl?: string;
  readonly faultRate: number;
  readonly onFailedPayment?: OnFailedPayment;
  readonly output?: string;
  readonly json?: string;
}

/** Poison of a generated set, unless the fraud API is another one, which knows nothing of it. */
export const DEFAULT_POISON = 5;

/** The command line of the demo; parsing it throws commander's error, or prints the help. */
export function demoCommand(): Command {
  return new Command('demo')
    .usage('[options]')
    .description(
      'Runs payments through the real function bundle on an embedded SQS, DynamoDB and fraud API,\n' +
        'with the queues, table and settings of the synthesized stack, and proves what the pipeline promises.\n' +
        'Needs no AWS account, and calls only loopback addresses.',
    )
    .addOption(
      new Option(
        '--input <file>',
        'JSON lines (UTF-8), one payment message each, instead of a generated set',
      ).conflicts(['payments', 'accounts', 'poison']),
    )
    .option('--payments <n>', 'payments to generate', wholeNumberOption(1, 1_000_000), 500)
    .option('--accounts <n>', 'accounts that they belong to', wholeNumberOption(1, 1_000_000), 50)
    .option(
      '--poison <n>',
      `how many of them the fraud API refuses permanently (default: ${DEFAULT_POISON}, 0 with --fraud-url)`,
      wholeNumberOption(0, 1_000_000),
    )
    .option(
      '--seed <n>',
      'makes the generated set, the decisions and the faults repeatable',
      wholeNumberOption(0, 2_147_483_647),
      1,
    )
    .addOption(
      new Option('--fraud-url <url>', 'use this fraud API instead of the embedded one')
        .argParser(fraudUrl)
        .conflicts('faultRate'),
    )
    .option('--fault-rate <p>', "part of the embedded fraud API's answers that are faults, 0 to 1", fraction, 0.05)
    .addOption(
      new Option(
        '--on-failed-payment <mode>',
        'whether an account goes on when one of its payments has failed, or waits (default: as the stack says)',
      ).choices(ON_FAILED_PAYMENT),
    )
    .option('--output <file>', 'write every stored record as it ended, JSON lines')
    .option('--json <file>', 'write the report as JSON')
    .addHelpText(
      'after',
      `
Examples:
  npx projen demo
  npx projen demo --payments 2000 --accounts 100 --poison 20 --fault-rate 0.2 --seed 7
  npx projen demo --input payments.jsonl --output records.jsonl --json report.json
  npx projen demo --on-failed-payment hold
  npx projen demo --fraud-url http://127.0.0.1:8080/check

Exit codes: 0 all claims hold, 1 a claim does not hold or the run failed, 2 bad usage, 130 ended by Ctrl-C.
Behind npx projen every failure is 1.`,
    )
    .allowExcessArguments(false)
    .showHelpAfterError('Try --help.')
    .exitOverride();
}

function fraction(text: string): number {
  const value = Number(text);
  if (/^(\d+\.?\d*|\.\d+)$/.test(text) && value <= 1) return value;
  throw new InvalidArgumentError('It must be a number from 0 to 1.');
}

function fraudUrl(text: string): string {
  if (isFraudApiUrl(text)) return text;
  throw new InvalidArgumentError('It must be an https URL, or http to a loopback host.');
}

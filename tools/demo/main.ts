import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { InvalidArgumentError, Option } from 'commander';
import { CommandError, EXIT, messageOf, UsageError } from '../../src/cli/command-error';
import { colours, shown } from '../../src/cli/escaped-text';
import { choiceOption, reportOption, wholeNumber, writableFile, writeReport } from '../../src/cli/options';
import { program, type Program, runAsProcess } from '../../src/cli/program';
import { inTemporaryDirectory } from '../../src/cli/temporary-directory';
import { interruptible, type InterruptibleTerminal, isColoured } from '../../src/cli/terminal';
import { isFraudApiUrl, ON_FAILED_PAYMENT, type OnFailedPayment } from '../../src/contract';
import { adapterFault } from '../../src/infrastructure/functions/adapter-check';
import { outputWidth, readable } from '../../src/ops/table';
import { type Build, buildArtifacts } from '../kit/embedded/artifacts';
import { runDemo } from './demo';
import { generateSubmissions, readSubmissions, type Submissions } from './payment-input';
import { client, renderPage } from '../page/html';
import { demoPage } from './page';
import { progressOn } from './progress';
import { keepArtifact } from './run-artifacts';
import { makeReport } from './verification/report';
import { renderReport } from './view';

interface DemoOptions {
  readonly input?: string;
  readonly payments: number;
  readonly accounts: number;
  readonly poison?: number;
  readonly seed: number;
  readonly fraudUrl?: string;
  readonly fraudAdapter?: string;
  readonly faultRate: number;
  readonly onFailedPayment?: OnFailedPayment;
  readonly output?: string;
  readonly outcomes?: string;
  readonly json?: string;
  readonly report?: string;
}

/** Poison of a generated set. Another fraud API knows nothing of it, and gets none. */
const DEFAULT_POISON = 5;

/** @param build makes the bundle and the stack */
export function demoCommand(build: Build): Program {
  return program('npx projen demo', {
    description: [
      'Run payments through the real function bundle, and prove what the pipeline promises. The run has an embedded SQS, DynamoDB and fraud API, ' +
        'with the queues, table and settings of the synthesized stack.',
      'Needs no AWS account, and calls only loopback addresses.',
    ],
    exitCodes: {
      success: 'all claims hold',
      failed: 'a claim does not hold, or the run failed',
      usageError: 'bad usage',
      interrupted: 'ended by Ctrl-C',
    },
    examples: [
      'npx projen demo',
      'npx projen demo --payments 2000 --poison 20 --fault-rate 0.2 --seed 7',
      'npx projen demo --input payments.jsonl --output records.jsonl',
      'npx projen demo --report report.html',
      'npx projen demo --outcomes outcomes.jsonl',
      'npx projen demo --on-failed-payment hold',
      'npx projen demo --fraud-url http://127.0.0.1:8080/check',
      'npx projen demo --fraud-url http://127.0.0.1:8080 --fraud-adapter adapter.mjs',
    ],
  })
    .addOption(
      new Option(
        '--input <file>',
        'JSON lines (UTF-8), one payment message each, instead of a generated set',
      ).conflicts(['payments', 'accounts', 'poison']),
    )
    .option('--payments <n>', 'payments to generate', wholeNumber(1, 1_000_000), 500)
    .option('--accounts <n>', 'accounts that they belong to', wholeNumber(1, 1_000_000), 50)
    .option(
      '--poison <n>',
      `how many of them the fraud API refuses permanently (default: ${DEFAULT_POISON}, 0 with --fraud-url)`,
      wholeNumber(0, 1_000_000),
    )
    .option(
      '--seed <n>',
      'makes the generated set, the decisions and the faults repeatable',
      wholeNumber(0, 2_147_483_647),
      1,
    )
    .addOption(
      new Option(
        '--fraud-url <url>',
        'use this fraud API instead of the embedded one; it gets the first payment once more, before the run',
      )
        .argParser(fraudUrl)
        .conflicts('faultRate'),
    )
    .option('--fraud-adapter <file>', 'translate between the pipeline and the fraud API with this adapter', adapter)
    .option('--fault-rate <p>', "part of the embedded fraud API's answers that are faults, 0 to 1", fraction, 0.05)
    .addOption(
      choiceOption(
        '--on-failed-payment <mode>',
        'whether an account continues when one of its payments has failed, or waits (default: as the stack says)',
        ON_FAILED_PAYMENT,
      ),
    )
    .option('--output <file>', 'write every stored record as it ended, JSON lines', writableFile)
    .option('--outcomes <file>', 'publish outcomes, and write what a subscriber got, JSON lines', writableFile)
    .addOption(reportOption())
    .option('--report <file>', 'write the run as a page: one HTML file, which needs no network', writableFile)
    .work(async (options: DemoOptions, terminal) => {
      const { input, payments, poison } = options;
      if (input === undefined && poison !== undefined && poison > payments)
        throw new UsageError(`--poison ${poison} is more than --payments ${payments}: give at most as many.`);
      try {
        return await inTemporaryDirectory((directory) =>
          interruptible(terminal, (one) => demo(options, one, build, directory)),
        );
      } catch (error) {
        throw error instanceof UsageError ? error : new CommandError(messageOf(error), { exitCode: EXIT.failed });
      }
    });
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

/** @returns the module's URL */
function adapter(file: string): string {
  const fault = adapterFault(file);
  if (fault === undefined) return pathToFileURL(file).href;
  throw new InvalidArgumentError(`It must be an adapter of the fraud API: ${fault}.`);
}

async function demo(
  options: DemoOptions,
  terminal: InterruptibleTerminal,
  build: Build,
  directory: string,
): Promise<number> {
  const submissions = await readOrGenerate(options);
  for (const { line, message } of submissions.badLines)
    terminal.stderr.write(String(shown`line ${line}: ${message}\n`));
  const progress = progressOn(terminal.stderr, submissions.payments.length);
  const artifacts = await build(progress.step, directory);
  if (options.report !== undefined) client();
  const { seed, faultRate, fraudUrl, fraudAdapter, onFailedPayment } = options;
  const settings = {
    ...artifacts,
    logFile: join(directory, 'functions.log'),
    seed,
    faultRate,
    fraudUrl,
    fraudAdapter,
    onFailedPayment,
    outcomes: options.outcomes !== undefined,
  };
  const ended = await runDemo(settings, submissions, progress, terminal.signal).finally(progress.stop);
  const result = {
    ...ended,
    logFile: keepArtifact('demo', ended.logFile),
    stackFile: keepArtifact('demo', ended.stackFile),
  };

  const { report, claims } = makeReport(result);
  const look = { colours: colours(isColoured(terminal.stdout)), width: outputWidth(terminal.stdout) };
  terminal.stdout.write(`${String(readable(renderReport(result, report, claims, look), terminal.stdout, look))}\n`);
  writeReport(options.json, report);
  if (options.report !== undefined)
    writeFileSync(options.report, renderPage(demoPage(result, report, claims), 'saved'));
  const { records, outcomes = [] } = result.evidence;
  if (options.output !== undefined) writeLines(options.output, records);
  if (options.outcomes !== undefined) writeLines(options.outcomes, outcomes);
  if (report.interrupted) return EXIT.interrupted;
  if (report.accepted === 0) {
    terminal.stderr.write('No payment was accepted, so nothing is proven: look at the refusals above.\n');
    return EXIT.failed;
  }
  return claims.every(({ holds }) => holds === true) ? EXIT.success : EXIT.failed;
}

function writeLines(file: string, items: readonly object[]): void {
  writeFileSync(file, items.map((item) => `${JSON.stringify(item)}\n`).join(''));
}

async function readOrGenerate(options: DemoOptions): Promise<Submissions> {
  if (options.input !== undefined) return readSubmissions(options.input);
  const poison = options.poison ?? (options.fraudUrl === undefined ? Math.min(DEFAULT_POISON, options.payments) : 0);
  return generateSubmissions({ ...options, poison });
}

if (require.main === module) runAsProcess(demoCommand(buildArtifacts));

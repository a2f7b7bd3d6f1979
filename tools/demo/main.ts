import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommanderError } from 'commander';
import { exitCodeOf, ownArguments } from '../../src/cli/command';
import { inTemporaryDirectory } from '../../src/cli/temporary-directory';
import { refuseOptionsAsValues, UsageError } from '../../src/cli/options';
import { escaped, escapedLines, shown } from '../../src/cli/escaped-text';
import { mustBeWritable, UnwritableFileError } from '../../src/cli/output-file';
import { type Build, buildArtifacts } from '../kit/embedded/artifacts';
import { FraudApiUnreachableError, runDemo } from './demo';
import { keepArtifact } from './run-artifacts';
import { DEFAULT_POISON, demoCommand, type DemoOptions } from './options';
import { progressOn } from './progress';
import { makeReport } from './verification/report';
import { generateSubmissions, readSubmissions, type Submissions } from './payment-input';
import { renderReport } from './view';

const EXIT = { held: 0, failed: 1, usage: 2, interrupted: 130 } as const;

const USAGE_ERRORS = [CommanderError, UsageError, UnwritableFileError, FraudApiUnreachableError];

export interface Terminal {
  readonly stdout: NodeJS.WritableStream & { isTTY?: boolean };
  readonly stderr: NodeJS.WritableStream & { isTTY?: boolean };
  /** Ends the run early. */
  readonly signal: AbortSignal;
}

/** @returns the process's exit code */
export async function main(args: readonly string[], terminal: Terminal, build = buildArtifacts): Promise<number> {
  try {
    const options = parse(args, terminal);
    return options === undefined
      ? EXIT.held
      : await inTemporaryDirectory((directory) => demo(options, terminal, build, directory));
  } catch (error) {
    if (!(error instanceof CommanderError))
      terminal.stderr.write(`${escaped(error instanceof Error ? error.message : String(error))}\n`);
    return USAGE_ERRORS.some((type) => error instanceof type) ? EXIT.usage : EXIT.failed;
  }
}

/** Undefined when the help was asked for, and printed. */
function parse(args: readonly string[], { stdout, stderr }: Terminal): DemoOptions | undefined {
  const command = demoCommand().configureOutput({
    writeOut: (text) => stdout.write(text),
    writeErr: (text) => stderr.write(escapedLines(text)),
  });
  try {
    const own = ownArguments(args);
    refuseOptionsAsValues(command, own);
    const options = command.parse(own, { from: 'user' }).opts<DemoOptions>();
    check(options);
    return options;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return undefined;
    throw error;
  }
}

function check({ input, payments, poison, output, json }: DemoOptions): void {
  if (input === undefined && poison !== undefined && poison > payments) {
    throw new UsageError(`--poison ${poison} is more than --payments ${payments}: give at most as many.`);
  }
  for (const file of [output, json]) if (file !== undefined) mustBeWritable(file);
}

async function demo(options: DemoOptions, terminal: Terminal, build: Build, directory: string): Promise<number> {
  const submissions = await readOrGenerate(options);
  for (const { line, message } of submissions.badLines)
    terminal.stderr.write(String(shown`line ${line}: ${message}\n`));
  const progress = progressOn(terminal.stderr, submissions.payments.length);
  const artifacts = await build(progress.step, directory);
  const { seed, faultRate, fraudUrl, onFailedPayment } = options;
  const settings = {
    ...artifacts,
    logFile: join(directory, 'functions.log'),
    seed,
    faultRate,
    fraudUrl,
    onFailedPayment,
  };
  const ended = await runDemo(settings, submissions, progress, terminal.signal).finally(progress.stop);
  const result = {
    ...ended,
    logFile: keepArtifact('demo', ended.logFile),
    stackFile: keepArtifact('demo', ended.stackFile),
  };

  const { report, claims } = makeReport(result);
  const coloured = terminal.stdout.isTTY === true && process.env.NO_COLOR === undefined;
  terminal.stdout.write(`${String(renderReport(result, report, claims, coloured))}\n`);
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(report, null, 2)}\n`);
  if (options.output !== undefined) {
    writeFileSync(options.output, result.evidence.records.map((record) => `${JSON.stringify(record)}\n`).join(''));
  }
  if (report.interrupted) return EXIT.interrupted;
  if (report.accepted === 0) {
    terminal.stderr.write('No payment was accepted, so nothing is proven: look at the refusals above.\n');
    return EXIT.failed;
  }
  return claims.every(({ holds }) => holds) ? EXIT.held : EXIT.failed;
}

async function readOrGenerate(options: DemoOptions): Promise<Submissions> {
  if (options.input !== undefined) return readSubmissions(options.input);
  const poison = options.poison ?? (options.fraudUrl === undefined ? Math.min(DEFAULT_POISON, options.payments) : 0);
  return generateSubmissions({ ...options, poison });
}

if (require.main === module) {
  const interrupt = new AbortController();
  process.once('SIGINT', () => {
    interrupt.abort();
  });
  process.once('SIGTERM', () => {
    interrupt.abort();
  });
  const { stdout, stderr } = process;
  void exitCodeOf(() => main(process.argv.slice(2), { stdout, stderr, signal: interrupt.signal })).then((code) => {
    process.exitCode = code;
  });
}

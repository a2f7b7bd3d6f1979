import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { CommanderError } from 'commander';
import { FraudApiUnreachableError, runDemo } from './demo';
import { DEFAULT_POISON, demoCommand, type DemoOptions } from './options';
import { progressOn } from './progress';
import { makeReport } from './proof/report';
import { generateSubmissions, InputError, readSubmissions, type Submissions } from './submissions';
import { renderReport } from './view';

const ROOT = join(__dirname, '..', '..');

const EXIT = { held: 0, failed: 1, usage: 2, interrupted: 130 } as const;

/** The options do not go together, or name files that cannot be used. */
class UsageError extends Error {
  override readonly name = 'UsageError';
}

export interface Terminal {
  readonly stdout: NodeJS.WritableStream & { isTTY?: boolean };
  readonly stderr: NodeJS.WritableStream & { isTTY?: boolean };
  /** Ends the run early. */
  readonly signal: AbortSignal;
}

export interface Artifacts {
  readonly stackFile: string;
  readonly bundle: string;
}

export type Build = (step: (text: string) => void) => Promise<Artifacts>;

/** The stack goes to a directory of this run alone, so that runs side by side do not meet there. */
const buildArtifacts: Build = async (step) => {
  step('Bundling the functions');
  await run('scripts/bundle.ts');
  step('Synthesizing the stack');
  const CDKTF_OUTDIR = mkdtempSync(join(tmpdir(), 'payment-pipeline-stack-'));
  await run('src/app/main.ts', { CDKTF_OUTDIR });
  return {
    stackFile: join(CDKTF_OUTDIR, 'stacks', 'payment-pipeline', 'cdk.tf.json'),
    bundle: join(ROOT, 'assets', 'payment-processor', 'index.mjs'),
  };
};

/** @returns the process's exit code */
export async function main(args: readonly string[], terminal: Terminal, build = buildArtifacts): Promise<number> {
  try {
    const options = parse(args, terminal);
    return options === undefined ? EXIT.held : await demo(options, terminal, build);
  } catch (error) {
    const usage = error instanceof UsageError || error instanceof InputError || error instanceof FraudApiUnreachableError;
    if (!(error instanceof CommanderError)) terminal.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return usage || error instanceof CommanderError ? EXIT.usage : EXIT.failed;
  }
}

/** Undefined when the help was asked for, and printed. */
function parse(args: readonly string[], { stdout, stderr }: Terminal): DemoOptions | undefined {
  const command = demoCommand().configureOutput({
    writeOut: (text) => stdout.write(text),
    writeErr: (text) => stderr.write(text),
  });
  try {
    const withoutDashes = args[0] === '--' ? args.slice(1) : [...args];
    const options = command.parse(withoutDashes, { from: 'user' }).opts<DemoOptions>();
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
  for (const file of [output, json]) {
    if (file === undefined) continue;
    try {
      accessSync(dirname(resolve(file)), constants.W_OK);
    } catch {
      throw new UsageError(`${file} cannot be written: its directory is missing or read-only.`);
    }
  }
}

async function demo(options: DemoOptions, terminal: Terminal, build: Build): Promise<number> {
  const submissions = readOrGenerate(options);
  for (const { line, message } of submissions.badLines) terminal.stderr.write(`line ${line}: ${message}\n`);
  const progress = progressOn(terminal.stderr, submissions.payments.length);
  const artifacts = await build(progress.step);
  const settings = { ...artifacts, seed: options.seed, faultRate: options.faultRate, fraudUrl: options.fraudUrl };
  const result = await runDemo(settings, submissions, progress, terminal.signal).finally(progress.stop);

  const { report, claims } = makeReport(result);
  const coloured = terminal.stdout.isTTY === true && process.env.NO_COLOR === undefined;
  terminal.stdout.write(`${renderReport(result, report, claims, coloured)}\n`);
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

function readOrGenerate(options: DemoOptions): Submissions {
  if (options.input !== undefined) return readSubmissions(options.input);
  const poison = options.poison ?? (options.fraudUrl === undefined ? Math.min(DEFAULT_POISON, options.payments) : 0);
  return generateSubmissions({ ...options, poison });
}

async function run(program: string, environment: Readonly<Record<string, string>> = {}): Promise<void> {
  const child = spawn(process.execPath, ['--import', 'tsx', program], {
    cwd: ROOT,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => { output += String(text); });
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`${program} failed:\n${output}`);
}

if (require.main === module) {
  const interrupt = new AbortController();
  process.once('SIGINT', () => { interrupt.abort(); });
  process.once('SIGTERM', () => { interrupt.abort(); });
  void main(process.argv.slice(2), { stdout: process.stdout, stderr: process.stderr, signal: interrupt.signal }).then((code) => {
    process.exitCode = code;
  });
}

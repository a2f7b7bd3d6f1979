import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { resolve, sep } from 'node:path';
import { isatty } from 'node:tty';
import { EXIT } from '../../src/cli/command-error';
import { isColoured } from '../../src/cli/terminal';
import { escaped } from '../../src/cli/escaped-text';
import { terraformBinary } from '../terraform/terraform';

const STDERR = 2;

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

export interface InteractiveOutcome {
  readonly code: number;
  /** Its errors and warnings, which were shown as well. */
  readonly stderr: string;
  /** Whether this process received SIGINT or SIGTERM meanwhile. Terraform may have succeeded nevertheless. */
  readonly isInterrupted: boolean;
}

/** Runs Terraform where a person can answer it. Terraform obeys an interrupt and ends; this process waits for that. */
export async function terraformAtTerminal(
  args: readonly string[],
  directory: string,
  echo: NodeJS.WritableStream,
): Promise<InteractiveOutcome> {
  const interrupts = new Interrupts();
  try {
    return await runTerraform(args, directory, echo, interrupts);
  } finally {
    interrupts.stop();
  }
}

async function runTerraform(
  args: readonly string[],
  directory: string,
  echo: NodeJS.WritableStream,
  interrupts: Interrupts,
): Promise<InteractiveOutcome> {
  const binary = terraformBinary();
  const child = spawn(binary.includes(sep) ? resolve(binary) : binary, args, {
    cwd: directory,
    env: { ...process.env, ...terraformEnv() },
    stdio: ['inherit', args[0] === 'init' ? STDERR : 'inherit', 'pipe'], // what is printed is what was asked for
  });
  interrupts.passTo(child);
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    echo.write(shownOf(text));
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code: code ?? EXIT.failed, stderr, isInterrupted: interrupts.isInterrupted };
}

/** Keeps Terraform's lines and colours. Other control characters come from names and texts that Terraform quotes. */
function shownOf(text: string): string {
  return text
    .split(/(\u001b\[[\d;]*m|\r?\n|\t)/)
    .map((part, index) => (index % 2 === 1 ? part : escaped(part)))
    .join('');
}

/** Terraform prints no next command, as it does not know our arguments. It also colours output to a file unless told. */
function terraformEnv(): Record<string, string> {
  const colours = isColoured(process.stdout) && isColoured(process.stderr);
  return {
    TF_IN_AUTOMATION: '1',
    ...(!colours && { TF_CLI_ARGS: `${process.env.TF_CLI_ARGS ?? ''} -no-color`.trim() }),
  };
}

/**
 * Keeps interrupts from ending this process, and passes the first one to Terraform: a second one would have Terraform drop
 * what it is doing. Listens from its construction on, which has to come before Terraform is started. Otherwise an interrupt
 * in between ends this process and leaves Terraform running alone.
 */
class Interrupts {
  isInterrupted = false;
  private child: ChildProcess | undefined;
  private isPassed = false;

  constructor() {
    for (const signal of SIGNALS) process.on(signal, this.pass);
  }

  /** Call it in the tick of the construction, so that no signal is handled before. */
  passTo(child: ChildProcess): void {
    this.child = child;
  }

  stop(): void {
    for (const signal of SIGNALS) process.off(signal, this.pass);
  }

  private readonly pass = (signal: NodeJS.Signals): void => {
    this.isInterrupted = true;
    if (this.isPassed || (signal === 'SIGINT' && hasTerminal())) return;
    this.isPassed = true;
    this.child?.kill(signal);
  };
}

/** A terminal interrupts every program that runs in it, Terraform included. */
function hasTerminal(): boolean {
  return [0, 1, 2].some((descriptor) => isatty(descriptor));
}

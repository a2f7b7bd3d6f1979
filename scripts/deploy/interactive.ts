import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { resolve, sep } from 'node:path';
import { isatty } from 'node:tty';
import { EXIT, isColoured } from '../../src/cli/command';
import { escaped } from '../../src/cli/shown-text';
import { terraformBinary } from '../terraform/terraform';

const STDERR = 2;

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

export interface InteractiveOutcome {
  readonly code: number;
  /** Its errors and warnings, which were shown as well. */
  readonly stderr: string;
}

/** Runs Terraform where a person can answer it. An interrupt is Terraform's to obey: it ends, and then this does. */
export async function terraformAtTerminal(args: readonly string[], directory: string, echo: NodeJS.WritableStream): Promise<InteractiveOutcome> {
  const binary = terraformBinary();
  const child = spawn(binary.includes(sep) ? resolve(binary) : binary, args, {
    cwd: directory,
    env: { ...process.env, ...manners() },
    stdio: ['inherit', args[0] === 'init' ? STDERR : 'inherit', 'pipe'], // what is printed is what was asked for
  });
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    echo.write(shownOf(text));
  });
  const stopPassing = passOnInterrupts(child);
  try {
    const [code] = (await once(child, 'close')) as [number | null];
    return { code: code ?? EXIT.finding, stderr };
  } finally {
    stopPassing();
  }
}

/** Terraform's lines and colours stay; whatever else a terminal would obey comes from the names and texts that Terraform quotes. */
function shownOf(text: string): string {
  return text.split(/(\u001b\[[\d;]*m|\r?\n|\t)/).map((part, index) => (index % 2 === 1 ? part : escaped(part))).join('');
}

/** What to type next is ours to say: Terraform does not know our arguments. It colours what goes to a file, too, unless told. */
function manners(): Record<string, string> {
  const colours = isColoured(process.stdout) && isColoured(process.stderr);
  return { TF_IN_AUTOMATION: '1', ...(!colours && { TF_CLI_ARGS: `${process.env.TF_CLI_ARGS ?? ''} -no-color`.trim() }) };
}

/** Once: a second interrupt would have Terraform drop what it is doing. */
function passOnInterrupts(child: ChildProcess): () => void {
  let passed = false;
  const pass = (signal: NodeJS.Signals) => {
    if (passed || (signal === 'SIGINT' && hasTerminal())) return;
    passed = true;
    child.kill(signal);
  };
  for (const signal of SIGNALS) process.on(signal, pass);
  return () => { for (const signal of SIGNALS) process.off(signal, pass); };
}

/** A terminal interrupts every program that runs in it, Terraform included. */
function hasTerminal(): boolean {
  return [0, 1, 2].some((descriptor) => isatty(descriptor));
}

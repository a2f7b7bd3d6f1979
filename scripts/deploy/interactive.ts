import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { resolve, sep } from 'node:path';
import { isatty } from 'node:tty';
import { EXIT } from '../../src/cli/command';

/** Terraform leaves out what to type next: it would be without our arguments. */
const OUR_OWN_HINTS = { TF_IN_AUTOMATION: '1' };

const STDERR = 2;

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

export interface InteractiveOutcome {
  readonly code: number;
  /** Its errors and warnings, which were shown as well. */
  readonly stderr: string;
}

/** Runs Terraform where a person can answer it. An interrupt is Terraform's to obey: it ends, and then this does. */
export async function terraformAtTerminal(args: readonly string[], directory: string, echo: NodeJS.WritableStream): Promise<InteractiveOutcome> {
  const binary = process.env.TERRAFORM_BINARY ?? 'terraform';
  const child = spawn(binary.includes(sep) ? resolve(binary) : binary, args, {
    cwd: directory,
    env: { ...process.env, ...OUR_OWN_HINTS },
    stdio: ['inherit', args[0] === 'init' ? STDERR : 'inherit', 'pipe'], // what is printed is what was asked for
  });
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    echo.write(text);
  });
  const stopPassing = passOnInterrupts(child);
  try {
    const [code] = (await once(child, 'close')) as [number | null];
    return { code: code ?? EXIT.finding, stderr };
  } finally {
    stopPassing();
  }
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

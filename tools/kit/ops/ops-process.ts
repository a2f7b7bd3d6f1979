import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Ran } from './ops-bench';

const ROOT = join(__dirname, '../../..');

/** The operator's tool as one file, which the lanes build: it starts in a third of the time that its sources take. */
export const BUILT_OPS = join(ROOT, 'node_modules/.cache/ops/main.cjs');

export interface OpsProcess extends ChildProcess {
  /** The output so far. */
  readonly text: { stdout: string; stderr: string };
}

/** Starts the operator's tool as a process. It inherits no variable but those of `environment`. */
export function startOps(
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
  stdout: 'pipe' | number = 'pipe',
): OpsProcess {
  const child = spawn(process.execPath, [BUILT_OPS, ...args], {
    cwd: ROOT,
    env: { ...environment, NODE_OPTIONS: '' }, // jest's own keep Node from warning
    stdio: ['ignore', stdout, 'pipe'],
  });
  const text = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name]?.on('data', (piece) => {
      text[name] += String(piece);
    });
  return Object.assign(child, { text });
}

export async function outcomeOf(child: OpsProcess): Promise<Ran> {
  const [code] = (await once(child, 'close')) as [number];
  return { code, ...child.text };
}

/** In the process of {@link OpsRuns}: runs the tool for each message, with the message's variables. */
const RUN_EACH = `
  const { EventEmitter } = require('node:events');
  const { Readable, Writable } = require('node:stream');
  const { main } = require(${JSON.stringify(BUILT_OPS)});
  process.on('message', async ({ args, environment }) => {
    for (const name of Object.keys(process.env)) delete process.env[name];
    Object.assign(process.env, environment);
    const text = { stdout: '', stderr: '' };
    const into = (name) => new Writable({ write: (piece, _encoding, done) => done(void (text[name] += piece)) });
    const terminal = { stdin: Readable.from([]), stdout: into('stdout'), stderr: into('stderr'), signals: new EventEmitter() };
    process.send({ code: await main(args, terminal), ...text });
  });`;

/** Runs the operator's tool again and again in one process, which is told when it starts what certificates to trust. */
export class OpsRuns {
  private readonly child: ChildProcess;

  constructor(environment: NodeJS.ProcessEnv) {
    this.child = spawn(process.execPath, ['-e', RUN_EACH], {
      env: { ...environment, NODE_OPTIONS: '' },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
  }

  /** @param environment all variables of this run */
  async run(args: readonly string[], environment: NodeJS.ProcessEnv): Promise<Ran> {
    this.child.send({ args, environment });
    const [ran] = (await once(this.child, 'message')) as [Ran];
    return ran;
  }

  stop(): void {
    this.child.kill();
  }
}

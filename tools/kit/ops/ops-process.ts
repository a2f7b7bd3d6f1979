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

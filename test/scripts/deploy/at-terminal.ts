import childProcess from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { terraformAtTerminal } from '../../../scripts/deploy/interactive';

/** A process of its own: jest keeps signals from the code that it runs. */
void main();

async function main(): Promise<void> {
  const { BUSY_AFTER_START_MS, BUSY_WHILE_RUNNING_MS } = process.env;
  if (BUSY_AFTER_START_MS !== undefined) startProgramsSlowly(Number(BUSY_AFTER_START_MS));
  const running = terraformAtTerminal(['apply'], '.', process.stderr);
  if (BUSY_WHILE_RUNNING_MS !== undefined) {
    await delay(100);
    block(Number(BUSY_WHILE_RUNNING_MS));
  }
  process.exitCode = (await running).code;
}

/** As on a loaded machine: a program runs for a while before the code that started it goes on. */
function startProgramsSlowly(ms: number): void {
  const { spawn } = childProcess;
  Object.assign(childProcess, {
    spawn: (...args: Parameters<typeof spawn>) => {
      const child = spawn(...args);
      block(ms);
      return child;
    },
  });
}

function block(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

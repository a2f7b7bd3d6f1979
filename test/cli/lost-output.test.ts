import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { builtProgram } from '../../tools/kit/built-program';
import { newDirectory } from '../../tools/kit/new-directory';

/** A command that writes to both streams between the steps of its work, which it notes in a file. */
const PROGRAM = builtProgram(`
import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { program, runAsProcess } from './src/cli/program';
const writing = program('writing', { description: 'Write.', exitCodes: {}, examples: [] })
  .arguments('<file> <code>')
  .work(async (_options, { stdout, stderr }, file, code) => {
    for (let step = 1; step <= 5; step++) {
      stdout.write('answer\\n');
      stderr.write('progress\\n');
      await sleep(20);
      appendFileSync(file, 'x');
    }
    return Number(code);
  });
runAsProcess(writing);`);

type Lost = 'stdout' | 'stderr';

/** The work that was done, and the exit code, when the streams have no reader, or lead to a full disk. */
async function run(lost: readonly Lost[], how: 'closed' | 'full', code = 0) {
  const done = join(newDirectory(), 'done');
  const full = how === 'full' ? openSync('/dev/full', 'w') : undefined;
  const streamOf = (name: Lost) => (lost.includes(name) && full !== undefined ? full : 'pipe');
  const child = spawn(process.execPath, [PROGRAM, done, String(code)], {
    env: { ...process.env, NODE_OPTIONS: '' },
    stdio: ['ignore', streamOf('stdout'), streamOf('stderr')],
  });
  if (full !== undefined) closeSync(full);
  let stderr = '';
  child.stderr?.on('data', (piece) => {
    stderr += String(piece);
  });
  for (const name of lost) child[name]?.destroy();
  const [exitCode] = (await once(child, 'close')) as [number | null];
  return { exitCode, steps: existsSync(done) ? readFileSync(done, 'utf8').length : 0, stderr };
}

describe('output that cannot be written does not stop the work', () => {
  test.concurrent.each<[Lost[]]>([[['stdout']], [['stderr']], [['stdout', 'stderr']]])(
    '%j closed by its reader: the exit code is that of the work',
    async (lost) => {
      expect(await run(lost, 'closed')).toMatchObject({ exitCode: 0, steps: 5 });
      expect(await run(lost, 'closed', 1)).toMatchObject({ exitCode: 1, steps: 5 });
    },
  );

  (existsSync('/dev/full') ? test.concurrent : test.skip).each<[Lost[], number, number]>([
    [['stdout'], 0, 2],
    [['stdout'], 1, 2],
    [['stderr'], 0, 0],
    [['stderr'], 1, 1],
    [['stdout', 'stderr'], 0, 2],
  ])('%j to a full disk, exit code %d of the work: exit code %d', async (lost, code, expected) => {
    const { exitCode, steps, stderr } = await run(lost, 'full', code);
    expect({ exitCode, steps }).toEqual({ exitCode: expected, steps: 5 });
    if (lost.join() === 'stdout')
      expect(stderr).toMatch(/\nThe answer cannot be written \(ENOSPC\): what was done is done\.\n$/);
  });
});

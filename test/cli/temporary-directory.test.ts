import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { inTemporaryDirectory } from '../../src/cli/temporary-directory';
import { builtProgram } from '../../tools/kit/built-program';
import { newDirectory } from '../../tools/kit/new-directory';

test('the directory is there for the work, and gone afterwards with all that is in it', async () => {
  const lent = await inTemporaryDirectory((directory) => {
    writeFileSync(join(directory, 'file'), 'text');
    return Promise.resolve(directory);
  });
  expect(existsSync(lent)).toBe(false);
});

test('it is gone when the work fails, and no signal handler is left', async () => {
  const listening = process.listenerCount('SIGINT');
  let lent = '';
  const work = inTemporaryDirectory((directory) => {
    lent = directory;
    expect([existsSync(directory), process.listenerCount('SIGINT')]).toEqual([true, listening + 1]);
    return Promise.reject(new Error('broken'));
  });
  await expect(work).rejects.toThrow('broken');
  expect([existsSync(lent), process.listenerCount('SIGINT')]).toEqual([false, listening]);
});

/** A process that works until a signal comes, with a directory for temporary ones of its own. */
async function endedBy(signal: NodeJS.Signals, handlers = '') {
  const temporary = newDirectory();
  const program = builtProgram(`
    import { inTemporaryDirectory } from './src/cli/temporary-directory';
    ${handlers}
    void inTemporaryDirectory(() => new Promise((resolve) => {
      globalThis.finish = resolve;
      setInterval(() => undefined, 1000).unref();
      setTimeout(() => undefined, 20000);
      console.log('at work');
    })).then(() => process.exit(7));`);
  const child = spawn(process.execPath, [program], {
    env: { ...process.env, TMPDIR: temporary },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(createInterface({ input: child.stdout }), 'line');
  const ours = () => readdirSync(temporary).filter((name) => name.startsWith('payment-pipeline-'));
  const atWork = ours().length;
  child.kill(signal);
  const [code, by] = (await once(child, 'exit')) as [number | null, string | null];
  return { atWork, left: ours(), code, by };
}

test.concurrent.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  'it is gone when %s ends the process',
  async (signal) => {
    const { atWork, left, code, by } = await endedBy(signal);
    expect({ atWork, left }).toEqual({ atWork: 1, left: [] });
    expect([by, code]).toEqual([signal, null]);
  },
);

test.concurrent('another listener of the signal ends the work itself', async () => {
  const ended = await endedBy('SIGINT', "process.once('SIGINT', () => { globalThis.finish(); });");
  expect(ended).toEqual({ atWork: 1, left: [], code: 7, by: null });
});

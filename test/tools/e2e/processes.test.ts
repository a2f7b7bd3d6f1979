import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { endOf, Processes } from '../../../tools/kit/processes';
import { fakeProgram } from '../../../tools/kit/command-run';
import { newDirectory } from '../../../tools/kit/new-directory';

const options = () => ({ directory: newDirectory(), log: join(newDirectory(), 'the.log') });

test('a run tells its output and its exit code, and keeps both in the log', async () => {
  const run = options();

  const outcome = await new Processes().run(fakeProgram('echo out; echo err >&2; exit 3'), ['argument'], run);

  expect(outcome).toEqual({ code: 3, stdout: 'out\n', stderr: 'err\n' });
  expect(readFileSync(run.log, 'utf8')).toMatch(/program argument\n(out\nerr|err\nout)\n/);
});

test('a program that is not there says so', async () => {
  await expect(new Processes().run('/no/such/program', [], options())).rejects.toThrow(
    '/no/such/program cannot be run.',
  );
});

test('what a program has started ends with it', async () => {
  const processes = new Processes();
  const child = processes.start(fakeProgram('sleep 60 & echo started; wait'), [], options());
  await once(child.stdout!, 'data');

  processes.endAll();
  await once(child, 'close'); // only when the one that it has started, which writes to the same output, has ended too

  expect(child.signalCode).toBe('SIGKILL');
});

test("a failure quotes the log's end", async () => {
  const run = options();
  await new Processes().run(fakeProgram('seq 100'), [], run);

  expect(await endOf(run.log)).toMatch(/^76\n[^]*\n100$/);
  expect(await endOf('/no/such/log')).toBe('(no log)');
});

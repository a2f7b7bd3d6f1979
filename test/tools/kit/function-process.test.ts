import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { FunctionError, FunctionProcess } from '../../../tools/kit/embedded/function-process';
import { newDirectory } from '../../../tools/kit/new-directory';

/** Answers with its process's id; told to, it ends itself once it has answered, or never answers. */
const BUNDLE = join(newDirectory(), 'index.mjs');
writeFileSync(
  BUNDLE,
  `export const handler = async ({ wish }, { awsRequestId }) => {
  console.log(awsRequestId);
  if (wish === 'die afterwards') setTimeout(() => process.exit(1), 20);
  if (wish === 'hang') await new Promise(() => setInterval(() => undefined, 1000));
  return process.pid;
};`,
);

const OPTIONS = { bundle: BUNDLE, functionName: 'any', timeoutMs: 5_000, environment: {} };
const lines: string[] = [];
const lambda = new FunctionProcess({ ...OPTIONS, onLine: (line) => lines.push(line) });
afterAll(() => lambda.close());

test('one process serves one invocation after the other', async () => {
  const first = await lambda.invoke({});

  expect(await lambda.invoke({})).toBe(first);
});

test('a process that ended between two invocations is replaced', async () => {
  const first = await lambda.invoke({ wish: 'die afterwards' });
  await sleep(200);

  expect(await lambda.invoke({})).not.toBe(first);
});

test('an invocation whose process is killed fails, and the next has a new one', async () => {
  const hanging = lambda.invoke({ wish: 'hang' }, { requestId: 'killed' });
  setTimeout(() => lambda.kill(), 100);

  await expect(hanging).rejects.toThrow(FunctionError);
  expect(await lambda.invoke({})).toEqual(expect.any(Number));
});

test('a process killed while nothing runs is not used again', async () => {
  const first = await lambda.invoke({});

  expect(lambda.kill()).toBe(true);
  expect(lambda.kill()).toBe(false);
  expect(await lambda.invoke({})).not.toBe(first);
});

test('a process that is closed while it starts ends, and serves what it was started for or fails', async () => {
  const starting = new FunctionProcess({ ...OPTIONS, onLine: () => undefined });
  const invocation = starting.invoke({}).catch((error: unknown) => error);

  await starting.close();

  expect([expect.any(Number), expect.any(FunctionError)]).toContainEqual(await invocation);
});

test('two that need the process at the same time start one', async () => {
  let starts = 0;
  const bundle = () => {
    starts++;
    return BUNDLE;
  };
  const shared = new FunctionProcess({ ...OPTIONS, bundle, onLine: () => undefined });

  await Promise.all([shared.warmUp(), shared.warmUp()]);
  await shared.close();

  expect(starts).toBe(1);
});

test('closing waits for the lines of the processes that were killed before', async () => {
  await lambda.close();

  expect(lines).toContain('killed');
});

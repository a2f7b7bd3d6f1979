import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { body, hangs, resets, ScriptedServer } from '../support/http-server';
import { fileOf, outputsOf } from './ops-bench';

const ROOT = join(__dirname, '..', '..');
/** What a look ahead sees. */
const PLAN = body(JSON.stringify({
  action: 'redrive', dryRun: true, seen: 2, redriven: 2, discarded: 0, settled: 0, left: {}, leftIds: {}, unreachable: [], notFound: [], errors: {}, deadLetters: null, more: false,
}));

/** AWS as far as the process meets it; the tool is a process of its own, as a person's shell starts it. */
const aws = new ScriptedServer();
const outputs = fileOf(outputsOf());
beforeAll(() => aws.start());
afterAll(() => aws.stop());

/** Without Jest's own options, which keep Node from warning. */
function start(args: readonly string[], endpoint = new URL(aws.url).origin): ChildProcess & { readonly text: { stdout: string; stderr: string } } {
  const env = { ...process.env, NODE_OPTIONS: '', AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 's', AWS_ENDPOINT_URL: endpoint };
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/ops/main.ts', ...args, '--outputs', outputs], { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const text = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) child[name]!.on('data', (piece) => { text[name] += String(piece); });
  return Object.assign(child, { text });
}

async function end(child: ReturnType<typeof start>): Promise<{ code: number; stdout: string; stderr: string }> {
  const [code] = (await once(child, 'close')) as [number];
  return { code, ...child.text };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10));
}

test('an endpoint that cannot be reached', async () => {
  const { code, stdout, stderr } = await end(start(['payment', 'tx-1'], 'http://127.0.0.1:9'));
  expect({ code, stdout, stderr }).toEqual({
    code: 2,
    stdout: '',
    stderr: 'The payment table payments in ap-southeast-1 cannot be reached (ECONNREFUSED): check the network, the region and AWS_ENDPOINT_URL, and try again.\n',
  });
});

test('an answer of the function that got lost is not asked for again by itself', async () => {
  aws.answers(resets);
  expect(await end(start(['redrive', '--yes']))).toEqual({
    code: 2,
    stdout: '',
    stderr: 'The function dlq-processor in ap-southeast-1 gave no answer (ECONNRESET): check the network. It may have done what it was asked; the same command again is safe.\n',
  });
  expect(aws.requests).toHaveLength(1);
});

test('Ctrl-C ends a redrive while the function works: at once, with a sentence, and exit 130', async () => {
  aws.answers(PLAN, hangs);
  const child = start(['redrive', '--yes']);
  await until(() => aws.requests.length === 2);
  child.kill('SIGINT');
  const { code, stdout } = await end(child);
  expect({ code, stdout }).toEqual({
    code: 130,
    stdout:
      'Interrupted. For certain: 0 payments done, 0 were decided already. A call that was under way goes on in the function, for two minutes at most. ' +
      'Nothing is lost or done twice: the same command goes on from here.\n',
  });
});

test('Ctrl-C ends a look that gets no answer', async () => {
  aws.answers(hangs);
  const child = start(['payment', 'tx-1']);
  await until(() => aws.requests.length === 1);
  child.kill('SIGINT');
  expect(await end(child)).toEqual({ code: 130, stdout: '', stderr: 'Interrupted. No payment was changed.\n' });
});

test('many calls at once are nothing to warn of', async () => {
  aws.answers(hangs);
  const child = start(['watch']);
  await until(() => aws.requests.length > 11);
  child.kill('SIGINT');
  expect(await end(child)).toEqual({ code: 0, stdout: '', stderr: '' });
});

(existsSync('/dev/full') ? test : test.skip)('an answer that cannot be written is a failure', async () => {
  const full = openSync('/dev/full', 'w');
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/ops/main.ts', '--help'], { cwd: ROOT, stdio: ['ignore', full, 'pipe'] });
  closeSync(full);
  let stderr = '';
  child.stderr!.on('data', (piece) => { stderr += String(piece); });
  expect(await once(child, 'close')).toEqual([2, null]);
  expect(stderr).toBe('The answer cannot be written (ENOSPC): what was done is done.\n');
});

test('whoever reads the answer may have read enough, as head has: no failure', async () => {
  aws.answers(body(JSON.stringify({ QueueUrl: 'http://queue', Attributes: {}, Count: 0, Items: [] })));
  const child = start(['watch', '--json', '--interval', '1']);
  await once(child.stdout!, 'data');
  child.stdout!.destroy();
  expect(await end(child)).toMatchObject({ code: 0, stderr: '' });
});

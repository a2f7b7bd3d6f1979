import { EventEmitter } from 'node:events';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { localDirectory } from '../../../src/ops/local';
import { BUNDLE, STACK_FILE } from '../../../tools/demo/fixtures/demo-run';
import { run, runWith } from '../../../tools/kit/command-run';
import { newDirectory } from '../../../tools/kit/new-directory';
import { runOps } from '../../../tools/kit/ops/ops-bench';
import { localCommand } from '../../../tools/local/main';

jest.setTimeout(120_000); // two local pipelines

const local = () => localCommand(() => Promise.resolve({ stackFile: STACK_FILE, bundle: BUNDLE }));
const before = process.env;
beforeEach(() => {
  process.env = { ...before, XDG_CACHE_HOME: newDirectory() };
});
afterAll(() => {
  process.env = before;
});

test.each<[args: string[], sentence: RegExp]>([
  [['--rate', 'many'], /'--rate <n>'.*whole number/],
  [['--report', '/none/page.html'], /\/none\/page\.html cannot be written/],
  [['--report', 'none/'], /none\/ cannot be written/],
  [['--report='], /'--report <file>'.*must not be empty/],
  [['drill'], /^No drill is named: it is one of fraud-api-down, /],
  [['drill', 'toString'], /^There is no drill toString: /],
  [['drill', 'none'], /^There is no drill none: it is one of fraud-api-down, /],
  [['drill', 'burst'], /^No local pipeline runs on this machine: start one by "npx projen local"/],
  [['drill', 'burst', 'now'], /Unexpected argument 'now'/],
])('%j is refused in one sentence', async (args, sentence) => {
  const { code, stdout, stderr } = await run(local(), ...args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(sentence);
  expect(stderr.trim().split('\n')).toHaveLength(1);
});

test('the list of drills fits 80 columns', async () => {
  const { code, stdout } = await run(local(), 'drill', '--list');
  expect(code).toBe(0);
  expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
  expect(stdout).toContain('alarm-sqs-in-flight');
});

test('Ctrl-C while it starts ends it', async () => {
  const signals = new EventEmitter();
  const interrupted = localCommand(() => {
    signals.emit('SIGINT');
    return Promise.resolve({ stackFile: STACK_FILE, bundle: BUNDLE });
  });
  expect((await runWith(signals, interrupted, '--port', '0')).code).toBe(0);
});

/** Waits until the pipeline has approved a payment. */
async function decided(port: string): Promise<void> {
  for (;;) {
    const { stdout } = await runOps(['--local', 'status', '--json', '--port', port]);
    if ((JSON.parse(stdout) as { payments: { APPROVED: { count: number } } }).payments.APPROVED.count > 0) return;
    await sleep(100);
  }
}

test('two at once have a page and a private file each; Ctrl-C ends them, removes the files, and writes the report', async () => {
  const [signals, report] = [new EventEmitter(), join(newDirectory(), 'page.html')];
  const running = [runWith(signals, local(), '--rate', '20', '--report', report), runWith(signals, local())];
  const files = () => (existsSync(localDirectory()) ? readdirSync(localDirectory()) : []);
  while (files().length < 2) await sleep(50);
  for (const file of files()) expect(statSync(join(localDirectory(), file)).mode & 0o777).toBe(0o600);
  for (const file of files()) await decided(file.replace('.json', ''));

  signals.emit('SIGINT');
  const results = await Promise.all(running);

  expect(results.map(({ code }) => code)).toEqual([0, 0]);
  const pages = results.map(({ stdout }) => /http:\/\/127\.0\.0\.1:\d+\//.exec(stdout)?.[0]);
  expect(new Set(pages).size).toBe(2);
  expect(files()).toEqual([]);
  for (const { stdout } of results) {
    const [, sent, ...became] =
      /ran for \d+ s\. Of (\d+) payments, (\d+) were decided, (\d+) failed, (\d+) were still queued, and 0 were\s+lost\./.exec(
        stdout.replaceAll('\n', ' '),
      )!;
    expect(became.reduce((sum, count) => sum + Number(count), 0)).toBe(Number(sent));
  }
  expect(results[0]!.stdout).toContain(`The page is in ${report}.`);
  expect(readFileSync(report, 'utf8')).toMatch(/local-\w+-1"[^]*"status":"APPROVED"/);
});

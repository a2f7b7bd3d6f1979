import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { codeBlocks, pageText, savedFiles } from '../../tools/kit/documents';
import { type DemoRun, runDemoCommand } from '../../tools/demo/fixtures/demo-run';
import { newDirectory } from '../../tools/kit/new-directory';
import { thoroughTest } from '../../tools/kit/thorough';

/** The tutorial as its reader does it, in another directory and on another port. */
const PAGE = pageText('docs/tutorials/first-payment.md');
const DIRECTORY = '.runs/tutorial';
const directory = newDirectory();
const commands = codeBlocks(PAGE, 'sh').join('').split('\n');
const shown = codeBlocks(PAGE, 'text');

jest.setTimeout(300_000);

let port: number;
let server: ChildProcess;
let calls = '';

const local = (text: string) =>
  text.replaceAll(DIRECTORY, directory).replaceAll(':8080', `:${port}`).replace('8080,', `${port},`);

beforeAll(async () => {
  port = await freePort();
  for (const [file, text] of Object.entries(savedFiles(PAGE))) {
    mkdirSync(dirname(local(file)), { recursive: true });
    writeFileSync(local(file), local(text));
  }
  const [program] = commands.filter((command) => command.startsWith('node '));
  server = spawn(process.execPath, local(program!).split(' ').slice(1), { stdio: ['ignore', 'pipe', 'inherit'] });
  server.stdout!.setEncoding('utf8').on('data', (text: string) => (calls += text));
  await once(server.stdout!, 'data');
});
afterAll(() => server.kill());

/** The demo's command line that has the option, and all that it prints. */
async function run(option: RegExp): Promise<string> {
  const [command = ''] = commands.filter((line) => line.startsWith('npx projen demo') && option.test(line));
  const [, args = ''] = command.split(' -- ');
  const { code, stdout, stderr }: DemoRun = await runDemoCommand(local(args).split(' ').filter(Boolean));
  expect(code).toBe(0);
  return stderr + stdout;
}

/** Asserts that the output has each line of the block, in its order, with any times and any width. */
function expectShown(output: string, block: string): void {
  const plain = (text: string) =>
    text
      .replace(/\b\d+ ms\b/g, 'N ms')
      .replace(/\b[0-9a-f]{8}\b/g, 'ID')
      .replace(/[│ ]+/g, ' ');
  let rest = plain(output);
  for (const line of plain(block).trim().split('\n')) {
    expect(rest).toContain(line.trim());
    rest = rest.slice(rest.indexOf(line.trim()));
  }
}

thoroughTest('1. the demo prints what the tutorial and the README show', async () => {
  const output = await run(/^npx projen demo$/);

  expectShown(output, shown[0]!);
  expectShown(output, codeBlocks(pageText('README.md'), 'text')[0]!);
});

test('3. one of the six payments is refused', async () => {
  expectShown(await run(/--fault-rate 0$/), shown[1]!);
});

test('4. and 5. the server decides; the payment that it refuses is a dead letter', async () => {
  const output = await run(/--output/);

  expectShown(output, shown[3]!);
  expect(callsOf()).toEqual(linesOf(shown[2]!));
  const record = JSON.parse(
    readFileSync(join(directory, 'records.jsonl'), 'utf8')
      .split('\n')
      .find((line) => line.includes('"gift-1"'))!,
  ) as Record<string, unknown>;
  expect(record).toMatchObject({
    payment_status: 'FAILED',
    failure_code: 'FRAUD_CHECK_REFUSED',
    attempts: 1,
    history: [{ status: 'PROCESSING' }, { status: 'FAILED' }],
    dead_lettered_at: expect.any(String) as string,
  });
});

test('6. with hold the next payment of the account waits', async () => {
  calls = '';

  expectShown(await run(/hold$/), shown[4]!);
  expect(callsOf()).toEqual(linesOf(shown[2]!).filter((line) => !line.startsWith('coffee-19')));
});

const linesOf = (text: string) => text.trim().split('\n').sort();

/** Between two accounts the order is by chance; within one the claims check it. */
const callsOf = () => linesOf(calls).filter((line) => !line.startsWith('Listening'));

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port: free } = probe.address() as AddressInfo;
  probe.close();
  return free;
}

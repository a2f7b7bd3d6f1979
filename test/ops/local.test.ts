import { spawnSync } from 'node:child_process';
import { get } from 'node:http';
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { localDirectory, type LocalEntry, localFile } from '../../src/ops/local';
import { Connections } from '../../src/ops/connections';
import { runOps } from '../../tools/kit/ops/ops-bench';
import { newDirectory } from '../../tools/kit/new-directory';
import { thoroughTest } from '../../tools/kit/thorough';
import { body, ScriptedServer } from '../../tools/kit/scripted-server';
import { anEntry, LocalGateway, register, TOKEN } from '../../tools/local/fixtures/registered';

const before = process.env;
const aws = new ScriptedServer();
const gateways: LocalGateway[] = [];

beforeAll(() => aws.start());
beforeEach(() => {
  process.env = {
    ...before,
    XDG_CACHE_HOME: newDirectory(),
    AWS_PROFILE: 'none',
    AWS_ENDPOINT_URL: 'http://192.0.2.1',
  };
  aws.answers(body(JSON.stringify({ QueueUrl: `${new URL(aws.url).origin}/0/q.fifo`, Successful: [], Failed: [] })));
});
afterEach(async () => {
  await Promise.all(gateways.splice(0).map((gateway) => gateway.close()));
});
afterAll(async () => {
  process.env = before;
  await aws.stop();
});

/** A running local pipeline, whose services all are the scripted server. */
async function running(port: number, fields: Partial<LocalEntry> = {}): Promise<LocalEntry> {
  const url = new URL(aws.url).origin;
  const gateway = await new LocalGateway({ sqs: url, dynamodb: url }, {}, TOKEN, () => ({})).listen();
  gateways.push(gateway);
  const entry = anEntry({ port, endpoint: gateway.url, ...fields });
  register(entry);
  return entry;
}

test.each([[['--local', 'payment', 'tx-1']], [['payment', 'tx-1', '--local']]])(
  '%j asks the one local pipeline, with credentials of its own, and neither AWS nor a configured endpoint',
  async (args) => {
    aws.answers(body('{}'));
    await running(8_400);

    const { code, stdout } = await runOps(args);

    expect({ code, stdout }).toEqual({
      code: 1,
      stdout: expect.stringContaining('No payment tx-1 in payment-status-dev in the local pipeline 8400') as string,
    });
    expect(aws.requests.map(({ headers }) => headers.authorization)).toEqual([
      expect.stringContaining('Credential=local/') as string,
    ]);
  },
);

test('of several one is picked by the port of its page, before or after the command', async () => {
  await running(8_400);
  await running(8_401);

  expect((await runOps(['--local', 'payment', 'tx-1'])).stderr).toMatch(
    /2 local pipelines run: say --port 8400 or --port 8401\.\n/,
  );
  expect((await runOps(['--local', 'payment', 'tx-1', '--port', '8402'])).stderr).toMatch(
    /with its page at port 8402: say --port 8400 or/,
  );
  expect((await runOps(['--local', 'payment', 'tx-1', '--port', '8401'])).stdout).toContain('local pipeline 8401');
  expect((await runOps(['--local', '--port', '8401', 'payment', 'tx-1'])).stdout).toContain('local pipeline 8401');
});

test('a directory that cannot be listed is not taken for one that is empty', async () => {
  mkdirSync(dirname(localDirectory()), { recursive: true });
  writeFileSync(localDirectory(), '');
  const { code, stderr } = await runOps(['--local', 'status']);
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr: expect.stringMatching(
      /local, where a running local pipeline is found, cannot be read \(ENOTDIR\)/,
    ) as string,
  });
});

describe('what has ended is not taken for running, and its file is removed', () => {
  test.each<[what: string, register: () => Promise<LocalEntry>]>([
    ['its process is gone', () => running(8_400, { pid: spawnSync(process.execPath, ['-e', '']).pid })],
    ['its process number is that of another process', () => running(8_400, { pid: process.ppid })],
    ['its address is that of another server', () => running(8_400, { endpoint: new URL(aws.url).origin })],
    ['nobody listens at its address', () => running(8_400, { endpoint: 'http://127.0.0.1:1' })],
    ['it has another token by now', () => running(8_400, { token: 'other' })],
  ])('%s', async (_what, registered) => {
    const { port } = await registered();

    const { code, stderr } = await runOps(['--local', 'status']);

    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: 'No local pipeline runs on this machine: start one by "npx projen local" in the project.\n',
    });
    expect(existsSync(localFile(port))).toBe(false);
  });
});

test.each(['https://127.0.0.1:1', 'http://192.0.2.1:1', 'http://127.0.0.1.example.com'])(
  'an address that is not on this machine is never called: %s',
  async (endpoint) => {
    await running(8_400, { endpoint });
    expect((await runOps(['--local', 'status'])).stderr).toMatch(/^No local pipeline runs/);
  },
);

test('a file that another user may have written is refused', async () => {
  const { port } = await running(8_400);
  chmodSync(localFile(port), 0o644);
  expect((await runOps(['--local', 'status'])).stderr).toMatch(/8400\.json is not private to you/);
});

test.each([
  ['--environment', 'production'],
  ['--queue-name', 'other'],
  ['--outputs', 'outputs.json'],
])('%s beside --local is refused', async (...option) => {
  await running(8_400);
  expect((await runOps(['--local', 'status', ...option])).stderr).toMatch(/^--local names a pipeline on this machine/);
});

test('--port without --local is refused', async () => {
  expect((await runOps(['status', '--port', '8400'])).stderr).toBe(
    '--port picks a local pipeline: give --local too.\n',
  );
});

test('a service that the local pipeline lacks says so', async () => {
  await running(8_400);
  const { code, stderr } = await runOps(['--local', 'analyze']);
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(/NotEmulated/) as string });
});

test.each([
  ['toString', '/'],
  ['sqs', '//192.0.2.1/'],
])('a request for %s %s ends neither the pipeline nor on another machine', async (service, path) => {
  const { endpoint } = await running(8_400);
  const authorization = `AWS4-HMAC-SHA256 Credential=local/20260102/eu-west-1/${service}/aws4_request`;
  const status = await new Promise((resolve, reject) => {
    get(endpoint, { path, headers: { authorization } }, (answer) => resolve(answer.resume().statusCode)).on(
      'error',
      reject,
    );
  });
  expect(status).toBe(service === 'sqs' ? 200 : 501);
});

describe('one that is at its limit', () => {
  thoroughTest('is not taken for one that has ended', async () => {
    const silent = await new LocalGateway({}, {}, TOKEN, () => ({})).listen();
    gateways.push(silent);
    jest.spyOn(silent as never, 'serve').mockImplementation((() => new Promise(() => undefined)) as never);
    const { port } = anEntry({ endpoint: silent.url });
    register(anEntry({ endpoint: silent.url }));
    await runOps(['--local', 'status']);
    expect(existsSync(localFile(port))).toBe(true);
  });
});

test('a call to any other host is refused before it is made', async () => {
  const request = { protocol: 'http:', hostname: '192.0.2.1', method: 'GET', path: '/', headers: {} };
  await expect(new Connections(1_000, true).handle(request as never)).rejects.toThrow(
    "192.0.2.1 is not on this machine, so --local doesn't call it.",
  );
});

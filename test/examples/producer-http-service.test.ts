import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PaymentMessage } from '../../src/contract';
import { codeBlocks, pageText, ROOT } from '../../tools/kit/documents';
import { EmbeddedQueue } from '../../tools/kit/producer/embedded-queue';
import { idsOf, payments } from '../../tools/kit/producer/producing';

interface Answer {
  readonly results: readonly { readonly transaction_id: string; readonly status: string }[];
}

const PROGRAM = ['--import', 'tsx', 'examples/producer-http-service/main.ts'];
const [REQUEST, ANSWER] = codeBlocks(pageText('examples/producer-http-service/README.md'), 'json');

jest.setTimeout(120_000); // seconds on a machine of its own

let queue: EmbeddedQueue;
let service: ChildProcess;
let url: string;

/** @param port 0 for a free one */
async function start(port = '0'): Promise<void> {
  const env = { ...process.env, ...queue.environment, PORT: port };
  service = spawn(process.execPath, PROGRAM, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(service.stdout!, 'data')) as [Buffer];
  url = /http:\S+/.exec(line.toString())![0];
}

function post(body: string | Buffer, path = '/payments'): Promise<Response> {
  return fetch(url + path, { method: 'POST', body });
}

beforeAll(async () => {
  queue = await EmbeddedQueue.start();
  await start();
});
afterEach(() => queue.take());
afterAll(async () => {
  service.kill('SIGKILL');
  await queue.close();
});

test('answers the request of the README as it says, and queues what it accepted', async () => {
  const answer = await post(REQUEST!);

  expect(answer.status).toBe(202);
  expect(await answer.json()).toEqual(JSON.parse(ANSWER!));
  expect(await queue.take()).toEqual([(JSON.parse(REQUEST!) as unknown[])[0]]);
});

test('keeps the order of each account, also of several requests at a time', async () => {
  const sent = [0, 1, 2, 3].map((client) =>
    payments(40, 4).map((payment) => ({ ...payment, account_id: `${client}-${payment.account_id}` })),
  );
  const all = sent.map((own, client) =>
    own.map((payment) => ({ ...payment, transaction_id: `${client}-${payment.transaction_id}` })),
  );
  const answers = await Promise.all(all.map((own) => post(JSON.stringify(own))));

  expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 202]);
  const queued = await queue.take();
  expect(queued).toHaveLength(160);
  for (const account of new Set(queued.map(({ account_id }) => account_id)))
    expect(idsOf(queued, account)).toEqual(idsOf(all.flat(), account));
});

test.each([
  ['an invalid body', '{', 400],
  ['no array', '{"schema_version":1}', 400],
  ['no UTF-8', Buffer.from('["é"]', 'latin1'), 400],
  ['a long body', `["${'x'.repeat(1_000_000)}"]`, 413],
])('refuses %s', async (_what, body, status) => {
  const answer = await post(body);
  expect(answer.status).toBe(status);
  expect(await answer.json()).toEqual({ error: expect.stringMatching(/\.$/) as string });
});

test('refuses another path, and gives a result to anything in the array', async () => {
  expect((await post('[]', '/other')).status).toBe(404);
  expect((await fetch(`${url}/payments`)).status).toBe(404);

  const answer = await post('[null, 7, []]');
  expect(answer.status).toBe(202);
  const { results } = (await answer.json()) as Answer;
  expect(results.map(({ status }) => status)).toEqual(['refused', 'refused', 'refused']);
});

test('loses no payment when it crashes, if clients repeat what was not accepted', async () => {
  const sent = payments(80, 8);
  const accounts = [...new Set(sent.map(({ account_id }) => account_id))];
  const { port } = new URL(url);
  const signal = AbortSignal.timeout(100_000);
  let accepted = 0;

  async function client(account: string): Promise<void> {
    for (const payment of sent.filter(({ account_id }) => account_id === account)) {
      while (!(await isAccepted(payment))) await sleep(20, undefined, { signal });
      accepted += 1;
    }
  }
  const clients = Promise.all(accounts.map(client));
  for (const crashAt of [20, 50]) {
    while (accepted < crashAt) await sleep(5, undefined, { signal });
    service.kill('SIGKILL');
    await once(service, 'exit');
    expect(accepted).toBeLessThan(sent.length);
    await start(port);
  }
  await clients;

  const queued = await queue.take();
  expect(queued).toHaveLength(sent.length);
  for (const account of accounts) expect(idsOf(queued, account)).toEqual(idsOf(sent, account));
});

async function isAccepted(payment: PaymentMessage): Promise<boolean> {
  try {
    const { results } = (await (await post(JSON.stringify([payment]))).json()) as Answer;
    return results[0]!.status === 'accepted';
  } catch {
    return false; // no answer, or the connection is refused
  }
}

test('answers a request that has begun when it is told to end', async () => {
  const posting = request(`${url}/payments`, { method: 'POST', agent: false });
  posting.write('[');
  await sleep(200); // until the service has read it
  service.kill('SIGTERM');
  await sleep(200); // until it listens no more
  await expect(fetch(url)).rejects.toThrow('fetch failed');
  posting.end(`${JSON.stringify(payments(1, 1, { transaction_id: 'last' })[0])}]`);

  const [response] = (await once(posting, 'response')) as [IncomingMessage];
  response.resume();
  expect(response.statusCode).toBe(202);
  expect(await once(service, 'exit')).toEqual([0, null]);
  expect(await queue.take()).toHaveLength(1);
});

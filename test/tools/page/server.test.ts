import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { UsageError } from '../../../src/cli/command-error';
import { sampleModel } from '../../../tools/page/fixtures/sample-model';
import type { PageModel } from '../../../tools/page/model';
import { type PageServer, type PageSource, startPageServer } from '../../../tools/page/server';

let model: PageModel;
const orders: string[] = [];
const source: PageSource = {
  model: () => model,
  drill(name, action) {
    if (name === 'unknown') throw new UsageError('There is no drill of that name.');
    orders.push(`${action} ${name}`);
  },
};

let server: PageServer;
beforeEach(async () => {
  model = sampleModel({ payments: 20 });
  orders.length = 0;
  server = await startPageServer(source, { intervalMs: 20 });
});
afterEach(() => server.close());

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

function ask(path: string, method = 'GET', headers: Record<string, string> = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asking = request(new URL(path, server.url), { method, headers }, (response) => {
      response.toArray().then((chunks) => {
        resolve({
          status: response.statusCode!,
          headers: response.headers,
          body: Buffer.concat(chunks as Buffer[]).toString(),
        });
      }, reject);
    });
    asking.on('error', reject).end();
  });
}

/** The events that the server sends, as they come. */
async function* events(): AsyncGenerator<{ readonly event: string; readonly data: unknown }> {
  const { body } = await fetch(new URL('events', server.url));
  let unread = '';
  for await (const chunk of body!.pipeThrough(new TextDecoderStream())) {
    unread += chunk;
    const complete = unread.split('\n\n');
    unread = complete.pop()!;
    for (const text of complete) {
      const [, event, data] = /^event: (.*)\ndata: (.*)$/.exec(text) ?? [];
      if (event !== undefined) yield { event, data: JSON.parse(data!) };
    }
  }
}

test('it serves the page with the model', async () => {
  const { status, headers, body } = await ask('/');

  expect(status).toBe(200);
  expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' });
  expect(body).toContain("connect-src 'self'");
  expect(body).toContain(model.payments[0]!.id);
});

test('a reader is sent the model, then each change and nothing else', async () => {
  const sent = events();

  expect((await sent.next()).value).toEqual({ event: 'all', data: JSON.parse(JSON.stringify(model)) });
  const [first] = model.payments;
  model = { ...model, payments: model.payments.map((one) => (one === first ? { ...one, attempts: 7 } : one)) };
  for (;;) {
    const { value } = await sent.next();
    const { set } = value!.data as { set: Record<string, { attempts: number }> };
    if (Object.keys(set).length === 0) continue;
    expect(set).toEqual({ [`payments/${first!.id}`]: { ...first, attempts: 7 } });
    break;
  }
  await sent.return(undefined);
});

test('a reader that leaves before it is answered is not followed', async () => {
  let asked = 0;
  const slow = await startPageServer(
    {
      async model() {
        asked++;
        await sleep(100);
        return model;
      },
    },
    { intervalMs: 10 },
  );
  const leaving = new AbortController();
  const events = fetch(new URL('events', slow.url), { signal: leaving.signal });
  while (asked === 0) await sleep(5);
  leaving.abort();
  await expect(events).rejects.toThrow();
  await sleep(300);
  expect(asked).toBe(1);
  await slow.close();
});

describe('another site reads nothing and does nothing', () => {
  test.each(['/', '/events', '/docs/runbooks/dead-letters.md'])('GET %s by another name of this host', async (path) => {
    expect(await ask(path, 'GET', { host: 'attacker.example' })).toMatchObject({ status: 403 });
  });

  test.each([{}, { origin: 'http://attacker.example' }, { origin: 'null' }])('an order from %j', async (headers) => {
    expect(await ask('/drills/fraud-api-down/start', 'POST', headers as Record<string, string>)).toMatchObject({
      status: 403,
    });
    expect(orders).toEqual([]);
  });

  test('no page may be framed', async () => {
    expect((await ask('/')).headers['content-security-policy']).toContain("frame-ancestors 'none'");
  });
});

test('the page starts and stops drills', async () => {
  const origin = new URL(server.url).origin;

  expect(await ask('/drills/fraud-api-down/start', 'POST', { origin })).toMatchObject({ status: 200 });
  expect(await ask('/drills/fraud-api-down/stop', 'POST', { origin })).toMatchObject({ status: 200 });
  expect(orders).toEqual(['start fraud-api-down', 'stop fraud-api-down']);
  expect(await ask('/drills/unknown/start', 'POST', { origin })).toMatchObject({
    status: 409,
    body: 'There is no drill of that name.',
  });
});

test('it serves the runbooks, with the anchors that links have', async () => {
  const { status, body } = await ask('/docs/runbooks/dead-letters.md');

  expect(status).toBe(200);
  expect(body).toContain('<h2 id="redrive">');
});

test.each([
  '/docs',
  '/docs/',
  '/docs/../package.json',
  '/docs/%2e%2e/README.md',
  '/package.json',
  '/docs/none.md',
  '/favicon.ico',
])('nothing is at %s', async (path) => {
  expect(await ask(path)).toMatchObject({ status: 404 });
});

test.each(['PUT', 'DELETE', 'POST'])('%s of the page is refused', async (method) => {
  expect(await ask('/', method)).toMatchObject({ status: 405 });
});

test('a taken port is a sentence', async () => {
  const port = Number(new URL(server.url).port);

  await expect(startPageServer(source, { port })).rejects.toThrow(/Port \d+ cannot be used \(EADDRINUSE\)/);
});

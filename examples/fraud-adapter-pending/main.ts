import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * A fraud API that assesses in the background. POST /assessments answers 202 while it works, with an id to poll. It knows a repeated call by its
 * idempotency key, and waits as long as the caller prefers (RFC 7240, 4.3) before it answers 202.
 */

interface Assessment {
  readonly id: number;
  readonly result: 'PASS' | 'FAIL';
  readonly readyAt: number;
}

const { PORT = '8080', ASSESSMENT_MS = '400', SLOW_ASSESSMENT_MS = '1500' } = process.env;

/** One in so many assessments is slow. */
const SLOW_EVERY = 10;

const byKey = new Map<string, Assessment>();

function begin(amount: number): Assessment {
  const id = byKey.size + 1;
  const milliseconds = Number(id % SLOW_EVERY === 0 ? SLOW_ASSESSMENT_MS : ASSESSMENT_MS);
  return { id, result: amount > 5_000_000 ? 'FAIL' : 'PASS', readyAt: Date.now() + milliseconds };
}

function find({ method, url = '', headers }: IncomingMessage, text: string): Assessment | undefined {
  if (method === 'GET') return [...byKey.values()].find(({ id }) => url === `/assessments/${id}`);
  if (method !== 'POST' || url !== '/assessments') return undefined;
  const key = String(headers['idempotency-key']);
  const { amount } = JSON.parse(text) as { amount: number };
  const assessment = byKey.get(key) ?? begin(amount);
  byKey.set(key, assessment);
  return assessment;
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const text = Buffer.concat((await request.toArray()) as Buffer[]).toString();
  const assessment = find(request, text);
  if (assessment === undefined) {
    response.writeHead(404).end();
    return;
  }
  const [, seconds = '0'] = /^wait=(\d+)$/.exec(String(request.headers.prefer)) ?? [];
  await sleep(Math.max(0, Math.min(Number(seconds) * 1_000, assessment.readyAt - Date.now())));
  const { id, result } = assessment;
  const isReady = Date.now() >= assessment.readyAt;
  const headers = {
    'content-type': 'application/json',
    ...(!isReady && { location: `/assessments/${id}`, 'retry-after': '1' }),
  };
  response.writeHead(isReady ? 200 : 202, headers).end(JSON.stringify(isReady ? { id, result } : { id }));
}

const server = createServer((request, response) => {
  answer(request, response).catch(() => response.writeHead(400).end());
});
server.listen(Number(PORT), '127.0.0.1', () => {
  process.stdout.write(`Listening on http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});

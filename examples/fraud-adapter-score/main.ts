import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A fraud API that knows nothing of the pipeline: it rates a transfer from 0 to 100, and leaves the decision to its caller. */

interface Transfer {
  readonly reference: string;
  readonly payee: string;
  /** In minor units. */
  readonly amount: number;
}

interface Rating {
  readonly risk: number;
  readonly signals: readonly string[];
}

const { PORT = '8080' } = process.env;

/** From 0 to 99, the same for the same reference. */
function hash(reference: string): number {
  let sum = 0;
  for (const character of reference) sum = (sum * 31 + character.charCodeAt(0)) % 9_973;
  return sum % 100;
}

function rate({ reference, amount }: Transfer): Rating {
  const isLarge = amount > 1_000_000;
  const risk = Math.min(100, hash(reference) + (isLarge ? 30 : 0));
  return { risk, signals: isLarge ? ['LARGE_AMOUNT'] : [] };
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const reply = (status: number, body: object) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
  const text = Buffer.concat((await request.toArray()) as Buffer[]).toString();
  if (request.method !== 'POST' || request.url !== '/v3/ratings') {
    reply(404, { error: 'NOT_FOUND' });
    return;
  }
  const transfer = JSON.parse(text) as Transfer;
  // Errors are answers with status 200, as in many APIs.
  if (transfer.payee.startsWith('unknown-')) reply(200, { error: 'UNKNOWN_PAYEE' });
  else if (Math.random() < 0.05) reply(200, { error: 'BUSY' });
  else reply(200, rate(transfer));
}

const server = createServer((request, response) => {
  answer(request, response).catch(() => response.writeHead(400).end());
});
server.listen(Number(PORT), '127.0.0.1', () => {
  process.stdout.write(`Listening on http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});

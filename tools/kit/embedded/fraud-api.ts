import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FraudAnswer } from '../../../src/contract';
import { fractionOf, seededRandom } from '../random';

/** Payments to these beneficiaries are refused permanently. */
export const POISON_PREFIX = 'poison-';

const LATENCY_MS = { low: 10, high: 40 };

/** The faults. The slow ones (429 asks for a second, no answer costs the caller its timeout) are rarer. */
const QUICK_FAULTS = ['HTTP 500', 'HTTP 503', 'garbage', 'reset'] as const;
const SLOW_FAULTS = ['HTTP 429', 'no answer'] as const;
const FAULTS = [...QUICK_FAULTS, ...QUICK_FAULTS, ...SLOW_FAULTS];

/** A longer latency than the deployed timeout of a call. */
const SLOW_MS = 3_000;

/** What the API does with every call instead of deciding: it resets the connection, takes longer than the caller waits, refuses the payment permanently, or answers what is no JSON. */
export type Disruption = 'down' | 'slow' | 'refusing' | 'garbage';

export interface EmbeddedFraudApi {
  readonly url: string;
  /** @default none */
  disruption: Disruption | undefined;
  /** Transaction ids that were refused permanently. */
  readonly refused: ReadonlySet<string>;
  /** Answers so far, and how many of them were faults. */
  readonly answers: () => { readonly calls: number; readonly faults: number };
  close(): Promise<void>;
}

interface Options {
  readonly seed: number;
  /** Part of the answers that are faults, 0 to 1. */
  readonly faultRate: number;
}

/**
 * A fraud API over HTTP on loopback, with latency and faults. It decides by the transaction id alone: the same
 * payment gets the same decision however often it is asked.
 */
export async function startFraudApi({ seed, faultRate }: Options): Promise<EmbeddedFraudApi> {
  const random = seededRandom(seed);
  const refused = new Set<string>();
  let calls = 0;
  let faults = 0;

  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const payment = JSON.parse(await text(request)) as { transaction_id: string; beneficiary_id: string };
    calls++;
    await sleep(random.between(LATENCY_MS.low, LATENCY_MS.high));
    const { disruption } = api;
    if (disruption === 'slow') await sleep(SLOW_MS);
    if (disruption === 'down') fail(response, 'reset');
    else if (disruption === 'garbage') fail(response, 'garbage');
    else if (random.next() < faultRate) {
      faults++;
      fail(response, FAULTS[random.between(0, FAULTS.length - 1)]!);
    } else if (disruption === 'refusing' || payment.beneficiary_id.startsWith(POISON_PREFIX)) {
      refused.add(payment.transaction_id);
      reply(response, 422, { error: 'unknown beneficiary' });
    } else {
      reply(response, 200, decide(payment.transaction_id, seed));
    }
  };

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const api: EmbeddedFraudApi = {
    disruption: undefined,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/check`,
    refused,
    answers: () => ({ calls, faults }),
    close: () => closeNow(server),
  };
  return api;
}

function decide(transactionId: string, seed: number): FraudAnswer {
  const score = Math.round(fractionOf(transactionId, seed) * 1_000) / 1_000;
  if (score > 0.97) return { decision: 'decline', score, reasons: ['beneficiary on a watch list'] };
  if (score > 0.92) return { decision: 'review', score, reasons: ['unusual amount for the account'] };
  return { decision: 'approve', score, reasons: [] };
}

function fail(response: ServerResponse, fault: (typeof FAULTS)[number]): void {
  switch (fault) {
    case 'HTTP 500':
      reply(response, 500, {});
      break;
    case 'HTTP 503':
      reply(response, 503, {});
      break;
    case 'HTTP 429':
      reply(response, 429, {}, { 'retry-after': '1' });
      break;
    case 'garbage':
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html>');
      break;
    case 'reset':
      response.socket?.resetAndDestroy();
      break;
    case 'no answer': // until the caller gives up
      break;
  }
}

function reply(response: ServerResponse, status: number, body: object, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

async function text(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function closeNow(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) =>
    server.close(() => {
      resolve();
    }),
  );
}

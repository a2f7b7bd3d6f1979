import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** The API's reaction to one call. It sends text and bytes unchanged, anything else as JSON. */
export type Answer =
  | {
      readonly status?: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: unknown;
      readonly delayMs?: number;
      /** Statuses of interim answers that come before. */
      readonly interim?: readonly number[];
      /** Runs before the answer goes out. */
      readonly meanwhile?: () => Promise<unknown>;
    }
  /** The connection is reset without an answer; or after the half of one; or the API never ends its answer. */
  | 'reset'
  | 'reset halfway'
  | 'hang'
  | 'hang halfway';

export interface FraudCall {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly transactionId: string;
  readonly at: number;
  /** When the answer was out, or the caller gave up (ms since the epoch). */
  endedAt?: number;
}

export const APPROVE = { body: { decision: 'approve', score: 0.01, reasons: [] } } satisfies Answer;

/** A fraud API on loopback that answers each payment as the test says, and notes every call. */
export class ScriptedFraudApi {
  readonly calls: FraudCall[] = [];
  private readonly scripts = new Map<string, Answer[]>();
  private readonly server = createServer((request, response) => void this.answer(request, response));

  static async start(): Promise<ScriptedFraudApi> {
    const api = new ScriptedFraudApi();
    await new Promise<void>((resolve) => api.server.listen(0, '127.0.0.1', resolve));
    return api;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** The payment's answers, one a call; the last one stays. Without a script every payment is approved. */
  script(transactionId: string, ...answers: Answer[]): void {
    this.scripts.set(transactionId, answers);
  }

  callsFor(transactionId: string): FraudCall[] {
    return this.calls.filter((call) => call.transactionId === transactionId);
  }

  /** Resolves when that many calls for the payment have ended, and their caller has had time to see it. */
  async hasEnded(transactionId: string, calls: number): Promise<void> {
    while (this.callsFor(transactionId).filter(({ endedAt }) => endedAt !== undefined).length < calls) await sleep(5);
    await sleep(50);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = (await request.toArray()).join('');
    const transactionId = idIn(body);
    const { method, url, headers } = request;
    const call: FraudCall = { method, url, headers, body, transactionId, at: Date.now() };
    response.once('close', () => (call.endedAt = Date.now()));
    this.calls.push(call);
    const script: Answer[] = this.scripts.get(transactionId) ?? [APPROVE];
    const answer = script.length > 1 ? script.shift()! : script[0]!;
    if (answer === 'hang') return;
    if (answer === 'reset') {
      request.socket.resetAndDestroy();
    } else if (typeof answer === 'string') {
      response.writeHead(200, { 'content-type': 'application/json' }).write('{"decision":"approve",');
      if (answer === 'reset halfway') setTimeout(() => request.socket.resetAndDestroy(), 10);
    } else {
      await answer.meanwhile?.();
      for (const status of answer.interim ?? []) request.socket.write(`HTTP/1.1 ${status} Interim\r\n\r\n`);
      await sleep(answer.delayMs ?? 0);
      const raw = typeof answer.body === 'string' || Buffer.isBuffer(answer.body);
      response.writeHead(answer.status ?? 200, answer.headers).end(raw ? answer.body : JSON.stringify(answer.body));
    }
  }
}

function idIn(body: string): string {
  try {
    return String((JSON.parse(body) as { transaction_id: unknown }).transaction_id);
  } catch {
    return '';
  }
}

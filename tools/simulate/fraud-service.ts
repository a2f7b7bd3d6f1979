import type { SeededRandom } from '../kit/random';
import type { HttpAnswer } from '../../src/processor/adapters/http-client';
import type { ClientMessage, Says } from './client-messages';
import { BUSY, type FraudFault } from './fraud-faults';
import type { VirtualTime } from '../kit/virtual-time';
import type { Troubles } from './troubles';

/** The API's reaction to a call. */
export type FraudReply =
  | { readonly kind: 'answer'; readonly response: HttpAnswer; readonly says?: Says[number]; readonly afterMs: number }
  | { readonly kind: 'reset' }
  | { readonly kind: 'hang' };

const LATENCY_MS = { low: 20, high: 300 };
/** Longer than a call may take. */
const SLOW_MS = 3_000;
/** Share of the calls to an overloaded API that fail. */
const PART_BUSY = 0.5;
const OUT: readonly FraudFault[] = [{ kind: 'status', status: 500 }, { kind: 'reset' }, { kind: 'hang' }];

/** The fraud API: decides as each payment's script says, unless something goes wrong. */
export class FraudService {
  private readonly scripts = new Map<string, Says>();
  /** Calls that got a decision, by payment. */
  private readonly calls = new Map<string, number>();
  /** All calls, by payment. */
  private readonly requests = new Map<string, number>();

  constructor(
    messages: readonly ClientMessage[],
    private readonly time: VirtualTime,
    private readonly random: SeededRandom,
    private readonly troubles: Troubles,
  ) {
    for (const message of messages) this.learn(message);
  }

  learn({ payment }: ClientMessage): void {
    if (payment) this.scripts.set(keyOf(payment.message), payment.says);
  }

  /** @param body of a request that is right; the invariants have checked it already */
  reply(body: { readonly transaction_id: string; readonly amount: number }): FraudReply {
    const request = this.requests.get(keyOf(body)) ?? 0;
    this.requests.set(keyOf(body), request + 1);
    const fault = this.troubles.blipAt(request) ?? this.faultOfNow();
    if (fault?.kind === 'status')
      return answer(fault.status, '', this.latency(), 'retryAfter' in fault ? fault.retryAfter : undefined);
    if (fault?.kind === 'two decisions')
      return answer(200, '{"decision":"decline","score":0.9,"reasons":[],"decision":"approve"}', this.latency());
    if (fault?.kind === 'garbage') return answer(200, '<html>', this.latency());
    if (fault?.kind === 'reset' || fault?.kind === 'hang') return fault;
    return this.decide(body, fault?.kind === 'slow' ? SLOW_MS : this.latency());
  }

  private faultOfNow(): FraudFault | undefined {
    const { elapsed } = this.time;
    const planned = this.troubles.next('fraud')?.fault;
    if (this.troubles.isOut('fraud', elapsed)) return OUT[this.random.between(0, OUT.length - 1)]!;
    return this.troubles.slowness(elapsed) > 0 && this.random.next() < PART_BUSY ? BUSY : planned;
  }

  private decide(body: { readonly transaction_id: string; readonly amount: number }, afterMs: number): FraudReply {
    const key = keyOf(body);
    const call = this.calls.get(key) ?? 0;
    this.calls.set(key, call + 1);
    const script = this.scripts.get(key) ?? ['refuse'];
    const says = script[Math.min(call, script.length - 1)]!;
    if (says === 'refuse') return { ...answer(422, '{}', afterMs), says };
    return { ...answer(200, JSON.stringify({ decision: says, score: 0.5, reasons: [] }), afterMs), says };
  }

  private latency(): number {
    return this.random.between(LATENCY_MS.low, LATENCY_MS.high + this.troubles.slowness(this.time.elapsed));
  }
}

/** The key of a payment. Two payments of one transaction id have different amounts. */
function keyOf({ transaction_id, amount }: { readonly transaction_id: string; readonly amount: number }): string {
  return `${transaction_id} ${amount}`;
}

function answer(
  status: number,
  body: string,
  afterMs: number,
  retryAfter?: string,
): Extract<FraudReply, { kind: 'answer' }> {
  return {
    kind: 'answer',
    afterMs,
    response: {
      status,
      headers: retryAfter === undefined ? {} : { 'retry-after': retryAfter },
      body: Buffer.from(body),
    },
  };
}

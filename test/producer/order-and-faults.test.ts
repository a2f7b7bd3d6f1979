import fc from 'fast-check';
import type { PaymentMessage } from '../../src/contract';
import { fractionOf } from '../../tools/kit/random';
import { PaymentProducer, type SendResult } from '../../src/producer';
import { VirtualTime } from '../../tools/kit/virtual-time';
import { aPayment } from '../../tools/kit/payments/payments';
import { type CallFate, type EntryFate, FaultySqs, type Fates, idOf } from '../../tools/kit/producer/faulty-sqs';
import { inVirtualTime } from '../../tools/kit/producer/virtual-world';

const MINUTE = 60_000;
const DEDUPLICATION_WINDOW = 5 * MINUTE;
/** Minutes that a run takes at most, and what arrives late. */
const LONGEST_RUN = 4;
const CALL_FATES: readonly CallFate[] = [
  'throttled',
  'broken before',
  'broken after',
  'lost before',
  'lost after',
  'hangs before',
  'hangs after',
  'arrives late',
  'denied',
  'denied after a retry',
];
const ENTRY_FATES: readonly EntryFate[] = [
  'throttled',
  'throttled',
  'internal error',
  'internal error, stored',
  'not mentioned',
  'not mentioned, stored',
  'refused',
];

/** How a run goes: everything else follows from it, the same each time. */
interface Schedule {
  readonly seed: number;
  /** The account of each payment. */
  readonly accounts: readonly number[];
  /** Shares of calls and of entries that something befalls. */
  readonly badCalls: number;
  readonly badEntries: number;
  /** Minutes until the caller sends the payments again that were not accepted. */
  readonly pause: number;
  /** Milliseconds after which the caller aborts. */
  readonly abortAfter: number | undefined;
}

const schedules: fc.Arbitrary<Schedule> = fc.record({
  seed: fc.nat(),
  accounts: fc.array(fc.nat({ max: 15 }), { minLength: 1, maxLength: 60 }),
  badCalls: fc.constantFrom(0, 0.2, 0.6, 0.95),
  badEntries: fc.constantFrom(0, 0.2, 0.6),
  pause: fc.nat({ max: 10 }),
  abortAfter: fc.option(fc.nat({ max: 2_000 }), { nil: undefined, freq: 4 }),
});

const HARD: Schedule = {
  seed: 1,
  accounts: [0, 1, 0, 1, 2, 0, 1],
  badCalls: 0.95,
  badEntries: 0.6,
  pause: 10,
  abortAfter: undefined,
};

function fatesOf({ seed, badCalls, badEntries }: Schedule): Fates {
  const pick = <T>(all: readonly T[], ...of: (string | number)[]) =>
    all[Math.floor(fractionOf(seed, 'which', ...of) * all.length)]!;
  return {
    call: (call) => (fractionOf(seed, call) < badCalls ? pick(CALL_FATES, call) : 'answered'),
    entry: (id, send) => (fractionOf(seed, id, send) < badEntries ? pick(ENTRY_FATES, id, send) : 'stored'),
  };
}

interface Outcome {
  readonly payments: readonly PaymentMessage[];
  readonly sqs: FaultySqs;
  readonly results: readonly SendResult[];
  /** The queue when the caller sent again. */
  readonly queuedFirst: readonly string[];
  readonly again: readonly SendResult[];
}

/** The caller's whole story: send, read the results, and send again, in order, the payments that were not accepted, when no fault is left. */
async function play(schedule: Schedule): Promise<Outcome> {
  const time = new VirtualTime();
  const sqs = new FaultySqs(time, schedule.seed, fatesOf(schedule));
  const payments = schedule.accounts.map((account, index) =>
    aPayment({ transaction_id: `p${index}`, account_id: `a${account}` }),
  );
  return inVirtualTime(time, async () => {
    const producer = new PaymentProducer(sqs.client, 'https://sqs.test/payments.fifo');
    const stop = new AbortController();
    if (schedule.abortAfter !== undefined)
      time.after(schedule.abortAfter, () => {
        stop.abort();
      });
    const results = await producer.send(payments, { signal: stop.signal });
    await time.sleep(MINUTE + schedule.pause * MINUTE); // what arrives late has arrived
    const queuedFirst = sqs.messages.map(({ body }) => idOf({ MessageBody: body }));
    sqs.fates = { call: () => 'answered', entry: () => 'stored' };
    const accepted = new Set(results.filter(({ status }) => status === 'accepted').map(({ payment }) => payment));
    const again = await producer.send(payments.filter((payment) => !accepted.has(payment)));
    return { payments, sqs, results, queuedFirst, again };
  });
}

const ids = (results: readonly SendResult[]) => results.map(({ payment }) => payment.transaction_id);
const unique = <T>(all: readonly T[]) => [...new Set(all)];

function byAccount(payments: readonly PaymentMessage[], queued: readonly string[]): string[][] {
  const accountOf = new Map(payments.map(({ transaction_id, account_id }) => [transaction_id, account_id]));
  return unique([...accountOf.values()]).map((account) => queued.filter((id) => accountOf.get(id) === account));
}

/** The properties after the caller's first call, with any fault. */
function judgeFirst({ payments, results, queuedFirst }: Outcome, { abortAfter }: Schedule): void {
  const queued = new Set(queuedFirst);
  expect(ids(results)).toEqual(payments.slice(0, results.length).map(({ transaction_id }) => transaction_id));
  if (abortAfter === undefined) expect(results).toHaveLength(payments.length);
  for (const { status, payment } of results) {
    if (status === 'accepted') expect(queued).toContain(payment.transaction_id);
    if (status === 'refused') expect(queued).not.toContain(payment.transaction_id);
  }
  for (const id of queued) expect(ids(results)).toContain(id);
  expect(queuedFirst).toEqual(unique(queuedFirst));
  for (const account of byAccount(payments, queuedFirst)) expect(account).toEqual(inOrderGiven(account));
}

/** After the payments that were not accepted were sent again, only those with an unknown result may be there twice. */
function judgeAgain({ payments, sqs, results, again }: Outcome, { pause }: Schedule): void {
  const queued = sqs.messages.map(({ body }) => idOf({ MessageBody: body }));
  const unknown = new Set(ids(results.filter(({ status }) => status === 'unknown')));
  expect(again.every(({ status }) => status === 'accepted')).toBe(true);
  expect(unique(queued).sort()).toEqual(payments.map(({ transaction_id }) => transaction_id).sort());
  for (const account of byAccount(payments, unique(queued))) expect(account).toEqual(inOrderGiven(account));
  for (const id of queued.filter((one, index) => queued.indexOf(one) !== index)) {
    expect(unknown).toContain(id);
    expect((pause + LONGEST_RUN) * MINUTE).toBeGreaterThanOrEqual(DEDUPLICATION_WINDOW);
    expect(unique(sqs.sendsOf(id).map(({ MessageDeduplicationId }) => MessageDeduplicationId))).toHaveLength(1);
  }
}

test('after any faults of calls and entries: order kept, nothing accepted is missing, nothing refused is there, nothing twice within the window', async () => {
  const seen = new Set<string>();
  await fc.assert(
    fc.asyncProperty(schedules, async (schedule) => {
      const outcome = await play(schedule);
      for (const result of outcome.results) seen.add(result.status === 'accepted' ? 'accepted' : result.code);
      if (outcome.sqs.messages.length > outcome.payments.length) seen.add('twice');
      judgeFirst(outcome, schedule);
      judgeAgain(outcome, schedule);
    }),
    { numRuns: 250, examples: [[HARD]] },
  );
  expect([...seen].sort()).toEqual(['ABORTED', 'ANSWER_LOST', 'BLOCKED_BY', 'SEND_FAILED', 'accepted', 'twice']);
});

function inOrderGiven(account: readonly string[]): string[] {
  return [...account].sort((a, b) => Number(a.slice(1)) - Number(b.slice(1)));
}

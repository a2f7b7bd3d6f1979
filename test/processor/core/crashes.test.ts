import type { FraudCheck } from '../../../src/processor/core/ports';
import { RecordAudit } from '../../../tools/kit/cores/record-audit';
import { Crash, interleaved } from '../../../tools/kit/cores/interleaving';
import { MemoryStore } from '../../../tools/kit/cores/memory-store';
import { aMessage, aPayment, aRecord } from '../../../tools/kit/payments/payments';
import { decided, MemoryDeadLetters, Processor, REFUSED, ScriptedFraudApi } from '../../../tools/kit/cores/processor';

const FOLLOWER = aMessage({ transaction_id: 'follower' });
const INVALID = aMessage({ body: '?', messageId: 'tx-1' });

/** The services that all invocations share: the table, the dead-letter queue, and the API. */
class Pipeline {
  readonly store = new MemoryStore();
  readonly trail = new RecordAudit(this.store);
  readonly deadLetters = new MemoryDeadLetters();
  readonly fraudApi = new ScriptedFraudApi();
  failedCounted = 0;
  private receives = 0;

  constructor(
    check: FraudCheck,
    private readonly message = aMessage(),
  ) {
    this.fraudApi.answer('tx-1', check);
  }

  /** The next receive of the message and its follower, with a new function. @returns whether it came to its end */
  async receive(crash = new Crash()): Promise<boolean> {
    const receiveCount = ++this.receives;
    const moment = () => crash.orGoOn();
    const processor = new Processor(
      { maxReceiveCount: 10 },
      interleaved(this.store, moment),
      `invocation-${receiveCount}`,
      {
        deadLetters: interleaved(this.deadLetters, moment),
        fraudApi: interleaved(this.fraudApi, moment),
      },
    );
    const delivery = await Promise.race([
      processor.deliver({ ...this.message, receiveCount }, { ...FOLLOWER, receiveCount }),
      crash.happened,
    ]);
    if (delivery === undefined) return false;
    expect(delivery.returned).toEqual([]);
    this.failedCounted += processor.count('PaymentsFailed');
    return true;
  }

  get called(): number {
    return this.fraudApi.called.filter((id) => id === 'tx-1').length;
  }

  get copies(): string[] {
    return this.deadLetters.sent.map(({ messageId, failure }) => `${messageId} ${failure}`);
  }
}

const COPY = 'tx-1 FRAUD_CHECK_REFUSED';

/** Moments that pass before the crash, two a call; then copies, checks and counts in the end. */
const QUARANTINE = [
  ['before the payment is claimed', 0, { copies: 1, called: 1, counted: 1 }],
  ['when it is claimed', 1, { copies: 1, called: 1, counted: 1 }],
  ['before it is checked', 2, { copies: 1, called: 1, counted: 1 }],
  ['when it is refused', 3, { copies: 1, called: 2, counted: 1 }],
  ['before FAILED is written', 4, { copies: 1, called: 2, counted: 1 }],
  ['when FAILED is written', 5, { copies: 1, called: 1, counted: 0 }],
  ['before the copy is sent', 6, { copies: 1, called: 1, counted: 0 }],
  ['when the copy is sent', 7, { copies: 2, called: 1, counted: 0 }],
  ['before the copy is noted', 8, { copies: 2, called: 1, counted: 0 }],
  ['when the copy is noted', 9, { copies: 1, called: 1, counted: 0 }],
  ['before it is acknowledged, as the follower is claimed', 10, { copies: 1, called: 1, counted: 0 }],
  ['before it is acknowledged, as the follower is decided', 15, { copies: 1, called: 1, counted: 0 }],
] as const;

describe('a quarantine survives a crash [G7]', () => {
  test.each(QUARANTINE)('%s', async (_name, moments, { copies, called, counted }) => {
    const pipeline = new Pipeline(REFUSED);
    expect(await pipeline.receive(new Crash(moments))).toBe(false);
    expect(await pipeline.receive()).toBe(true);

    const { store, trail } = pipeline;
    expect(store.record('tx-1')).toMatchObject({ payment_status: 'FAILED', failure_code: 'FRAUD_CHECK_REFUSED' });
    expect(store.record('tx-1')).toHaveProperty('dead_lettered_at');
    expect(store.record('follower').payment_status).toBe('APPROVED');
    expect(pipeline.copies).toEqual(Array.from({ length: copies }, () => COPY));
    expect([pipeline.called, pipeline.failedCounted]).toEqual([called, counted]);
    expect([trail.settled, trail.faults]).toEqual([['tx-1', 'follower'], []]);
  });

  test('and another one in the redelivery, wherever the two are', async () => {
    for (let first = 0; first < 16; first++) {
      for (let second = 0; second < 18; second++) {
        const pipeline = new Pipeline(REFUSED);
        const ends = [
          await pipeline.receive(new Crash(first)),
          await pipeline.receive(new Crash(second)),
          await pipeline.receive(),
        ];
        expect([ends[0], ends[2]]).toEqual([false, true]);
        expect(pipeline.store.record('tx-1')).toMatchObject({
          payment_status: 'FAILED',
          dead_lettered_at: expect.any(String) as string,
        });
        expect(new Set(pipeline.copies)).toEqual(new Set([COPY]));
        expect([pipeline.trail.settled, pipeline.trail.faults]).toEqual([['tx-1', 'follower'], []]);
      }
    }
  });
});

test.each([
  ['before the copy is sent', 0, 1],
  ['when the copy is sent', 1, 2],
  ['before it is acknowledged, as the follower is claimed', 2, 2],
])('the refusal of an invalid message survives a crash %s', async (_name, moments, copies) => {
  const pipeline = new Pipeline(decided('approve'), INVALID);
  expect(await pipeline.receive(new Crash(moments))).toBe(false);
  expect(await pipeline.receive()).toBe(true);
  expect(pipeline.copies).toEqual(Array.from({ length: copies }, () => 'tx-1 INVALID_JSON'));
  expect([...pipeline.store.records.keys()]).toEqual(['follower']);
});

test('the quarantine of a conflicting payment survives a crash anywhere, and the record stays as it is', async () => {
  for (let moments = 0; moments < 6; moments++) {
    const pipeline = new Pipeline(decided('approve'), aMessage({ amount: 2 }));
    const record = aRecord(aPayment({ amount: 1 }), { payment_status: 'APPROVED' });
    pipeline.store.records.set('tx-1', record);
    expect(await pipeline.receive(new Crash(moments))).toBe(false);
    expect(await pipeline.receive()).toBe(true);
    expect(new Set(pipeline.copies)).toEqual(new Set(['tx-1 CONFLICTING_TRANSACTION']));
    expect(pipeline.store.record('tx-1')).toEqual(record);
  }
});

test.each([
  ['before the payment is claimed', 0, { called: 1, attempts: 1 }],
  ['when it is claimed', 1, { called: 1, attempts: 2 }],
  ['before it is checked', 2, { called: 1, attempts: 2 }],
  ['when the API has answered', 3, { called: 2, attempts: 2 }],
  ['before the decision is written', 4, { called: 2, attempts: 2 }],
  ['when the decision is written', 5, { called: 1, attempts: 1 }],
  ['before it is acknowledged', 6, { called: 1, attempts: 1 }],
])(
  'a decision survives a crash %s: the next receive takes it over, and asks again under the same id if it must',
  async (_name, moments, { called, attempts }) => {
    const pipeline = new Pipeline(decided('decline'));
    expect(await pipeline.receive(new Crash(moments))).toBe(false);
    expect(await pipeline.receive()).toBe(true);
    expect(pipeline.store.record('tx-1')).toMatchObject({ payment_status: 'DECLINED', attempts });
    expect(pipeline.called).toBe(called);
    expect([pipeline.trail.settled, pipeline.trail.faults, pipeline.copies]).toEqual([['tx-1', 'follower'], [], []]);
  },
);

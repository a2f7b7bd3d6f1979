import { memoryHolds, REFUSED, ScriptedFraudApi } from '../../../tools/kit/cores/processor';
import { isDecision, type PaymentMessage } from '../../../src/contract';
import { processBatch } from '../../../src/processor/core/batch';
import type { QueueMessage, Services } from '../../../src/processor/core/ports';
import { DeadLetterWorld } from '../../../tools/kit/cores/dead-letter-world';
import { anEntry, aPayment, aRecord } from '../../../tools/kit/payments/payments';
import { hashOf, RecordedTelemetry } from '../../../tools/kit/cores/telemetry';

const PAYMENTS: readonly PaymentMessage[] = ['alice', 'bob'].flatMap((account_id) =>
  [1, 2, 3].map((number) => aPayment({ transaction_id: `${account_id}-${number}`, account_id })),
);
const LONGER_THAN_THE_VISIBILITY_MS = 181_000;
const LONGER_THAN_THE_DEDUPLICATION_MS = 301_000;

let fraudApi: ScriptedFraudApi;
beforeEach(() => {
  fraudApi = new ScriptedFraudApi();
});

/** Six failed payments of two accounts, one of which has a second dead letter. */
function failedPayments(): DeadLetterWorld {
  const world = new DeadLetterWorld();
  for (const payment of PAYMENTS) {
    const history = [anEntry(), anEntry({ status: 'FAILED', attempt: 3 })];
    const failure = {
      payment_status: 'FAILED',
      failure_code: 'FRAUD_CHECK_UNAVAILABLE',
      attempts: 3,
      history,
    } as const;
    world.records.put(aRecord(payment, { ...failure, dead_lettered_at: '2026-01-02T03:01:00.000Z' }));
    world.bury(payment, 'FRAUD_CHECK_UNAVAILABLE');
  }
  world.bury(PAYMENTS[1]!, 'FRAUD_CHECK_UNAVAILABLE');
  return world;
}

/** The payment processor's own core works the payment queue off. @returns what it decided, in this order */
async function process(world: DeadLetterWorld): Promise<string[]> {
  const decided: string[] = [];
  const { records } = world;
  const services: Services = {
    clock: world.clock,
    random: () => 0.5,
    accountHash: hashOf,
    telemetry: new RecordedTelemetry(),
    fraudApi,
    store: {
      insert: (record) => Promise.resolve(records.insert(record)),
      transition: (transition) => {
        if (isDecision(transition.entry.status)) decided.push(transition.transactionId);
        return Promise.resolve(records.transition(transition));
      },
      markDeadLettered: (record, at) => Promise.resolve(records.markDeadLettered(record, at)),
      read: (id) => Promise.resolve(records.read(id)),
    },
    holds: memoryHolds(),
    deadLetters: {
      send: ({ body }, code) => Promise.resolve(void world.bury(JSON.parse(body) as PaymentMessage, code)),
      park: () => Promise.reject(new Error('no account is held here')),
    },
  };
  const settings = {
    maxReceiveCount: 3,
    groupConcurrency: 10,
    retryDelays: [20, 1_860],
    onFailedPayment: 'continue',
  } as const;
  for (let messages = world.paymentQueue.receive(); messages.length > 0; messages = world.paymentQueue.receive()) {
    const batch = messages.map((one): QueueMessage => ({
      ...one,
      receiptHandle: one.receiptHandle!,
      receiveCount: one.receives,
    }));
    const invocation = {
      requestId: `processor-${world.clock.now()}`,
      deadline: world.clock.now() + 60_000,
      releaseId: 'repaired',
    };
    const { returned: failed } = await processBatch(batch, services, settings, invocation);
    expect(failed).toEqual([]);
    for (const message of messages) world.paymentQueue.delete(message);
  }
  return decided;
}

const ofAccount = (ids: readonly string[], account: string) => ids.filter((id) => id.startsWith(account));
const distinct = (ids: readonly string[]) => [...new Set(ids)];

describe.each(['before', 'after'] as const)('the function dies %s any of its calls', (when) => {
  describe.each([
    ['at once', LONGER_THAN_THE_VISIBILITY_MS],
    ['when SQS has forgotten what was sent', LONGER_THAN_THE_DEDUPLICATION_MS],
  ])('and is invoked again %s', (_, pauseMs) => {
    test.each([
      ['works meanwhile', true],
      ['stands still meanwhile', false],
    ])(
      'while the processor %s: every payment is decided once, in order, and no dead letter stays',
      async (_mode, works) => {
        let crashes = 0;
        for (let call = 1; ; call++) {
          const world = failedPayments();
          const died = await world.crash(() => world.redrive(), call, when);
          const decided = works ? await process(world) : [];
          world.clock.advance(pauseMs);
          expect(await world.redrive()).toMatchObject({ more: false, errors: {} });
          decided.push(...(await process(world)));

          for (const account of ['alice', 'bob']) {
            expect(ofAccount(decided, account)).toEqual([`${account}-1`, `${account}-2`, `${account}-3`]);
          }
          for (const { transaction_id } of PAYMENTS) {
            const statuses = world.record(transaction_id).history.map(({ status }) => status);
            expect(statuses).toEqual(['PROCESSING', 'FAILED', 'PROCESSING', 'PROCESSING', 'APPROVED']);
          }
          expect(world.deadLetters.messages).toEqual([]);
          if (!died) break;
          crashes++;
        }
        expect(crashes).toBeGreaterThan(20);
      },
    );
  });
});

test('payments that fail again, between a crash and its repetition, are dead letters again: none is lost', async () => {
  for (let call = 1; ; call++) {
    fraudApi = new ScriptedFraudApi();
    const world = failedPayments();
    for (const { transaction_id } of PAYMENTS) fraudApi.answer(transaction_id, REFUSED);
    const died = await world.crash(() => world.redrive(), call, 'after');
    await process(world);
    world.clock.advance(LONGER_THAN_THE_VISIBILITY_MS); // SQS still drops what was sent before

    fraudApi = new ScriptedFraudApi();
    const everyId = PAYMENTS.map(({ transaction_id }) => transaction_id);
    while ((await world.redrive({ transactionIds: everyId })).redriven > 0) await process(world);
    expect(everyId.map((id) => world.record(id).payment_status)).toEqual(everyId.map(() => 'APPROVED'));
    expect(world.deadLetters.messages).toEqual([]);
    if (!died) break;
  }
});

test('two runs at once: each payment is decided once, in order, and no dead letter stays', async () => {
  for (let seed = 0; seed < 10; seed++) {
    const world = failedPayments();
    const answers = await Promise.all([world.redrive(), world.redrive({ limit: 2 }), world.redrive()]);
    expect(answers.map(({ errors }) => errors)).toEqual([{}, {}, {}]);
    await world.redrive();
    const decided = await process(world);
    for (const account of ['alice', 'bob'])
      expect(ofAccount(decided, account)).toEqual(distinct(ofAccount(decided, account)));
    expect(decided.toSorted()).toEqual(PAYMENTS.map(({ transaction_id }) => transaction_id));
    expect(world.deadLetters.messages).toEqual([]);
  }
});

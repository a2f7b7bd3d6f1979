import { DeadLetterWorld } from '../../../tools/kit/cores/dead-letter-world';
import { aPayment, aRecord } from '../../../tools/kit/payments/payments';
import { hashOf } from '../../../tools/kit/cores/telemetry';
import { buryFailed, ids } from '../../../tools/kit/cores/dead-letters';

let world: DeadLetterWorld;
beforeEach(() => {
  world = new DeadLetterWorld();
});

test('a failed payment is PROCESSING again, with its whole history, and its message is in the payment queue', async () => {
  const letter = buryFailed(world, { transaction_id: 'tx-1' });
  expect(await world.redrive()).toEqual({
    action: 'redrive',
    dryRun: false,
    seen: 1,
    redriven: 1,
    discarded: 0,
    settled: 0,
    left: {
      wouldFailAgain: 0,
      waiting: 0,
      discardedBefore: 0,
      conflicting: 0,
      unreadable: 0,
      incomplete: 0,
      notSelected: 0,
    },
    leftIds: {},
    waitsFor: [],
    unreachable: [],
    notFound: [],
    errors: {},
    deadLetters: { visible: 0, inFlight: 0 },
    more: false,
  });

  const record = world.record('tx-1');
  expect(record).toMatchObject({
    payment_status: 'PROCESSING',
    attempts: 4,
    release_id: 'release-of-the-dlq-processor',
  });
  for (const gone of ['dead_lettered_at', 'discarded_at', 'failure_code', 'failure_message'])
    expect(record).not.toHaveProperty(gone);
  expect(record.history).toHaveLength(3);
  expect(record.history.at(-1)).toEqual({
    status: 'PROCESSING',
    at: record.timestamp,
    attempt: 4,
    hash: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    request_id: expect.any(String) as string,
    release_id: 'release-of-the-dlq-processor',
    reason: 'redriven after FRAUD_CHECK_UNAVAILABLE',
  });
  expect(world.sent).toEqual(['tx-1']);
  expect(world.logs).toEqual([
    expect.objectContaining({
      event: 'Payment redriven',
      message_id: letter,
      transaction_id: 'tx-1',
      account_hash: expect.any(String) as string,
    }),
  ]);
});

test('the order of the steps: record, message, dead letter', async () => {
  buryFailed(world, { transaction_id: 'tx-1' });
  await world.redrive();
  expect(world.calls.map(({ call }) => call).slice(0, 6)).toEqual([
    'receive',
    'read',
    'read a hold',
    'reopen',
    'resend',
    'delete',
  ]);
});

test("a reason goes into the history, behind the redrive's own", async () => {
  buryFailed(world, { transaction_id: 'tx-1' });
  await world.redrive({ reason: 'API key renewed' });
  expect(world.record('tx-1').history.at(-1)).toMatchObject({
    reason: 'redriven after FRAUD_CHECK_UNAVAILABLE: API key renewed',
  });
});

test.each([
  [
    'PROCESSING, as a crashed function left it',
    () => {
      world.records.put(aRecord(aPayment(), { attempts: 2 }));
    },
    3,
  ],
  ['none, as it was never claimed', () => undefined, 1],
])('the record is %s: the redrive claims it, and the payment goes back', async (_, prepare, attempts) => {
  prepare();
  world.bury(aPayment());
  expect(await world.redrive()).toMatchObject({ redriven: 1, more: false });
  expect(world.sent).toEqual(['tx-1']);
  const record = world.record('tx-1');
  expect(record).toMatchObject({ payment_status: 'PROCESSING', attempts });
  expect(record.history.at(-1)).toMatchObject({
    status: 'PROCESSING',
    attempt: attempts,
    reason: 'redriven after receives without an end',
  });
  expect(record.sequence_number).toMatch(/^\d+$/);
});

test('of a payment that was decided meanwhile only the dead letter is deleted', async () => {
  world.records.put(aRecord(aPayment(), { payment_status: 'APPROVED' }));
  const message_id = world.bury(aPayment(), 'FRAUD_CHECK_UNAVAILABLE');
  expect(await world.redrive()).toMatchObject({ redriven: 0, settled: 1, deadLetters: { visible: 0, inFlight: 0 } });
  expect(world.logs).toEqual([
    {
      event: expect.stringMatching(/^Copy of a decided/) as string,
      message_id,
      transaction_id: 'tx-1',
      account_hash: hashOf('alice'),
    },
  ]);
  expect(world.sent).toEqual([]);
});

describe("an account's order", () => {
  test('is that of the dead letters, even with poison in front of forty', async () => {
    buryFailed(world, { transaction_id: 'poison' }, { failure_code: 'FRAUD_CHECK_REFUSED' });
    for (const transaction_id of ids('tx', 40)) buryFailed(world, { transaction_id });
    expect(await world.redrive()).toMatchObject({ seen: 41, redriven: 40, left: { wouldFailAgain: 1 }, more: false });
    expect(world.sent).toEqual(ids('tx', 40));
    expect(world.hidden).toEqual([]);
  });

  test.each(['read', 'reopen', 'resend'])(
    'holds when %s fails: the account stops there, others continue',
    async (call) => {
      const letters = ids('alice', 4).map((transaction_id) =>
        buryFailed(world, { transaction_id, account_id: 'alice' }),
      );
      buryFailed(world, { transaction_id: 'bob-1', account_id: 'bob' });
      world.fail(call, 'refused', { id: call === 'resend' ? letters[1]! : 'alice-2' });
      const service = call === 'resend' ? 'payment queue' : 'payment table';
      expect(await world.redrive()).toMatchObject({
        redriven: 2,
        errors: { [`${service}: Throttled`]: 1 },
        more: true,
      });
      expect(world.sent.toSorted()).toEqual(['alice-1', 'bob-1']);
      expect(world.hidden).toEqual([]);
      expect(world.logs).toContainEqual({
        event: expect.any(String) as string,
        error_code: `${service}: Throttled`,
        message_id: letters[1],
      });

      expect(await world.redrive()).toMatchObject({ redriven: 3, more: false });
      expect(world.sent.filter((id) => id.startsWith('alice'))).toEqual(ids('alice', 4));
    },
  );
});

test.each(['reopen', 'resend', 'delete'])(
  'the answer of %s is lost: it is repeated, and SQS keeps one message',
  async (call) => {
    buryFailed(world, { transaction_id: 'tx-1' });
    world.fail(call, 'answer lost');
    await world.redrive();
    expect(await world.redrive()).toMatchObject({ more: false });
    expect(world.sent).toEqual(['tx-1']);
    expect(world.deadLetters.messages).toEqual([]);
    expect(world.record('tx-1').history.map(({ status }) => status)).toEqual(['PROCESSING', 'FAILED', 'PROCESSING']);
  },
);

test('copies of one payment are counted as one, and each is sent: SQS may have dropped the first as sent before', async () => {
  buryFailed(world, { transaction_id: 'tx-1' });
  world.bury(aPayment({ transaction_id: 'tx-1' }), 'FRAUD_CHECK_UNAVAILABLE');
  expect(await world.redrive()).toMatchObject({ seen: 2, redriven: 1 });
  expect(world.sent).toEqual(['tx-1', 'tx-1']);
});

test('in the last 15 seconds no work is begun; the same event again does the rest', async () => {
  for (const transaction_id of ids('tx', 30)) buryFailed(world, { transaction_id });
  world.callMs = 1_000;
  const first = await world.redrive({}, 45_000);
  expect(first).toMatchObject({ more: true, stoppedBy: 'deadline', deadLetters: null });
  expect(first.redriven).toBeGreaterThan(3);
  expect(first.redriven).toBeLessThan(30);
  world.callMs = 0;
  expect(await world.redrive()).toMatchObject({ redriven: 30 - first.redriven, more: false });
  expect(world.sent).toEqual(ids('tx', 30));
});

test('a thousand payments cost four calls each, and a receive for ten at best', async () => {
  for (let number = 0; number < 1_000; number++)
    buryFailed(world, { transaction_id: `tx-${number}`, account_id: `account-${number % 50}` });
  expect(await world.redrive()).toMatchObject({ seen: 1_000, redriven: 1_000, more: false });
  const count = (name: string) => world.calls.filter(({ call }) => call === name).length;
  expect(['read', 'reopen', 'resend', 'delete', 'depth'].map(count)).toEqual([1_000, 1_000, 1_000, 1_000, 1]);
  expect(count('receive')).toBeLessThan(250); // the last account of a receive is often cut short
});

test('a dry run counts and changes nothing, and says that it hid what it saw', async () => {
  buryFailed(world, { transaction_id: 'tx-1', account_id: 'a' });
  buryFailed(world, { transaction_id: 'refused', account_id: 'b' }, { failure_code: 'FRAUD_CHECK_REFUSED' });
  world.records.put(aRecord(aPayment({ transaction_id: 'tx-3', account_id: 'c' }), { payment_status: 'DECLINED' }));
  world.bury(aPayment({ transaction_id: 'tx-3', account_id: 'c' }));
  const before = structuredClone(world.records.records);
  const answer = await world.redrive({ dryRun: true });
  expect(answer).toMatchObject({
    dryRun: true,
    redriven: 1,
    settled: 1,
    left: { wouldFailAgain: 1 },
    deadLetters: { visible: 3, inFlight: 0 },
  });
  expect(answer.note).toContain('hid them while it looked');
  expect(world.records.records).toEqual(before);
  expect(world.sent).toEqual([]);
  expect(new Set(world.calls.map(({ call }) => call))).toEqual(
    new Set(['receive', 'read', 'read a hold', 'release', 'depth']),
  );
});

test('a first receive that fails is an error, not an empty queue', async () => {
  buryFailed(world, { transaction_id: 'tx-1' });
  world.fail('receive');
  await expect(world.redrive()).rejects.toThrow('The dead-letter queue could not receive: Throttled.');
});

test('the queue stops answering: the answer says what was done', async () => {
  for (const transaction_id of ids('tx', 11)) buryFailed(world, { transaction_id });
  world.fail('receive', 'refused', { spared: 1 });
  const answer = await world.redrive();
  expect(answer).toMatchObject({
    redriven: 10,
    more: true,
    stoppedBy: 'error',
    errors: { 'dead-letter queue: Throttled': 1 },
  });
});

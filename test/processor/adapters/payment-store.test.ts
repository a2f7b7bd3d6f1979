import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import {
  fingerprint,
  hashed,
  type Held,
  messageOf,
  newRecord,
  type PaymentStatus,
  transitionFields,
} from '../../../src/contract';
import { type EmbeddedAws, startEmbeddedAws } from '../../../tools/kit/embedded/aws';
import { DynamoDbPaymentStore } from '../../../src/processor/adapters/dynamodb-payment-store';
import type { PaymentStore } from '../../../src/processor/core/ports';
import { DynamoDbHolds } from '../../../src/runtime/dynamodb-holds';
import { OMITTED_STEPS, PaymentTable } from '../../../src/runtime/payment-table';
import { ServiceCalls } from '../../../src/runtime/service-calls';
import { HeldAccounts } from '../../../tools/kit/cores/held-accounts';
import { MemoryStore } from '../../../tools/kit/cores/memory-store';
import { payments } from '../../../tools/kit/payments/arbitraries';
import { anEntry, aPayment, aRecord } from '../../../tools/kit/payments/payments';
import { RecordedTelemetry } from '../../../tools/kit/cores/telemetry';
import { runs } from '../../../tools/kit/thorough';

const AT = '2026-01-02T03:01:00.000Z';
const environment = { ...process.env };
let aws: EmbeddedAws;

const table = () =>
  new PaymentTable('payments', new ServiceCalls(new RecordedTelemetry(), new AbortController().signal));

beforeAll(async () => {
  aws = await startEmbeddedAws('ap-southeast-1');
  Object.assign(process.env, aws.environment);
  await aws.dynamodb.send(
    new CreateTableCommand({
      TableName: 'payments',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'transaction_id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'transaction_id', KeyType: 'HASH' }],
    }),
  );
});
afterAll(async () => {
  process.env = environment;
  await aws.close();
});

type Call = (store: PaymentStore, transactionId: string) => Promise<unknown>;

const insert =
  (amount: number): Call =>
  (store, transaction_id) =>
    store.insert(aRecord(aPayment({ transaction_id, amount })));

const change =
  (fence: number, attempt: number, status: PaymentStatus): Call =>
  (store, transactionId) => {
    const entry = hashed(anEntry({ status, attempt }), undefined, aRecord());
    return store.transition({
      transactionId,
      fence,
      entry,
      changes: { ...transitionFields(entry), sequence_number: '2' },
    });
  };

const noteDeadLetter =
  (attempts: number): Call =>
  (store, transaction_id) =>
    store.markDeadLettered({ transaction_id, attempts }, '2026-01-02T03:00:00.000Z');

const attempts = fc.integer({ min: 1, max: 2 });
const statuses = fc.constantFrom<PaymentStatus>('PROCESSING', 'APPROVED', 'FAILED');
const inserts = fc.integer({ min: 1, max: 2 }).map(insert);
const calls = fc.oneof(
  inserts,
  fc.tuple(attempts, attempts, statuses).map((given) => change(...given)),
  attempts.map(noteDeadLetter),
);

test('for any calls in any order, the table answers and holds the same as the store of the tests', async () => {
  const store = new DynamoDbPaymentStore(table());
  const memory = new MemoryStore();
  let payments = 0;
  await fc.assert(
    fc.asyncProperty(inserts, fc.array(calls, { maxLength: 8 }), async (first, others) => {
      const transactionId = `tx-${++payments}`;
      for (const call of [first, ...others]) {
        expect(await call(store, transactionId)).toBe(await call(memory, transactionId));
        expect(await store.read(transactionId)).toEqual(await memory.read(transactionId));
      }
    }),
    {
      numRuns: runs(25),
      examples: [
        [insert(1), [change(1, 1, 'FAILED'), noteDeadLetter(2), noteDeadLetter(1), noteDeadLetter(1)]],
        [
          insert(1),
          [
            change(1, 2, 'PROCESSING'),
            change(1, 1, 'APPROVED'),
            change(2, 2, 'APPROVED'),
            change(2, 2, 'FAILED'),
            insert(1),
          ],
        ],
      ],
    },
  );
});

test('any payment: its stored record rebuilds the message and its fingerprint', async () => {
  const store = new DynamoDbPaymentStore(table());
  let serial = 0;
  await fc.assert(
    fc.asyncProperty(payments, async (any) => {
      const payment = { ...any, transaction_id: `any-${++serial}` };
      await store.insert(newRecord(payment, fingerprint(payment), { sequence_number: '1' }, anEntry()));
      const record = (await store.read(payment.transaction_id))!;
      expect(messageOf(record)).toEqual(payment);
    }),
    {
      numRuns: runs(60),
      examples: [
        [aPayment({ reference: '', metadata: {} })],
        [aPayment({ metadata: { '': '', toString: 'x', '#a': ':b' } })],
      ],
    },
  );
});

test('holds: entries that are held, parked and lifted are read in order, and the account is not held after the last one', async () => {
  const holds = new DynamoDbHolds(table());
  const memory = new HeldAccounts();
  const payments = ['9', '10', '11'].map((sequenceNumber) => ({
    sequenceNumber,
    transactionId: `tx-${sequenceNumber}`,
    content: 'abc',
  }));
  const [oldest, second, third] = payments as [Held, Held, Held];
  const same = async () => expect(await holds.read('alice')).toEqual(memory.read('alice'));

  await same();
  expect(await holds.park('alice', second, AT)).toBe(memory.park('alice', second, AT));
  for (const held of [second, oldest]) {
    await holds.hold('alice', held, AT);
    memory.hold('alice', held, AT);
    await same();
  }
  expect(await holds.park('alice', third, AT)).toBe(memory.park('alice', third, AT));
  for (const held of [third, oldest, oldest, second]) {
    await same();
    await holds.lift('alice', held);
    memory.lift('alice', held);
  }
  await same();
  expect(await holds.park('alice', third, AT)).toBe(false);
});

test("the SDK's client has each step that the table's calls omit", () => {
  const { middlewareStack } = new DynamoDBClient({});
  expect(OMITTED_STEPS.filter((step) => !middlewareStack.remove(step))).toEqual([]);
});

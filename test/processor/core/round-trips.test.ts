import { processBatch } from '../../../src/processor/core/batch';
import type { QueueMessage, Settings } from '../../../src/processor/core/ports';
import { interleaved } from '../../../tools/kit/cores/interleaving';
import { MemoryStore } from '../../../tools/kit/cores/memory-store';
import {
  MemoryDeadLetters,
  memoryHolds,
  MemoryOutcomeTopic,
  REFUSED,
  ScriptedFraudApi,
} from '../../../tools/kit/cores/processor';
import { hashOf, RecordedTelemetry } from '../../../tools/kit/cores/telemetry';
import { aMessage } from '../../../tools/kit/payments/payments';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

interface Batch {
  readonly messages: readonly QueueMessage[];
  readonly onFailedPayment?: Settings['onFailedPayment'];
  readonly publishes?: boolean;
  readonly fraudApi?: ScriptedFraudApi;
  /** What the table has of an earlier batch. */
  readonly store?: MemoryStore;
}

/** The longest row of calls that wait for one another: every call takes a virtual millisecond, and nothing else takes any. */
async function roundTripsOf({
  messages,
  onFailedPayment = 'continue',
  publishes = false,
  fraudApi = new ScriptedFraudApi(),
  store = new MemoryStore(),
}: Batch): Promise<number> {
  const taking = <T extends object>(port: T): T =>
    interleaved(port, async (moment) => {
      if (moment.startsWith('before')) await new Promise((resolve) => setTimeout(resolve, 1));
    });
  const services = {
    store: taking(store),
    holds: taking(memoryHolds()),
    fraudApi: taking(fraudApi),
    deadLetters: taking(new MemoryDeadLetters()),
    outcomes: publishes ? taking(new MemoryOutcomeTopic()) : undefined,
    telemetry: new RecordedTelemetry(),
    clock: { now: () => Date.now() },
    random: () => 0.5,
    accountHash: hashOf,
  };
  const settings = { maxReceiveCount: 3, groupConcurrency: 10, retryDelays: [20, 1_860], onFailedPayment } as const;
  const began = Date.now();
  const invocation = { requestId: 'request', releaseId: 'release', deadline: began + 60_000 };
  let ended = NaN;
  const batch = processBatch(messages, services, settings, invocation).then(({ returned }) => {
    ended = Date.now();
    expect(returned).toEqual([]);
  });
  await jest.runAllTimersAsync();
  await batch;
  return ended - began;
}

/** Ten accounts with as many payments each. */
const tenAccounts = (payments: number): QueueMessage[] =>
  Array.from({ length: 10 * payments }, (_, at) =>
    aMessage({ account_id: `account-${at % 10}`, transaction_id: `tx-${at}` }),
  );

test.each([
  { payments: 1, roundTrips: 3, of: 'claim, check, decision' },
  { payments: 2, roundTrips: 6, of: 'the same for the next payment of each account' },
  { payments: 1, publishes: true, roundTrips: 4, of: 'and its outcome' },
  { payments: 1, onFailedPayment: 'hold', roundTrips: 4, of: 'with the hold of the account before' },
  { payments: 2, onFailedPayment: 'hold', roundTrips: 7, of: 'the hold is read once' },
] as const)('ten accounts wait for $roundTrips round trips: $of', async ({ payments, roundTrips, ...options }) => {
  expect(await roundTripsOf({ messages: tenAccounts(payments), ...options })).toBe(roundTrips);
});

test('a duplicate takes two: the refused claim, and the record', async () => {
  const store = new MemoryStore();
  const messages = tenAccounts(1);
  await roundTripsOf({ messages, store });
  expect(await roundTripsOf({ messages, store })).toBe(2);
});

test('one payment that is quarantined makes its batch wait for two more: the copy, and the note of it', async () => {
  const fraudApi = new ScriptedFraudApi();
  fraudApi.answer('tx-0', REFUSED);
  expect(await roundTripsOf({ messages: tenAccounts(1), fraudApi })).toBe(5);
});

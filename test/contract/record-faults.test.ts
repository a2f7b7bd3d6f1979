import {
  addEntry,
  type HistoryEntry,
  MOST_HISTORY_ENTRIES,
  type PaymentRecord,
  recordFaults,
  transitionFields,
} from '../../src/contract';
import { DeadLetterWorld } from '../../tools/kit/cores/dead-letter-world';
import { decided, Processor, REFUSED, unavailable } from '../../tools/kit/cores/processor';
import { aMessage, anEntry, aPayment, aRecord, claims } from '../../tools/kit/payments/payments';

const PAYMENT = aPayment({ reference: 'rent', metadata: { invoice: '42' } });
const SENDING = { senderId: 'AROAEXAMPLE:sender', sentAt: Date.parse('2026-01-02T03:04:00.000Z') };

type Edited = Record<string, unknown>;

/** The records of a payment at its stations, as the cores write them. */
async function stations() {
  const processor = new Processor();
  const world = new DeadLetterWorld();
  const logged: (string | undefined)[] = [];
  const deliver = async (sequenceNumber: string) => {
    await processor.deliver(aMessage(PAYMENT, { receiveCount: 3, sequenceNumber, ...SENDING }));
    logged.push(...processor.telemetry.logs.map(({ history_hash }) => history_hash));
    return structuredClone(processor.store.record('tx-1'));
  };
  const operate = async (operation: () => Promise<unknown>) => {
    world.records.put(processor.store.record('tx-1'));
    world.bury(PAYMENT);
    await operation();
    processor.store.put(world.record('tx-1'));
    return structuredClone(world.record('tx-1'));
  };
  processor.fraudApi.answer('tx-1', unavailable(0), REFUSED, decided('review', 0.7));
  const failed = await deliver('7');
  const discarded = await operate(() => world.discard({ reason: 'too late' }));
  const redriven = await operate(() => world.redrive({ transactionIds: ['tx-1'], reason: 'in time after all' }));
  const refused = await deliver('8');
  await operate(() => world.redrive({ transactionIds: ['tx-1'] }));
  const review = await deliver('9');
  logged.push(...world.logs.map(({ history_hash }) => history_hash));
  return {
    records: { failed, discarded, redriven, refused, review },
    logged: logged.filter((one) => one !== undefined),
  };
}

const all = stations();
const NAMES = ['failed', 'discarded', 'redriven', 'refused', 'review'] as const;

/** The paths of the values of a record; those of its history have the number of the entry. */
function pathsOf(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([name, inner]) => pathsOf(inner, [...path, name]));
}

function edited(record: PaymentRecord, path: readonly string[], value: (was: unknown) => unknown): PaymentRecord {
  const copy = structuredClone(record);
  const inner = path.slice(0, -1).reduce<Edited>((at, name) => at[name] as Edited, copy as unknown as Edited);
  inner[path.at(-1)!] = value(inner[path.at(-1)!]);
  return copy;
}

const another = (was: unknown) => (typeof was === 'number' ? was + 1 : `${String(was)}x`);

test.each(NAMES)(
  'a record that is %s proves itself, and the log of all that was done names its entries',
  async (name) => {
    const { records, logged } = await all;
    expect(recordFaults(records[name])).toEqual([]);
    expect(logged).toHaveLength(6);
    expect(recordFaults(records.review, logged)).toEqual([]);
  },
);

test.each(NAMES)('each value of a record that is %s shows its edit, and its loss [G13]', async (name) => {
  const record = (await all).records[name];
  const notCovered = ['dead_lettered_at', ...(record.first_sequence_number === undefined ? [] : ['sequence_number'])];
  const paths = pathsOf(record).filter(([field]) => field !== 'transaction_id' && !notCovered.includes(field!));
  const unnoticed = paths.flatMap((path) => [
    ...(recordFaults(edited(record, path, another)).length === 0 ? [`${path.join('.')} edited`] : []),
    ...(recordFaults(edited(record, path, () => undefined)).length === 0 ? [`${path.join('.')} lost`] : []),
  ]);
  expect(paths.length).toBeGreaterThan(20);
  expect(unnoticed).toEqual([]);
});

test.each<[string, (record: PaymentRecord) => Edited, { kind: string; what: string }]>([
  ['an amount', () => ({ amount: 1 }), { kind: 'edited field', what: 'a field of the payment message' }],
  ['a status', () => ({ payment_status: 'APPROVED' }), { kind: 'edited field', what: 'payment_status' }],
  ['a score', ({ fraud }) => ({ fraud: { ...fraud, score: 0.1 } }), { kind: 'edited entry', what: 'entry 9' }],
  ['a sender', () => ({ sender_id: 'another' }), { kind: 'edited entry', what: 'entry 1' }],
  [
    'an entry',
    ({ history }) => ({ history: history.with(1, { ...history[1]!, at: '2026-01-01T00:00:00.000Z' }) }),
    { kind: 'edited entry', what: 'entry 2' },
  ],
  [
    'a claim that was taken out',
    ({ history }) => ({ history: history.toSpliced(4, 1) }),
    { kind: 'missing entry', what: 'before entry 5' },
  ],
  [
    'the last entry, taken out',
    ({ history }) => ({ history: history.slice(0, -1) }),
    { kind: 'edited field', what: 'payment_status' },
  ],
  [
    'a hash that was taken out',
    ({ history }) => ({ history: history.with(2, { ...history[2]!, hash: undefined } as unknown as HistoryEntry) }),
    { kind: 'entry without a hash', what: 'entry 3' },
  ],
])('%s is named', async (_, edit, fault) => {
  const { review } = (await all).records;
  expect(recordFaults({ ...review, ...edit(review) } as PaymentRecord)).toContainEqual(fault);
});

test('a replaced record, and one that was taken back, show against the log alone', async () => {
  const { records, logged } = await all;
  const other = new Processor();
  await other.deliver(aMessage(PAYMENT, { sequenceNumber: '7', ...SENDING }));
  for (const record of [other.store.record('tx-1'), records.refused, aRecord(PAYMENT)]) {
    expect(recordFaults(record)).toEqual([]);
    expect(recordFaults(record, logged)).toEqual([{ kind: 'replaced record', what: 'tx-1' }]);
  }
});

test('the entries of an earlier release have no hashes; from the first hash on, edits show', async () => {
  const processor = new Processor();
  processor.store.put(aRecord(PAYMENT, { attempts: 2, history: claims(2) }));
  await processor.deliver(aMessage(PAYMENT));
  const record = processor.store.record('tx-1');
  expect(record.history.map(({ hash }) => hash !== undefined)).toEqual([false, false, true, true]);
  expect(recordFaults(record)).toEqual([]);
  expect(recordFaults({ ...record, history: record.history.toSpliced(2, 1) })).not.toEqual([]);
});

describe('a long history that has lost entries', () => {
  /** Claimed again and again, by operators now and then. */
  function longHistory(entries: number): PaymentRecord {
    let record = { ...aRecord(PAYMENT, { history: [] }), attempts: 0 };
    for (let attempt = 1; attempt <= entries; attempt++) {
      const reason = attempt % 7 === 0 ? { reason: 'redriven' } : {};
      const { entry, shortenedHistory } = addEntry(record, anEntry({ attempt, ...reason }));
      const fields = { ...transitionFields(entry), payment_status: 'PROCESSING' as const };
      const { timestamp, ...rest } = record;
      record = {
        ...rest,
        ...fields,
        ...(shortenedHistory ?? { history: [...record.history, entry] }),
      } as typeof record;
    }
    return record;
  }

  test.each([MOST_HISTORY_ENTRIES, MOST_HISTORY_ENTRIES + 1, MOST_HISTORY_ENTRIES + 250])(
    'proves itself after %d entries, whatever was left out',
    (entries) => {
      const record = longHistory(entries);
      expect(record.history).toHaveLength(MOST_HISTORY_ENTRIES);
      expect(recordFaults(record)).toEqual([]);
    },
  );

  test('shows the loss and the edit of any entry that is left, and another number of lost ones', () => {
    const record = longHistory(MOST_HISTORY_ENTRIES + 50);
    for (const index of [0, 1, 2, 60, 61, 120, 197, 198, 199]) {
      expect(recordFaults({ ...record, history: record.history.toSpliced(index, 1) })).not.toEqual([]);
      const entry = { ...record.history[index]!, request_id: 'another' };
      expect(recordFaults({ ...record, history: record.history.with(index, entry) })).not.toEqual([]);
    }
    expect(recordFaults({ ...record, history_omitted: 49 })).not.toEqual([]);
  });
});

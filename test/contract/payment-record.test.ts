import {
  isOwnWrite,
  fingerprint,
  type HistoryEntry,
  isDiscarded,
  mayBeHeld,
  messageOf,
  newRecord,
} from '../../src/contract';
import { anEntry, aPayment, aRecord, claims } from '../../tools/kit/payments/payments';

const PAYMENT = aPayment({ reference: 'rent', metadata: { invoice: '42' } });

test('a first record holds all that the message says, and what its first entry says', () => {
  const entry = anEntry({ status: 'FAILED', attempt: 0, reason: 'given up' });
  const record = newRecord(PAYMENT, fingerprint(PAYMENT), '7', entry);
  expect(record).toEqual({
    ...aRecord(PAYMENT, { payment_status: 'FAILED', attempts: 0, sequence_number: '7', history: [entry] }),
    timestamp: entry.at,
    release_id: entry.release_id,
  });
  expect(messageOf(record)).toEqual(PAYMENT);
});

test('a message is rebuilt only if nothing of it is missing', () => {
  const { metadata, ...earlier } = aRecord(PAYMENT);
  expect(messageOf(earlier)).toBeUndefined();
  expect(messageOf(aRecord())).toEqual(aPayment());
});

test.each<[string, Partial<HistoryEntry>]>([
  ['status', { status: 'APPROVED' }],
  ['time', { at: '2026-01-02T03:00:00.001Z' }],
  ['attempt', { attempt: 2 }],
  ['request', { request_id: 'another' }],
])('a record ends with an entry unless its %s is another', (_, fields) => {
  expect(isOwnWrite(aRecord(), anEntry())).toBe(true);
  expect(isOwnWrite(aRecord(), anEntry(fields))).toBe(false);
  expect(isOwnWrite(undefined, anEntry())).toBe(false);
});

const FAILURE = anEntry({ status: 'FAILED' });
const REDRIVE = anEntry({ attempt: 2, reason: 'redriven' });
const DISCARD = anEntry({ status: 'FAILED', reason: 'given up' });

test('discarded is what failed for a reason last, whatever came before', () => {
  const failed = (...history: HistoryEntry[]) => aRecord(PAYMENT, { payment_status: 'FAILED', history });
  expect(
    [failed(anEntry(), DISCARD), failed(anEntry(), FAILURE), failed(anEntry(), FAILURE, REDRIVE, FAILURE)].map(
      isDiscarded,
    ),
  ).toEqual([true, false, false]);
  expect(isDiscarded(aRecord(PAYMENT, { history: [anEntry(), DISCARD, REDRIVE] }))).toBe(false);
});

test('a payment may be held if it ever failed or was parked, or if nobody knows any more', () => {
  const parked = anEntry({ reason: 'parked behind tx-0' });
  expect(
    [[...claims(3)], [anEntry(), FAILURE], [parked], [anEntry(), anEntry({ status: 'APPROVED' })]].map((history) =>
      mayBeHeld(aRecord(PAYMENT, { history })),
    ),
  ).toEqual([false, true, true, false]);
  expect(mayBeHeld(aRecord(PAYMENT, { history: claims(200), history_omitted: 1 }))).toBe(true);
});

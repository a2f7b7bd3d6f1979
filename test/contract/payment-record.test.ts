import {
  isOwnWrite,
  fingerprint,
  hashed,
  type HistoryEntry,
  isDiscarded,
  mayBeHeld,
  mayBeOfAnyAge,
  messageOf,
  newRecord,
  parkingReason,
  redriveReason,
  transitionFields,
} from '../../src/contract';
import { anEntry, aPayment, aRecord, claims, type RecordChanges } from '../../tools/kit/payments/payments';

const PAYMENT = aPayment({ reference: 'rent', metadata: { invoice: '42' } });

test('a first record holds all that the message says, and what its first entry says', () => {
  const entry = anEntry({ attempt: 2, reason: 'redriven' });
  const sending = { sequence_number: '7', sender_id: 'AROAEXAMPLE:client', sent_at: '2026-01-02T02:59:59.000Z' };
  const record = newRecord(PAYMENT, fingerprint(PAYMENT), sending, entry);
  expect(record).toEqual({
    ...aRecord(PAYMENT, {
      attempts: 2,
      ...sending,
      history: [{ ...entry, hash: expect.stringMatching(/^[0-9a-f]{64}$/) as string }],
    }),
    timestamp: entry.at,
    release_id: entry.release_id,
  });
  expect(messageOf(record)).toEqual(PAYMENT);
});

test.each<[string, Partial<HistoryEntry>, boolean]>([
  ['first claim', {}, false],
  ['first claim that parks', { reason: 'parked behind tx-0' }, true],
  ['redrive of a payment that was never claimed', { reason: 'redriven after DISCARDED' }, true],
  ['takeover', { attempt: 2 }, true],
  ['decision', { status: 'APPROVED' }, true],
  ['failure', { status: 'FAILED' }, true],
])('a %s brings the record into the status index: %j %s', (_, fields, isInIndex) => {
  const entry = anEntry(fields);
  expect(transitionFields(entry).timestamp).toBe(isInIndex ? entry.at : undefined);
  expect('timestamp' in transitionFields(entry)).toBe(isInIndex); // DynamoDB's clients refuse undefined
});

const CAUSE = 'after FRAUD_CHECK_UNAVAILABLE';

test.each<[string, boolean, (string | undefined)[]]>([
  ['redriven by id, with a reason', true, [redriveReason(CAUSE, true, 'still wanted')]],
  ['redriven by id', false, [redriveReason(CAUSE, true, undefined)]],
  ['redriven with others', false, [redriveReason(CAUSE, false, 'redriven by id after all: no')]],
  ['redriven by id, then with others', false, [redriveReason(CAUSE, true, 'x'), redriveReason(CAUSE, false, 'x')]],
  [
    'redriven by id, then parked and claimed',
    true,
    [redriveReason(CAUSE, true, 'x'), parkingReason('tx-0'), undefined],
  ],
  ['never redriven', false, [undefined]],
])('a payment that was %s may be of any age: %s', (_, isAllowed, reasons) => {
  const history = reasons.map((reason) => anEntry(reason === undefined ? {} : { reason }));
  expect(mayBeOfAnyAge({ history })).toBe(isAllowed);
});

test('a discard of a payment allows it no age', () => {
  expect(mayBeOfAnyAge({ history: [anEntry({ status: 'FAILED', reason: redriveReason(CAUSE, true, 'x') })] })).toBe(
    false,
  );
});

test('a message is rebuilt only if nothing of it is missing', () => {
  const { metadata, ...earlier } = aRecord(PAYMENT);
  expect(messageOf(earlier)).toBeUndefined();
  expect(messageOf(aRecord())).toStrictEqual(aPayment());
});

test.each<[string, Partial<HistoryEntry>]>([
  ['status', { status: 'APPROVED' }],
  ['time', { at: '2026-01-02T03:00:00.001Z' }],
  ['attempt', { attempt: 2 }],
  ['request', { request_id: 'another' }],
])('a record ends with an entry unless its %s is another', (_, fields) => {
  const entry = hashed(anEntry(), undefined, aRecord());
  const record = aRecord(PAYMENT, { history: [entry] });
  expect(isOwnWrite(record, entry)).toBe(true);
  expect(isOwnWrite(record, hashed(anEntry(fields), undefined, aRecord()))).toBe(false);
  expect(isOwnWrite(aRecord(), entry)).toBe(false); // an earlier release wrote no hash
  expect(isOwnWrite(undefined, entry)).toBe(false);
});

const FAILURE = anEntry({ status: 'FAILED' });
const REDRIVE = anEntry({ attempt: 2, reason: 'redriven' });
const DISCARD = anEntry({ status: 'FAILED', at: '2026-01-02T04:00:00.000Z', reason: 'given up' });
const DISCARDED = { discarded_at: DISCARD.at };

test.each<[string, RecordChanges, boolean]>([
  ['with the time of its last entry', { history: [FAILURE, DISCARD], ...DISCARDED }, true],
  ['by an earlier release, which writes no time', { history: [FAILURE, DISCARD] }, true],
  ['never, as it failed', { history: [FAILURE] }, false],
  ['never, as it failed again after a redrive', { history: [FAILURE, REDRIVE, FAILURE] }, false],
  ['before an earlier release redrove it', { history: [DISCARD, REDRIVE, FAILURE], ...DISCARDED }, false],
  [
    'again by an earlier release, which redrove it before',
    { history: [DISCARD, REDRIVE, { ...DISCARD, at: '2026-01-02T05:00:00.000Z' }], ...DISCARDED },
    true,
  ],
  ['before, and is open', { payment_status: 'PROCESSING', history: [DISCARD, REDRIVE] }, false],
])('a payment was discarded %s: %j', (_, fields, expected) => {
  expect(isDiscarded(aRecord(PAYMENT, { payment_status: 'FAILED', ...fields }))).toBe(expected);
});

test('a payment may be held if it ever failed or was parked, or if its history no longer shows it', () => {
  const parked = anEntry({ reason: 'parked behind tx-0' });
  expect(
    [[...claims(3)], [anEntry(), FAILURE], [parked], [anEntry(), anEntry({ status: 'APPROVED' })]].map((history) =>
      mayBeHeld(aRecord(PAYMENT, { history })),
    ),
  ).toEqual([false, true, true, false]);
  expect(mayBeHeld(aRecord(PAYMENT, { history: claims(200), history_omitted: 1 }))).toBe(true);
});

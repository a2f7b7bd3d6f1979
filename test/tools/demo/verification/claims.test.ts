import { METRICS } from '../../../../src/contract';
import { type ClaimName, judge } from '../../../../tools/demo/verification/claims';
import type { Evidence } from '../../../../tools/demo/verification/evidence';
import { accepted, deadLetterOf, evidenceOf, recordOf } from '../../../../tools/demo/fixtures/evidence-builder';

const [first, second] = [accepted(1), accepted(2)];
const approved = [recordOf(first, 'PROCESSING', 'APPROVED'), recordOf(second, 'PROCESSING', 'APPROVED')];
const clean = { accepted: [first, second], records: approved };
const refused = {
  ...clean,
  records: [recordOf(first, 'PROCESSING', 'FAILED'), approved[1]!],
  refusedForGood: new Set(['payment-1']),
};
/** The first has failed, and the second waits for it. */
const held: Partial<Evidence> = { ...refused, records: [refused.records[0]!], onFailedPayment: 'hold' };
const parked = { ...deadLetterOf(second), parkedBehind: 'payment-1' };
const conflict = accepted(3, { transaction_id: 'payment-1', amount: 1 });

function broken(evidence: Partial<Evidence>): ClaimName[] {
  return judge(evidenceOf(evidence))
    .filter(({ holds }) => !holds)
    .map(({ name }) => name);
}

test.each<[what: string, evidence: Partial<Evidence>]>([
  ['payments that were decided', clean],
  ['a payment sent twice', { ...clean, accepted: [first, second, accepted(9, { transaction_id: 'payment-1' })] }],
  ['poison in the dead-letter queue', { ...refused, deadLetters: [deadLetterOf(first)] }],
  ['two copies of one dead letter', { ...refused, deadLetters: [deadLetterOf(first), deadLetterOf(first)] }],
  [
    'a conflicting payment in the dead-letter queue',
    { ...clean, accepted: [first, second, conflict], deadLetters: [deadLetterOf(conflict)] },
  ],
  ['an unreadable dead letter', { ...clean, deadLetters: [{ messageId: 'x', failureCode: 'INVALID_JSON' }] }],
  [
    'a payment that another receive took over',
    { ...clean, records: [recordOf(first, 'PROCESSING', 'PROCESSING', 'APPROVED'), approved[1]!] },
  ],
  ['a crashed invocation whose metrics are missing', { ...clean, metric: countingOne, mayBeUncounted: isSecond }],
  ['a crashed invocation whose metrics were written in time', { ...clean, mayBeUncounted: isSecond }],
  [
    'a redriven payment, decided late',
    {
      accepted: [first, second],
      records: [late(recordOf(first, 'PROCESSING', 'FAILED', 'PROCESSING', 'APPROVED')), approved[1]!],
    },
  ],
  [
    'a redriven payment whose history was shortened',
    {
      accepted: [first, second],
      records: [
        { ...late(recordOf(first, 'PROCESSING', 'FAILED', 'PROCESSING', 'APPROVED')), history_omitted: 300 },
        approved[1]!,
      ],
    },
  ],
  ['a payment that waits for a failed one', { ...held, deadLetters: [deadLetterOf(first), parked] }],
])('all claims hold with %s', (_what, evidence) => {
  expect(broken(evidence)).toEqual([]);
});

test.each<[what: string, claim: ClaimName, evidence: Partial<Evidence>]>([
  ['a payment without a record', 'nothing_lost', { ...clean, records: [approved[0]!] }],
  [
    'a payment left in PROCESSING',
    'nothing_lost',
    { ...clean, records: [approved[0]!, recordOf(second, 'PROCESSING')] },
  ],
  [
    'a record without the metadata',
    'nothing_lost',
    {
      accepted: [accepted(1, { metadata: { order: '7' } })],
      records: [{ ...recordOf(accepted(1, { metadata: { order: '7' } }), 'PROCESSING', 'APPROVED'), metadata: {} }],
    },
  ],
  [
    'a record with another amount',
    'nothing_lost',
    { ...clean, records: [approved[0]!, { ...approved[1]!, amount: 1 }] },
  ],
  ['a message left in the queue', 'nothing_lost', { ...clean, queued: 1 }],
  [
    'decisions against the order of sending',
    'order_per_account',
    { ...clean, records: [late(approved[0]!), approved[1]!] },
  ],
  [
    'messages that SQS took in another order',
    'order_per_account',
    { ...clean, accepted: [{ ...first, sequenceNumber: '9999' }, second], records: [late(approved[0]!), approved[1]!] },
  ],
  [
    'a second decision',
    'decided_once',
    { ...clean, records: [recordOf(first, 'PROCESSING', 'APPROVED', 'APPROVED'), approved[1]!] },
  ],
  [
    'a second failure',
    'decided_once',
    {
      ...refused,
      records: [recordOf(first, 'PROCESSING', 'FAILED', 'FAILED'), approved[1]!],
      deadLetters: [deadLetterOf(first)],
    },
  ],
  [
    'a decision taken up again',
    'decided_once',
    { ...clean, records: [recordOf(first, 'PROCESSING', 'APPROVED', 'PROCESSING', 'APPROVED'), approved[1]!] },
  ],
  [
    'a status that the history does not have',
    'decided_once',
    { ...clean, records: [{ ...approved[0]!, history: approved[0]!.history.slice(0, 1) }, approved[1]!] },
  ],
  [
    'a healthy payment in the dead-letter queue',
    'dead_letters_exact',
    { ...clean, deadLetters: [deadLetterOf(first)] },
  ],
  ['poison that is in no queue', 'dead_letters_exact', refused],
  [
    'a conflicting payment that is in no queue',
    'dead_letters_exact',
    { ...clean, accepted: [first, second, conflict] },
  ],
  [
    'a payment that overtook a failed one which it should wait for',
    'order_per_account',
    { ...refused, deadLetters: [deadLetterOf(first)], onFailedPayment: 'hold' },
  ],
  [
    'a payment that waits though nothing is held',
    'dead_letters_exact',
    { ...held, deadLetters: [deadLetterOf(first), parked], onFailedPayment: 'continue' },
  ],
  ['a payment that waits for one that is nowhere', 'dead_letters_exact', { ...held, deadLetters: [parked] }],
  ['a metric too few', 'metrics_match_records', { ...clean, metric: countingOne }],
  [
    'a metric too few, of another status than the crashed invocation settled',
    'metrics_match_records',
    {
      ...refused,
      deadLetters: [deadLetterOf(first)],
      metric: (name) => (name === METRICS.approved || name === METRICS.processed ? 1 : 0),
      mayBeUncounted: isSecond,
    },
  ],
  [
    'a metric too many, however many invocations crashed',
    'metrics_match_records',
    { ...clean, metric: () => 3, mayBeUncounted: () => true },
  ],
  [
    'a metric that was emitted too often',
    'metrics_match_records',
    { ...clean, metric: (name) => (name === METRICS.failed ? 0 : 3) },
  ],
])('%s breaks %s', (_what, claim, evidence) => {
  expect(broken(evidence)).toContain(claim);
});

/** One payment, approved. */
function countingOne(name: string): number {
  return name === METRICS.processed || name === METRICS.approved ? 1 : 0;
}

function isSecond({ transaction_id }: { readonly transaction_id: string }): boolean {
  return transaction_id === 'payment-2';
}

/** The record, with its last transition an hour later. */
function late(record: (typeof approved)[number]): (typeof approved)[number] {
  const history = record.history.map((entry, index) =>
    index === record.history.length - 1
      ? { ...entry, at: new Date(Date.parse(entry.at) + 3_600_000).toISOString() }
      : entry,
  );
  return { ...record, history };
}

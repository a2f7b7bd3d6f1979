import { Failures } from '../../../src/dlq-processor/core/failures';
import { findPatterns, type Pattern } from '../../../src/dlq-processor/core/patterns';
import { failures, NOON, type SomeFailures } from '../../../tools/kit/cores/failures';
import { hashOf } from '../../../tools/kit/cores/telemetry';

const approvals = (count: number, release = 'release-1') => Array.from({ length: count }, () => release);

/** @param latestApprovals releases; by default the failing one is known to work */
function patternsIn(
  some: readonly SomeFailures[],
  latestApprovals = approvals(1_000),
  unreadableMessages = 0,
): Pattern[] {
  const counted = new Failures(NOON);
  for (const payment of failures(...some).reverse()) counted.add(payment);
  return findPatterns({ incidents: counted.incidents, latestApprovals, unreadableMessages, accountHash: hashOf });
}

const named = (patterns: readonly Pattern[]) => patterns.map(({ kind, subject, failed }) => [kind, subject, failed]);

const UNAVAILABLE = 'FRAUD_CHECK_UNAVAILABLE';
const EXPIRED = 'PAYMENT_EXPIRED';
const REFUSED = 'FRAUD_CHECK_REFUSED';

test.each<[string, readonly SomeFailures[], unknown[]]>([
  ['nothing', [], []],
  ['nine failures of everybody', [{ count: 9 }], []],
  ['ten failures of everybody', [{ count: 10 }], [['outage', UNAVAILABLE, 10]]],
  [
    'ten failures of two accounts',
    [{ count: 10, accounts: 2 }],
    [
      ['poison_account', hashOf('account-1'), 5],
      ['poison_account', hashOf('account-0'), 5],
    ],
  ],
  ['ten failures of three accounts', [{ count: 10, accounts: 3 }], [['outage', UNAVAILABLE, 10]]],
  ['ten expired payments of everybody', [{ count: 10, code: EXPIRED }], [['expired_payments', EXPIRED, 10]]],
  ['ten refusals of everybody', [{ count: 10, code: REFUSED }], [['new_refusal', REFUSED, 10]]],
  [
    'an outage and a refusal',
    [{ count: 20 }, { count: 15, code: REFUSED }],
    [
      ['outage', UNAVAILABLE, 20],
      ['new_refusal', REFUSED, 15],
    ],
  ],
  ['four failures of one account', [{ count: 4, account: 'alice' }], []],
  [
    'five failures of one account',
    [{ count: 5, account: 'alice', code: REFUSED }],
    [['poison_account', hashOf('alice'), 5]],
  ],
  [
    'one account is half of the failures',
    [
      { count: 8, account: 'alice' },
      { count: 8, accounts: 8 },
    ],
    [
      ['outage', UNAVAILABLE, 16],
      ['poison_account', hashOf('alice'), 8],
    ],
  ],
  [
    'one account is more than half',
    [
      { count: 11, account: 'alice' },
      { count: 9, accounts: 9 },
    ],
    [['poison_account', hashOf('alice'), 11]],
  ],
  [
    'one account is less than half',
    [
      { count: 7, account: 'alice' },
      { count: 9, accounts: 9 },
    ],
    [['outage', UNAVAILABLE, 16]],
  ],
  [
    'one account is most of the failures',
    [{ count: 30, account: 'alice' }, { count: 5 }],
    [['poison_account', hashOf('alice'), 30]],
  ],
  ['pauses of half an hour within', [{ count: 10, every: 30 }], [['outage', UNAVAILABLE, 10]]],
  ['pauses of more than half an hour', [{ count: 10, every: 30.1 }], []],
  ['a trickle of one account', [{ count: 6, account: 'alice', every: 29 }], [['poison_account', hashOf('alice'), 6]]],
  [
    'two outages, the latest first',
    [{ count: 11 }, { count: 22, from: 120 }],
    [
      ['outage', UNAVAILABLE, 22],
      ['outage', UNAVAILABLE, 11],
    ],
  ],
  [
    'five failures of one account, long before an outage',
    [
      { count: 5, account: 'alice' },
      { count: 10, from: 120 },
    ],
    [
      ['outage', UNAVAILABLE, 10],
      ['poison_account', hashOf('alice'), 5],
    ],
  ],
  ['failures that are neither', [{ count: 40, code: 'DISCARDED' }], []],
])('%s', (_, some, expected) => {
  expect(named(patternsIn(some))).toEqual(expected);
});

describe('a bad release', () => {
  const BAD = { count: 50, release: 'bad' };

  test.each<[string, readonly SomeFailures[], string[], unknown[]]>([
    ['fails every payment and approves none', [BAD], approvals(1_000), [['bad_release', 'bad', 50]]],
    ['when nothing was ever approved', [BAD], [], [['bad_release', 'bad', 50]]],
    ['with any code', [{ ...BAD, code: REFUSED }], approvals(1_000), [['bad_release', 'bad', 50]]],
    ['approves fewer than one for ten failures', [BAD], approvals(4, 'bad'), [['bad_release', 'bad', 50]]],
    ['approves one for ten: an outage', [BAD], approvals(5, 'bad'), [['outage', UNAVAILABLE, 50]]],
    [
      'approved well, and then failed more than can be looked at: an outage',
      [{ ...BAD, count: 20_000, every: 0.001 }],
      approvals(1_000, 'bad'),
      [['outage', UNAVAILABLE, 20_000]],
    ],
    ['nine tenths of an incident', [{ ...BAD, count: 90 }, { count: 10 }], [], [['bad_release', 'bad', 90]]],
    ['less than nine tenths: an outage', [{ ...BAD, count: 89 }, { count: 11 }], [], [['outage', UNAVAILABLE, 100]]],
    [
      'fails one account only: that account',
      [{ ...BAD, account: 'alice' }],
      [],
      [['poison_account', hashOf('alice'), 50]],
    ],
    [
      'beside an earlier outage',
      [BAD, { count: 30, from: -120 }],
      approvals(900),
      [
        ['bad_release', 'bad', 50],
        ['outage', UNAVAILABLE, 30],
      ],
    ],
  ])('%s', (_, some, latestApprovals, expected) => {
    expect(named(patternsIn(some, latestApprovals))).toEqual(expected);
  });
});

test.each([
  [2, []],
  [3, [['unreadable_messages', 'dead-letter queue', 3]]],
])('%d unreadable messages in the sample', (messages, expected) => {
  expect(named(patternsIn([], [], messages))).toEqual(expected);
});

test('a pattern says how many, whose, since when, one example, and what to do; and no account', () => {
  expect(patternsIn([{ count: 20, accounts: 4, every: 1 }])).toEqual([
    {
      kind: 'outage',
      subject: 'FRAUD_CHECK_UNAVAILABLE',
      failed: 20,
      accounts: 4,
      firstSeen: '2026-01-02T12:00:00.000Z',
      lastSeen: '2026-01-02T12:19:00.000Z',
      exampleTransactionId: 'tx-20',
      whatToDo: expect.stringContaining('redrive') as string,
    },
  ]);
});

test('no more than the ten latest are named', () => {
  const outages = Array.from({ length: 12 }, (_, index) => ({ count: 10 + index, from: index * 60 }));
  expect(patternsIn(outages).map(({ failed }) => failed)).toEqual([21, 20, 19, 18, 17, 16, 15, 14, 13, 12]);
});

test('the age of payments is no fault of the release that fails them', () => {
  expect(named(patternsIn([{ count: 10, code: EXPIRED }], []))).toEqual([['expired_payments', EXPIRED, 10]]);
  expect(named(patternsIn([{ count: 10, code: REFUSED }], []))).toEqual([['bad_release', 'release-1', 10]]);
});

import {
  byStatus,
  DECISIONS,
  DEEP_BACKLOG,
  FAILURE_CODES,
  isDecision,
  isOutcome,
  METRIC_DIMENSION,
  METRICS,
  OUTCOMES,
  type PaymentStatus,
  STATUS_INDEX,
  STATUSES,
} from '../../src/contract';

/** Dashboards, alarms, queries and other systems hold on to these: a change here breaks them. */
test('metrics', () => {
  const kept = [
    'CircuitOpened',
    'DuplicatesIgnored',
    'FraudCheckErrors',
    'FraudCheckLatency',
    'MessagesQuarantined',
    'PaymentsApproved',
    'PaymentsDeclined',
    'PaymentsFailed',
    'PaymentsParked',
    'PaymentsProcessed',
    'PaymentsRetried',
    'PaymentsReview',
  ];
  expect(kept.filter((name) => !Object.values<string>(METRICS).includes(name))).toEqual([]);
  expect(METRIC_DIMENSION).toBe('service');
});

test('failure codes', () => {
  expect([...FAILURE_CODES].sort()).toEqual([
    'CARD_NUMBER',
    'CONFLICTING_TRANSACTION',
    'DISCARDED',
    'FRAUD_CHECK_REFUSED',
    'FRAUD_CHECK_UNAVAILABLE',
    'INVALID_JSON',
    'INVALID_PAYMENT',
    'MESSAGE_GROUP_MISMATCH',
    'PAYMENT_EXPIRED',
  ]);
});

test('statuses, and the index that finds them', () => {
  expect(STATUSES).toEqual(expect.arrayContaining(['PROCESSING', 'APPROVED', 'DECLINED', 'REVIEW', 'FAILED']));
  expect(Object.entries(byStatus((status) => status))).toEqual(STATUSES.map((status) => [status, status]));
  expect(STATUSES.filter((status) => !isOutcome(status))).toEqual(['PROCESSING']);
  expect(OUTCOMES.filter((status) => !isDecision(status))).toEqual(['FAILED']);
  expect(DECISIONS).toEqual(OUTCOMES.filter(isDecision));
  expect([isOutcome, isDecision].map((is) => is('UNKNOWN' as PaymentStatus))).toEqual([false, false]);
  expect(STATUS_INDEX).toBe('status-timestamp-index');
});

test('a backlog of one account is deep at half of the 120,000 messages in which SQS looks for message groups', () => {
  expect(DEEP_BACKLOG).toBe(60_000);
});

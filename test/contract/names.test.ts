import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  DECISIONS,
  FAILURE_CODES,
  isDecision,
  isOutcome,
  METRIC_DIMENSION,
  METRICS,
  OUTCOMES,
  PAYMENT_STATUSES,
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
  ]);
});

test('statuses, and the index that finds them', () => {
  expect(STATUSES).toEqual(expect.arrayContaining(['PROCESSING', 'APPROVED', 'DECLINED', 'REVIEW', 'FAILED']));
  expect(STATUSES.filter((status) => !isOutcome(status))).toEqual(['PROCESSING']);
  expect(OUTCOMES.filter((status) => !isDecision(status))).toEqual(['FAILED']);
  expect(DECISIONS).toEqual(OUTCOMES.filter(isDecision));
  expect(STATUS_INDEX).toBe('status-timestamp-index');
});

test('the architecture page names every decision of the fraud API, and its status', () => {
  const page = readFileSync(join(__dirname, '../../docs/architecture.md'), 'utf8');
  const answers = DECISIONS.map((status) => `\`${PAYMENT_STATUSES[status].decision}\` (\`${status}\`)`);
  const named = [...answers, `| ${DECISIONS.map((status) => `\`${status}\``).join(', ')} | \`fraud\``];
  expect(named.filter((text) => !page.includes(text))).toEqual([]);
});

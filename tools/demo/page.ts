import type { PaymentRecord } from '../../src/contract';
import { count, counted, duration } from '../page/format';
import type { Figure, PageModel } from '../page/model';
import { failurePatterns, outcomeFigures, pageDeadLetters, pagePayments } from '../page/payments';
import type { ObservedDemo } from './demo';
import type { Claim } from './verification/claims';
import type { Evidence } from './verification/evidence';
import type { Report } from './verification/report';
import { deadLettered } from './verification/tally';

/** The run as a page. */
export function demoPage(result: ObservedDemo, report: Report, claims: readonly Claim[]): PageModel {
  const { evidence, observation, accountHash, fraudUrl, overridden } = result;
  const { widgets, alarms, start, now, timeScale } = observation;
  const { records, accepted } = evidence;
  const letters = deadLettered(evidence);
  const unreadable = letters.filter(({ transactionId }) => transactionId === undefined).length;
  const accounts = new Set(accepted.map(({ payment }) => payment.account_id)).size;
  return {
    run: {
      title: 'Demo of the payment pipeline',
      summary:
        `${counted(report.accepted, 'payment')} of ${counted(accounts, 'account')} through the real function bundle, with the queues, table, alarms ` +
        `and dashboard of the synthesized stack. SQS, DynamoDB and CloudWatch were emulated; the fraud API was ${fraudUrl}. ` +
        `Different from the stack: ${overridden.join(', ')}.${report.interrupted ? ' Ended early: this is what was done so far.' : ''}`,
      start,
      now,
      timeScale,
      figures: figuresOf(report),
      paymentCount: records.length,
      deadLetterCount: letters.length,
    },
    claims: report.accepted === 0 ? [] : claims,
    widgets,
    alarms,
    payments: pagePayments(records, sendingTimes(evidence), accountHash),
    deadLetters: pageDeadLetters(letters, records, accountHash),
    patterns: failurePatterns(records, unreadable, accountHash, Date.now()),
    drills: [],
  };
}

function sendingTimes({ accepted }: Evidence): (record: PaymentRecord) => number | undefined {
  const keyOf = (id: string, fingerprint: string) => `${id} ${fingerprint}`;
  const times = new Map<string, number>();
  for (const { payment, fingerprint, acceptedAt } of accepted) {
    const key = keyOf(payment.transaction_id, fingerprint);
    times.set(key, Math.min(acceptedAt, times.get(key) ?? Infinity));
  }
  return ({ transaction_id, fingerprint }) => times.get(keyOf(transaction_id, fingerprint));
}

function figuresOf(report: Report): Figure[] {
  return [
    { label: 'Payments', value: count(report.accepted) },
    ...outcomeFigures(report),
    { label: 'Throughput', value: String(report.payments_per_second), note: 'payments/s' },
    {
      label: 'Median latency',
      value: duration(report.latency_ms.p50),
      note: `${duration(report.queueing_ms.p50)} queued`,
    },
    { label: 'Returned', value: count(report.returned), note: 'to the queue' },
  ];
}

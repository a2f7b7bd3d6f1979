import type { SqsQueue } from '@cdktf/provider-aws/lib/sqs-queue';
import { DEEP_BACKLOG, IN_FLIGHT_LIMIT, MESSAGE_GROUP_WINDOW } from '../../contract/message-group-window';
import type { AlarmDefinition, MonitoringProps } from './alarm';
import { analyzeDeadLetters, countApprovedByAccount, showTrouble } from './first-command';
import { duration, figure } from './figure';
import { arrivalsIn, messagesIn, queueMetric } from './metric';
import { graph, type Widget } from './dashboard';

/** Payments in the queue. A larger backlog needs attention. */
const DEEP_QUEUE = 1_000;
/** Payments in flight: 80 % of the quota. At 60 payments a second in an outage the rest is left for less than seven minutes. */
const MANY_IN_FLIGHT = 0.8 * IN_FLIGHT_LIMIT;
/** Seconds. A payment that only met a short failure is decided long before; one that waits for its last receive is not. */
const OLD_MESSAGE = 900;
/** Dead letters in five minutes. That many at once have a common cause, by the DLQ processor's own rules. */
const MANY_DEAD_LETTERS = 10;
/** Percent of the dead-letter queue's retention: nearly three of 14 days are left then, one of 5. */
const NEAR_EXPIRY = 80;

export const QUEUE_ALARMS: readonly AlarmDefinition[] = [
  {
    purpose: 'sqs-queue-depth',
    isSpecified: true,
    inOutage: 'symptom',
    meaning: ({ threshold, period, evaluationPeriods, datapointsToAlarm = evaluationPeriods }) =>
      `More than ${figure(threshold)} payments have waited for ${duration(period, datapointsToAlarm)}: they come in faster than they are decided. ` +
      'Slow or failing answers of the fraud API are the usual cause.',
    firstCommand: showTrouble,
    watches: ({ queues }) => queueMetric(queues.paymentQueue.name, 'ApproximateNumberOfMessagesVisible', 'Maximum'),
    threshold: DEEP_QUEUE,
    evaluationPeriods: 2,
  },
  {
    purpose: 'sqs-queue-backlog',
    inOutage: 'symptom',
    meaning: ({ threshold }) =>
      `The payment queue holds more than ${figure(threshold)} payments. SQS looks for accounts only in its first ` +
      `${figure(MESSAGE_GROUP_WINDOW)} messages: once all of these are of one account, SQS delivers no other account's payments.`,
    firstCommand: countApprovedByAccount,
    watches: ({ queues }) => messagesIn(queues.paymentQueue.name),
    threshold: DEEP_BACKLOG,
    period: 60,
  },
  {
    purpose: 'sqs-in-flight',
    inOutage: 'symptom',
    meaning: ({ threshold }) =>
      `More than ${figure(threshold)} payments are in flight. At ${figure(IN_FLIGHT_LIMIT)} SQS may deliver ` +
      'no payment before another one returns or is decided. Payments that wait for their next receive are in flight: an outage is the usual cause.',
    firstCommand: showTrouble,
    watches: ({ queues }) => queueMetric(queues.paymentQueue.name, 'ApproximateNumberOfMessagesNotVisible', 'Maximum'),
    threshold: MANY_IN_FLIGHT,
    period: 60,
  },
  {
    purpose: 'sqs-oldest-message-age',
    inOutage: 'symptom',
    meaning: ({ threshold }) =>
      `A payment has waited for more than ${duration(threshold)}, and the later ones of its account with it: the fraud API does not answer, or ` +
      'the payment is returned to the queue again and again.',
    firstCommand: showTrouble,
    watches: ({ queues }) => queueMetric(queues.paymentQueue.name, 'ApproximateAgeOfOldestMessage', 'Maximum'),
    threshold: OLD_MESSAGE,
  },
  {
    purpose: 'sqs-dlq-messages',
    isSpecified: true,
    inOutage: 'consequence',
    meaning:
      'The dead-letter queue has messages: payments that failed permanently or wait behind one that did, or invalid messages.',
    firstCommand: analyzeDeadLetters,
    watches: ({ queues }) => queueMetric(queues.deadLetterQueue.name, 'ApproximateNumberOfMessagesVisible', 'Maximum'),
    threshold: 0,
    period: 60,
  },
  {
    // `sqs-dlq-messages` goes off on the first message and stays on. Without this alarm, an outage behind a forgotten dead letter is silent.
    purpose: 'sqs-dlq-growth',
    inOutage: 'symptom',
    meaning: ({ threshold, period }) =>
      `More than ${figure(threshold)} messages came into the dead-letter queue within ${duration(period)}. They have a common cause: an outage, a bad ` +
      'release, a sender of invalid messages, or a held account that many payments wait behind.',
    firstCommand: analyzeDeadLetters,
    watches: ({ queues }) => arrivalsIn(queues.deadLetterQueue.name),
    threshold: MANY_DEAD_LETTERS,
    shortestPeriod: 300,
  },
  {
    purpose: 'sqs-dlq-oldest-message-age',
    meaning: ({ threshold }) =>
      `A dead letter has been in its queue for ${figure(threshold)} % of the time that it is kept: if nobody redrives or discards it, SQS deletes it. ` +
      'A payment with a record can still be redriven by its transaction id; a message without one is lost.',
    firstCommand: analyzeDeadLetters,
    watches: ({ queues }) => queueMetric(queues.deadLetterQueue.name, 'ApproximateAgeOfOldestMessage', 'Maximum'),
    threshold: NEAR_EXPIRY,
    percentOf: {
      prop: 'dlqRetentionDays',
      value: ({ queues }) => queues.deadLetterQueue.messageRetentionSecondsInput!,
    },
  },
];

export function queueRows({ queues: { paymentQueue, deadLetterQueue } }: MonitoringProps): Widget[][] {
  return [
    [traffic('Payment queue', paymentQueue), backlog('Payment queue', paymentQueue), accountsInFlight(paymentQueue)],
    [traffic('Dead-letter queue', deadLetterQueue), backlog('Dead-letter queue', deadLetterQueue)],
  ];
}

function traffic(title: string, { name }: SqsQueue): Widget {
  return graph(`${title}: messages sent and received`, [
    queueMetric(name, 'NumberOfMessagesSent', 'Sum'),
    queueMetric(name, 'NumberOfMessagesReceived', 'Sum'),
  ]);
}

function backlog(title: string, { name }: SqsQueue): Widget {
  return graph(`${title}: backlog and age in seconds`, [
    queueMetric(name, 'ApproximateNumberOfMessagesVisible', 'Maximum'),
    { ...queueMetric(name, 'ApproximateAgeOfOldestMessage', 'Maximum'), yAxis: 'right' },
  ]);
}

/** When few accounts are in flight and many messages wait, the backlog belongs to those accounts. */
function accountsInFlight({ name }: SqsQueue): Widget {
  return graph('Payment queue: messages and accounts in flight', [
    queueMetric(name, 'ApproximateNumberOfMessagesNotVisible', 'Maximum'),
    { ...queueMetric(name, 'ApproximateNumberOfGroupsWithInflightMessages', 'Maximum'), yAxis: 'right' },
  ]);
}

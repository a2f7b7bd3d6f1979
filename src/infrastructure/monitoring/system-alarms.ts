import { Op, Token } from 'cdktf';
import { DEEP_BACKLOG, MESSAGE_GROUP_WINDOW } from '../../contract/message-group-window';
import type { AlarmDefinition } from './alarm';
import { analyzeDeadLetters, countApprovedByAccount, showTrouble } from './first-command';
import { functionMetric, queueMetric } from './metric';
import type { MonitoringProps } from './monitoring-props';

const FIVE_MINUTES = 300;
const ONE_MINUTE = 60;

/** Payments that wait; a backlog above it is worth looking at. */
const DEEP_QUEUE = 1_000;
/** Percent of the invocations. */
const MANY_ERRORS = 1;
/** Seconds; a payment that only met a short failure is decided long before, one that waits for its last receive not yet. */
const OLD_MESSAGE = 900;
/** Dead letters in five minutes; so many at once have a common cause, as the DLQ processor's own rules have it. */
const MANY_DEAD_LETTERS = 10;
/** Percent of the dead-letter queue's retention: of 14 days nearly three are left then, of 5 one. */
const NEAR_EXPIRY = 80;
/** Percent of the concurrency that the processor may have. */
const NEAR_LIMIT = 90;

/** Alarms on what AWS itself measures. */
export function systemAlarms({ names, queues, processor, settings }: MonitoringProps): AlarmDefinition[] {
  const { paymentQueue, deadLetterQueue } = queues;
  const { functionName } = processor.lambda;
  return [
    {
      purpose: 'sqs-queue-depth',
      meaning:
        'More than 1,000 payments have waited for ten minutes: they come in faster than they are decided. Slow or failing answers of ' +
        'the fraud API are the usual cause.',
      firstCommand: showTrouble(names),
      watches: queueMetric(paymentQueue.name, 'ApproximateNumberOfMessagesVisible', 'Maximum'),
      comparison: 'GreaterThanThreshold',
      threshold: DEEP_QUEUE,
      period: FIVE_MINUTES,
      periods: 2,
    },
    {
      purpose: 'sqs-queue-backlog',
      meaning:
        `The payment queue holds more than ${DEEP_BACKLOG.toLocaleString('en-US')} payments. SQS looks for accounts only in its first ` +
        `${MESSAGE_GROUP_WINDOW.toLocaleString('en-US')} messages: once all of these are of one account, no other account is served.`,
      firstCommand: countApprovedByAccount(names),
      watches: {
        waiting: queueMetric(paymentQueue.name, 'ApproximateNumberOfMessagesVisible', 'Maximum'),
        inFlight: queueMetric(paymentQueue.name, 'ApproximateNumberOfMessagesNotVisible', 'Maximum'),
      },
      comparison: 'GreaterThanThreshold',
      threshold: DEEP_BACKLOG,
      period: ONE_MINUTE,
      periods: 1,
    },
    {
      purpose: 'sqs-oldest-message-age',
      meaning:
        'A payment has waited for more than 15 minutes, and its account with it: the fraud API does not answer, or the payment is ' +
        'returned to the queue again and again.',
      firstCommand: showTrouble(names),
      watches: queueMetric(paymentQueue.name, 'ApproximateAgeOfOldestMessage', 'Maximum'),
      comparison: 'GreaterThanThreshold',
      threshold: OLD_MESSAGE,
      period: FIVE_MINUTES,
      periods: 1,
    },
    {
      purpose: 'sqs-dlq-messages',
      meaning:
        'There are messages in the dead-letter queue: payments that failed permanently or wait behind one that did, or invalid messages.',
      firstCommand: analyzeDeadLetters(names),
      watches: queueMetric(deadLetterQueue.name, 'ApproximateNumberOfMessagesVisible', 'Maximum'),
      comparison: 'GreaterThanThreshold',
      threshold: 0,
      period: ONE_MINUTE,
      periods: 1,
    },
    {
      // The alarm before tells of the first and then rings on: without this one, an outage behind a forgotten dead letter is silent.
      purpose: 'sqs-dlq-growth',
      meaning:
        'More than ten messages came into the dead-letter queue within five minutes: not single payments, but an outage, a bad ' +
        'release, a sender of invalid messages, or a held account that many payments wait behind.',
      firstCommand: analyzeDeadLetters(names),
      // What SQS itself moves there is not counted; that is a crash, which the error rate tells.
      watches: queueMetric(deadLetterQueue.name, 'NumberOfMessagesSent', 'Sum'),
      comparison: 'GreaterThanThreshold',
      threshold: MANY_DEAD_LETTERS,
      period: FIVE_MINUTES,
      periods: 1,
    },
    {
      purpose: 'sqs-dlq-oldest-message-age',
      meaning:
        'A dead letter has been in its queue for 80 % of the time that it is kept: if nobody redrives or discards it, SQS deletes it. ' +
        'A payment with a record can still be redriven by its transaction id; a message without one is lost.',
      firstCommand: analyzeDeadLetters(names),
      watches: queueMetric(deadLetterQueue.name, 'ApproximateAgeOfOldestMessage', 'Maximum'),
      comparison: 'GreaterThanThreshold',
      threshold: percentOf(deadLetterQueue.messageRetentionSecondsInput!, NEAR_EXPIRY),
      period: FIVE_MINUTES,
      periods: 1,
    },
    {
      purpose: 'lambda-error-rate',
      meaning:
        "More than 1 % of the payment processor's invocations crashed or timed out; their batches come back and cost each payment " +
        'a receive.',
      firstCommand: showTrouble(names),
      watches: {
        part: functionMetric(functionName, 'Errors', 'Sum'),
        whole: functionMetric(functionName, 'Invocations', 'Sum'),
      },
      comparison: 'GreaterThanThreshold',
      threshold: MANY_ERRORS,
      period: FIVE_MINUTES,
      periods: 1,
    },
    {
      purpose: 'lambda-concurrency',
      meaning:
        'The payment processor runs at 90 % of the concurrency that it may have: soon payments wait for a place. Either the fraud API ' +
        'has become slow, or more payments come in than ever.',
      firstCommand: showTrouble(names),
      watches: functionMetric(functionName, 'ConcurrentExecutions', 'Maximum'),
      comparison: 'GreaterThanOrEqualToThreshold',
      threshold: percentOf(settings.maxConcurrency, NEAR_LIMIT),
      period: FIVE_MINUTES,
      periods: 1,
    },
    {
      purpose: 'lambda-throttles',
      meaning:
        'Lambda refused to run the payment processor; each refused batch costs its payments a receive. Another function may have ' +
        "used up the account's concurrency.",
      firstCommand: 'aws lambda get-account-settings',
      watches: functionMetric(functionName, 'Throttles', 'Sum'),
      comparison: 'GreaterThanThreshold',
      threshold: 0,
      period: FIVE_MINUTES,
      periods: 1,
    },
  ];
}

function percentOf(value: number, percent: number): number {
  if (Token.isUnresolved(value)) return Token.asNumber(Op.div(Op.mul(value, percent), 100));
  return (value * percent) / 100;
}

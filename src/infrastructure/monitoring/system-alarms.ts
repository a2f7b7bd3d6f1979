import { Op, Token } from 'cdktf';
import type { AlarmDefinition } from './alarm';
import { functionMetric, queueMetric } from './metric';
import type { Monitored } from './monitored';

const FIVE_MINUTES = 300;
const ONE_MINUTE = 60;

/** Payments that wait; a backlog above it is worth looking at. */
const DEEP_QUEUE = 1_000;
/** Percent of the invocations. */
const MANY_ERRORS = 1;
/** Seconds; a payment that only met a short failure is decided long before, one that waits for its last receive not yet. */
const OLD_MESSAGE = 900;
/** Percent of the concurrency that the processor may have. */
const NEAR_LIMIT = 90;

/** Alarms on what AWS itself measures. */
export function systemAlarms({ queues, processor, settings }: Monitored): AlarmDefinition[] {
  const { paymentQueue, deadLetterQueue } = queues;
  const { functionName } = processor.lambda;
  return [
    {
      purpose: 'sqs-queue-depth',
      description:
        'More than 1,000 payments have waited for ten minutes: they come in faster than they are decided. First look at the ' +
        "dashboard's fraud API row: slow or failing answers are the usual cause; then at the concurrency.",
      watches: queueMetric(paymentQueue.name, 'ApproximateNumberOfMessagesVisible', 'Maximum'),
      comparison: 'GreaterThanThreshold',
      threshold: DEEP_QUEUE,
      period: FIVE_MINUTES,
      periods: 2,
    },
    {
      purpose: 'sqs-oldest-message-age',
      description:
        'A payment has waited for more than 15 minutes, and its account with it. First look whether the fraud API answers; if it ' +
        'does, look for the payment in the processor\'s log: it is handed back again and again.',
      watches: queueMetric(paymentQueue.name, 'ApproximateAgeOfOldestMessage', 'Maximum'),
      comparison: 'GreaterThanThreshold',
      threshold: OLD_MESSAGE,
      period: FIVE_MINUTES,
      periods: 1,
    },
    {
      purpose: 'sqs-dlq-messages',
      description:
        'There are messages in the dead-letter queue: payments that failed for good, or were no payments. First invoke the DLQ ' +
        'processor with {"action": "analyze"}, which says why.',
      watches: queueMetric(deadLetterQueue.name, 'ApproximateNumberOfMessagesVisible', 'Maximum'),
      comparison: 'GreaterThanThreshold',
      threshold: 0,
      period: ONE_MINUTE,
      periods: 1,
    },
    {
      purpose: 'lambda-error-rate',
      description:
        'More than 1 % of the payment processor\'s invocations crashed or timed out; their batches come back and cost each payment ' +
        'a receive. First read the last errors in the processor\'s log.',
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
      description:
        'The payment processor runs at 90 % of the concurrency that it may have: soon payments wait for a place. First look whether ' +
        'the fraud API has become slow; if not, raise maxConcurrency as far as that API allows.',
      watches: functionMetric(functionName, 'ConcurrentExecutions', 'Maximum'),
      comparison: 'GreaterThanOrEqualToThreshold',
      threshold: percentOf(settings.maxConcurrency, NEAR_LIMIT),
      period: FIVE_MINUTES,
      periods: 1,
    },
    {
      purpose: 'lambda-throttles',
      description:
        'Lambda refused to run the payment processor; each refused batch costs its payments a receive. First look at the account\'s ' +
        'concurrency: another function may have used it up.',
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

import * as at from '../addresses';
import type { Row } from '../row';

const percentOf = (part: string, whole: string) => [
  {
    id: 'share',
    label: expect.any(String) as string,
    expression: 'IF(whole > 0, 100 * part / whole, 0)',
    return_data: true,
  },
  ...[part, whole].map((metric_name, index) => ({
    id: ['part', 'whole'][index],
    metric: {
      namespace: 'PaymentPipeline',
      metric_name,
      dimensions: { service: 'payment-processor-dev' },
      stat: 'Sum',
      period: 300,
    },
  })),
];

const ofQueue = (queue: string) => ({ namespace: 'AWS/SQS', dimensions: { QueueName: `${queue}.name` } });

const sampled = (statistic: string, metric_name: string, of: object) => ({
  ...of,
  metric_name,
  statistic,
  period: 300,
});

const alarmAbove = (threshold: number, rest: object): unknown =>
  expect.objectContaining({ ...rest, comparison_operator: 'GreaterThanThreshold', threshold, evaluation_periods: 1 });

/** The alarms beyond the request. */
export const moreAlarms: readonly Row[] = [
  {
    demand: 'An alarm on failed payments',
    met: 'More than one percent in five minutes. The function succeeds when a payment fails, so its error rate does not show failed payments.',
    deviation: 'D21',
    resources: [at.FAILED_PAYMENTS_ALARM],
    shows: (stack) => {
      expect(stack.at(at.FAILED_PAYMENTS_ALARM)).toEqual(
        alarmAbove(1, { metric_query: percentOf('PaymentsFailed', 'PaymentsProcessed') }),
      );
    },
  },
  {
    demand: 'An alarm on throttles',
    met: 'Each throttled batch costs its payments a receive.',
    deviation: 'D21',
    resources: [at.THROTTLES_ALARM],
    shows: (stack) => {
      expect(stack.at(at.THROTTLES_ALARM)).toEqual(
        alarmAbove(
          0,
          sampled('Sum', 'Throttles', {
            namespace: 'AWS/Lambda',
            dimensions: { FunctionName: `${at.PROCESSOR}.function_name` },
          }),
        ),
      );
    },
  },
  {
    demand: 'An alarm on a backlog that delays other accounts',
    met: 'At 60,000 messages, waiting and in flight: SQS looks for message groups in the first 120,000 only. The dashboard shows how many message groups are in flight.',
    deviation: 'D21',
    resources: [at.QUEUE_BACKLOG_ALARM, at.DASHBOARD],
    shows: (stack) => {
      const metric = (metric_name: string) => ({
        ...ofQueue(at.PAYMENT_QUEUE),
        metric_name,
        stat: 'Maximum',
        period: 60,
      });
      expect(stack.at(at.QUEUE_BACKLOG_ALARM)).toEqual(
        alarmAbove(60_000, {
          metric_query: [
            {
              id: 'messages',
              label: expect.any(String) as string,
              expression: 'waiting + FILL(inflight, 0)',
              return_data: true,
            },
            { id: 'waiting', metric: metric('ApproximateNumberOfMessagesVisible') },
            { id: 'inflight', metric: metric('ApproximateNumberOfMessagesNotVisible') },
          ],
        }),
      );
      const shown = stack
        .dashboardMetrics()
        .filter(({ namespace }) => namespace === 'AWS/SQS')
        .map(({ metricName, stat }) => `${metricName} ${String(stat)}`);
      expect(shown).toEqual(
        expect.arrayContaining([
          'ApproximateNumberOfMessagesNotVisible Maximum',
          'ApproximateNumberOfGroupsWithInflightMessages Maximum',
        ]),
      );
    },
  },
  {
    demand: 'An alarm on messages in flight',
    met: 'At 80 % of the 120,000 messages that a FIFO queue can have in flight: at the quota, SQS may deliver nothing.',
    deviation: 'D21',
    resources: [at.IN_FLIGHT_ALARM],
    shows: (stack) => {
      expect(stack.at(at.IN_FLIGHT_ALARM)).toEqual(
        alarmAbove(96_000, {
          ...sampled('Maximum', 'ApproximateNumberOfMessagesNotVisible', ofQueue(at.PAYMENT_QUEUE)),
          period: 60,
        }),
      );
    },
  },
  {
    demand: 'An alarm on the age of the oldest message',
    met: 'A payment that waits for 15 minutes delays its account, even when the queue is short.',
    deviation: 'D21',
    resources: [at.OLDEST_MESSAGE_ALARM],
    shows: (stack) => {
      expect(stack.at(at.OLDEST_MESSAGE_ALARM)).toEqual(
        alarmAbove(900, sampled('Maximum', 'ApproximateAgeOfOldestMessage', ofQueue(at.PAYMENT_QUEUE))),
      );
    },
  },
  {
    demand: 'An alarm on many dead letters in a short time',
    met: 'More than ten in five minutes, failed, parked or invalid, those that SQS moves included. The alarm on any dead letter stays in alarm from the first one, so it does not show an increase.',
    deviation: 'D21',
    resources: [at.DEAD_LETTER_GROWTH_ALARM],
    shows: (stack) => {
      expect(stack.at(at.DEAD_LETTER_GROWTH_ALARM)).toEqual(
        alarmAbove(10, {
          metric_query: [
            expect.objectContaining({ id: 'arrivals', return_data: true }),
            ...[
              ['sent', 'NumberOfMessagesSent', 'Sum'],
              ['waiting', 'ApproximateNumberOfMessagesVisible', 'Maximum'],
              ['inflight', 'ApproximateNumberOfMessagesNotVisible', 'Maximum'],
            ].map(([id, metric_name, stat]) => ({
              id,
              metric: { ...ofQueue(at.DEAD_LETTER_QUEUE), metric_name, stat, period: 300 },
            })),
          ],
        }),
      );
    },
  },
  {
    demand: 'An alarm on dead letters that are about to expire',
    met: 'At 80 % of `dlqRetentionDays`, derived from the queue. After the retention period, SQS deletes the message and nobody can redrive it.',
    deviation: 'D21',
    resources: [at.DEAD_LETTER_AGE_ALARM],
    shows: (stack) => {
      expect(stack.at(at.DEAD_LETTER_AGE_ALARM)).toEqual(
        alarmAbove(
          14 * 86_400 * 0.8,
          sampled('Maximum', 'ApproximateAgeOfOldestMessage', ofQueue(at.DEAD_LETTER_QUEUE)),
        ),
      );
    },
  },
  {
    demand: 'An alarm on a payment that nobody decides after its review',
    met: 'After 24 hours in `REVIEW`. Every 15 minutes an EventBridge rule has the DLQ processor measure the age of the oldest one; nothing else may call the function but operators.',
    resources: [at.REVIEW_AGE_ALARM, at.REVIEW_RULE, at.REVIEW_TARGET, at.REVIEW_PERMISSION],
    shows: (stack) => {
      expect(stack.at(at.REVIEW_AGE_ALARM)).toEqual(
        alarmAbove(24 * 3_600, {
          namespace: 'PaymentPipeline',
          dimensions: { service: 'dlq-processor-dev' },
          metric_name: 'OldestReviewAge',
          statistic: 'Maximum',
          period: 1_800,
        }),
      );
      expect(stack.at(at.REVIEW_RULE)).toMatchObject({
        name: 'event-rule-payment-reviews-dev',
        schedule_expression: 'rate(15 minutes)',
      });
      expect(stack.at(at.REVIEW_TARGET)).toEqual({
        rule: `${at.REVIEW_RULE}.name`,
        arn: `${at.DLQ_PROCESSOR}.arn`,
        target_id: 'lambda-dlq-processor-dev',
        input: JSON.stringify({ action: 'measure' }),
        depends_on: [at.REVIEW_PERMISSION],
      });
      expect(stack.at(at.REVIEW_PERMISSION)).toEqual({
        statement_id: 'EventsMeasureReviews',
        action: 'lambda:InvokeFunction',
        function_name: `${at.DLQ_PROCESSOR}.function_name`,
        principal: 'events.amazonaws.com',
        source_arn: `${at.REVIEW_RULE}.arn`,
      });
    },
    shownBy: [
      {
        file: 'test/infrastructure/policy-graph/review-schedule.test.ts',
        test: 'EventBridge may call that function for this rule, and nothing else may call either function',
      },
    ],
  },
];

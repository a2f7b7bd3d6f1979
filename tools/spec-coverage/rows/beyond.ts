import * as at from '../addresses';
import type { Row } from '../row';

const MORE_OUTPUTS = {
  payments_route_table_id: `${at.ROUTE_TABLE}.id`,
  payments_release_id: `${at.RELEASE}.result`,
  payments_event_source_id: `${at.EVENT_SOURCE}.uuid`,
  payments_delivery_status_role_name: `${at.roleOf(at.DELIVERY_STATUS_ID)}.name`,
  payments_delivery_status_role_arn: `${at.roleOf(at.DELIVERY_STATUS_ID)}.arn`,
  ...Object.fromEntries(
    at.MORE_ALARMS.flatMap((alarm) => [
      [`${alarm.split('.')[1]!}_name`, `${alarm}.alarm_name`],
      [`${alarm.split('.')[1]!}_arn`, `${alarm}.arn`],
    ]),
  ),
};

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

/** What nobody asked for, and why it is there. */
export const beyond: readonly Row[] = [
  {
    demand: "The VPC's default security group allows nothing",
    met: 'AWS makes it with the VPC and lets its members talk to each other. Nothing uses it; without rules nothing ever will by mistake.',
    resources: ['aws_default_security_group.payments_network_default_security_group'],
    shows: (stack) => {
      expect(stack.at('aws_default_security_group.payments_network_default_security_group')).toEqual({
        vpc_id: `${at.VPC}.id`,
        tags: { Name: 'vpc-default-dev' },
      });
    },
  },
  {
    demand: 'Whoever deploys cannot make more of a role than it is',
    met: 'Variable `permissions_boundary_arn`: the policy that bounds every role. The role with which GitHub deploys makes none without it.',
    resources: ['var.permissions_boundary_arn', ...at.ROLES],
    shows: (stack) => {
      expect(stack.at('var.permissions_boundary_arn')).toMatchObject({ type: 'string', default: 'none' });
      const boundaries = new Set(stack.each('aws_iam_role', 'permissions_boundary'));
      expect([...boundaries]).toEqual(['${("none" == "none") ? null : "none"}']);
    },
    shownBy: [
      {
        file: 'test/infrastructure/policy-graph/github-rights.test.ts',
        test: 'gives a role nothing that its boundary does not',
      },
    ],
  },
  {
    demand: 'Only the payment queue may redrive into the dead-letter queue',
    met: 'Otherwise every queue of the account could.',
    resources: ['aws_sqs_queue_redrive_allow_policy.payments_dead_letter_queue_redrive_allow_policy'],
    shows: (stack) => {
      expect(stack.at('aws_sqs_queue_redrive_allow_policy.payments_dead_letter_queue_redrive_allow_policy')).toEqual({
        queue_url: `${at.DEAD_LETTER_QUEUE}.url`,
        redrive_allow_policy: { redrivePermission: 'byQueue', sourceQueueArns: [`${at.PAYMENT_QUEUE}.arn`] },
      });
    },
  },
  {
    demand: 'The main queue takes smaller messages than the dead-letter queue',
    met: 'By the kilobyte that the reasons of a quarantine add: a copy of whatever was accepted fits.',
    resources: at.QUEUES,
    shows: (stack) => {
      expect(stack.at(at.PAYMENT_QUEUE)).toMatchObject({ max_message_size: 262_144 - 1_024 });
      expect(stack.at(at.DEAD_LETTER_QUEUE)).toMatchObject({ max_message_size: 262_144 });
    },
  },
  {
    demand: 'An alarm on failed payments',
    met: 'More than one percent in five minutes. A failed payment is no error of the function, so the error rate would never show it.',
    deviation: 'D21',
    resources: [at.FAILED_PAYMENTS_ALARM],
    shows: (stack) => {
      expect(stack.at(at.FAILED_PAYMENTS_ALARM)).toEqual(
        expect.objectContaining({
          comparison_operator: 'GreaterThanThreshold',
          threshold: 1,
          evaluation_periods: 1,
          metric_query: percentOf('PaymentsFailed', 'PaymentsProcessed'),
        }),
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
        expect.objectContaining({
          namespace: 'AWS/Lambda',
          metric_name: 'Throttles',
          dimensions: { FunctionName: `${at.PROCESSOR}.function_name` },
          statistic: 'Sum',
          comparison_operator: 'GreaterThanThreshold',
          threshold: 0,
          period: 300,
          evaluation_periods: 1,
        }),
      );
    },
  },
  {
    demand: 'An alarm on a backlog that one account can make dangerous',
    met: 'At 60,000 messages, waiting and in flight: SQS looks for accounts in the first 120,000 only. The dashboard shows how many accounts are in flight.',
    deviation: 'D21',
    resources: [at.QUEUE_BACKLOG_ALARM, at.DASHBOARD],
    shows: (stack) => {
      const metric = (metric_name: string) => ({
        namespace: 'AWS/SQS',
        metric_name,
        dimensions: { QueueName: `${at.PAYMENT_QUEUE}.name` },
        stat: 'Maximum',
        period: 60,
      });
      expect(stack.at(at.QUEUE_BACKLOG_ALARM)).toEqual(
        expect.objectContaining({
          comparison_operator: 'GreaterThanThreshold',
          threshold: 60_000,
          evaluation_periods: 1,
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
    demand: 'An alarm on the age of the oldest message',
    met: 'One payment that waits for a quarter of an hour holds its account up, however short the queue is.',
    deviation: 'D21',
    resources: [at.OLDEST_MESSAGE_ALARM],
    shows: (stack) => {
      expect(stack.at(at.OLDEST_MESSAGE_ALARM)).toEqual(
        expect.objectContaining({
          namespace: 'AWS/SQS',
          metric_name: 'ApproximateAgeOfOldestMessage',
          dimensions: { QueueName: `${at.PAYMENT_QUEUE}.name` },
          statistic: 'Maximum',
          comparison_operator: 'GreaterThanThreshold',
          threshold: 900,
          period: 300,
          evaluation_periods: 1,
        }),
      );
    },
  },
  {
    demand: 'An alarm on dead letters that come in numbers',
    met: 'More than ten in five minutes, failed, parked or unreadable: the alarm on any dead letter rings on from the first, and would not tell.',
    deviation: 'D21',
    resources: [at.DEAD_LETTER_GROWTH_ALARM],
    shows: (stack) => {
      expect(stack.at(at.DEAD_LETTER_GROWTH_ALARM)).toEqual(
        expect.objectContaining({
          namespace: 'AWS/SQS',
          metric_name: 'NumberOfMessagesSent',
          dimensions: { QueueName: `${at.DEAD_LETTER_QUEUE}.name` },
          statistic: 'Sum',
          comparison_operator: 'GreaterThanThreshold',
          threshold: 10,
          period: 300,
          evaluation_periods: 1,
        }),
      );
    },
  },
  {
    demand: 'An alarm on dead letters that are about to expire',
    met: 'At 80 % of `dlqRetentionDays`, derived from the queue: what SQS deletes then cannot be redriven any more.',
    deviation: 'D21',
    resources: [at.DEAD_LETTER_AGE_ALARM],
    shows: (stack) => {
      expect(stack.at(at.DEAD_LETTER_AGE_ALARM)).toEqual(
        expect.objectContaining({
          namespace: 'AWS/SQS',
          metric_name: 'ApproximateAgeOfOldestMessage',
          dimensions: { QueueName: `${at.DEAD_LETTER_QUEUE}.name` },
          statistic: 'Maximum',
          comparison_operator: 'GreaterThanThreshold',
          threshold: 14 * 86_400 * 0.8,
          period: 300,
          evaluation_periods: 1,
        }),
      );
    },
  },
  {
    demand: 'The dashboard begins with the alarms, and shows the fraud API',
    met: 'What needs a look at once comes first, then what explains it: retries, duplicates, quarantines, errors and latency of the API.',
    resources: [at.DASHBOARD],
    shows: (stack) => {
      const [first] = stack.widgets;
      expect(first?.type).toBe('alarm');
      expect([...first!.properties.alarms!].sort()).toEqual(
        stack
          .addressesOf('aws_cloudwatch_metric_alarm')
          .map((alarm) => `${alarm}.arn`)
          .sort(),
      );
      const shown = stack.dashboardMetrics().map(({ metricName, stat }) => `${metricName} ${String(stat)}`);
      expect(shown).toEqual(
        expect.arrayContaining([
          ...[
            'PaymentsRetried Sum',
            'DuplicatesIgnored Sum',
            'MessagesQuarantined Sum',
            'FraudCheckErrors Sum',
            'CircuitOpened Sum',
          ],
          ...['FraudCheckLatency p50', 'FraudCheckLatency p90', 'FraudCheckLatency p99'],
        ]),
      );
    },
  },
  {
    demand: 'A secret key for the hashes that name accounts in logs, metrics and alerts',
    met: 'Random bytes, which Terraform treats as sensitive, in the environment of both functions. Account numbers are few: all eight-digit ones could be tried on a hash without a key.',
    resources: [at.ACCOUNT_HASH_KEY, ...at.FUNCTIONS],
    shows: (stack) => {
      expect(stack.at(at.ACCOUNT_HASH_KEY)).toEqual({ length: 32 });
      for (const lambda of at.FUNCTIONS)
        expect(stack.at(lambda)).toHaveProperty('environment.variables.ACCOUNT_HASH_KEY', `${at.ACCOUNT_HASH_KEY}.hex`);
      const outputs = stack.addresses
        .filter((address) => address.startsWith('output.'))
        .map((address) => stack.at(address));
      expect(JSON.stringify(outputs)).not.toContain(at.ACCOUNT_HASH_KEY);
    },
  },
  {
    demand: 'Outputs of the additions',
    met: 'Route table, release, event source, delivery status role, and the alarms more.',
    resources: Object.keys(MORE_OUTPUTS).map((name) => `output.${name}`),
    shows: (stack) => {
      const actual = Object.keys(MORE_OUTPUTS).map((name) => [name, stack.at(`output.${name}`).value]);
      expect(Object.fromEntries(actual)).toEqual(MORE_OUTPUTS);
    },
  },
];

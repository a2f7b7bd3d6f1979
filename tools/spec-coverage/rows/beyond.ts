import * as at from '../addresses';
import type { Row } from '../row';

const DEFAULT_SECURITY_GROUP = 'aws_default_security_group.payments_network_default_security_group';

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

const ofQueue = (queue: string) => ({ namespace: 'AWS/SQS', dimensions: { QueueName: `${queue}.name` } });

const sampled = (statistic: string, metric_name: string, of: object) => ({
  ...of,
  metric_name,
  statistic,
  period: 300,
});

const alarmAbove = (threshold: number, rest: object): unknown =>
  expect.objectContaining({ ...rest, comparison_operator: 'GreaterThanThreshold', threshold, evaluation_periods: 1 });

/** Additions to the request, each with its reason. */
export const beyond: readonly Row[] = [
  {
    demand: "The VPC's default security group allows nothing",
    met: 'AWS creates it with the VPC, and its default rules let its members reach each other. Nothing uses it. Without rules, a resource that gets it by mistake has no access.',
    resources: [DEFAULT_SECURITY_GROUP],
    shows: (stack) => {
      expect(stack.at(DEFAULT_SECURITY_GROUP)).toEqual({ vpc_id: `${at.VPC}.id`, tags: { Name: 'vpc-default-dev' } });
    },
  },
  {
    demand: 'The deploying role cannot give a role more permissions than the boundary allows',
    met: 'Variable `permissions_boundary_arn`: the permissions boundary of every role. The role that GitHub deploys with can only create roles that have it.',
    resources: ['var.permissions_boundary_arn', ...at.ROLES],
    shows: (stack) => {
      expect(stack.at('var.permissions_boundary_arn')).toMatchObject({ type: 'string', default: 'none' });
      const boundaries = new Set(stack.each('aws_iam_role', 'permissions_boundary'));
      expect([...boundaries]).toEqual([null]);
    },
    shownBy: [
      {
        file: 'test/infrastructure/policy-graph/github-permissions.test.ts',
        test: 'gives a role nothing that its boundary does not',
      },
    ],
  },
  {
    demand: 'Only the payment queue may redrive into the dead-letter queue',
    met: 'Without the policy, every queue of the AWS account could.',
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
    met: 'The difference is the kilobyte that the attributes of a quarantine add, so a copy of every accepted message fits.',
    resources: at.QUEUES,
    shows: (stack) => {
      expect(stack.at(at.PAYMENT_QUEUE)).toMatchObject({ max_message_size: 262_144 - 1_024 });
      expect(stack.at(at.DEAD_LETTER_QUEUE)).toMatchObject({ max_message_size: 262_144 });
    },
  },
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
    met: 'More than ten in five minutes, failed, parked or invalid. The alarm on any dead letter stays in alarm from the first one, so it does not show an increase.',
    deviation: 'D21',
    resources: [at.DEAD_LETTER_GROWTH_ALARM],
    shows: (stack) => {
      expect(stack.at(at.DEAD_LETTER_GROWTH_ALARM)).toEqual(
        alarmAbove(10, sampled('Sum', 'NumberOfMessagesSent', ofQueue(at.DEAD_LETTER_QUEUE))),
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
    demand: 'The dashboard begins with the alarms, and shows the fraud API',
    met: 'Alarms come first, then the metrics that explain them: retries, duplicates, quarantines, errors and latency of the API.',
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
          'PaymentsRetried Sum',
          'DuplicatesIgnored Sum',
          'MessagesQuarantined Sum',
          'FraudCheckErrors Sum',
          'CircuitOpened Sum',
          'FraudCheckLatency p50',
          'FraudCheckLatency p90',
          'FraudCheckLatency p99',
        ]),
      );
    },
  },
  {
    demand: 'A secret key for the hashes that name accounts in logs, metrics and alerts',
    met: 'Random bytes, which Terraform treats as sensitive, in the environment of both functions. Without a key, somebody could find an account by hashing all eight-digit numbers.',
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
    met: 'Route table, release, event source, delivery status role, and the added alarms.',
    resources: Object.keys(MORE_OUTPUTS).map((name) => `output.${name}`),
    shows: (stack) => {
      const actual = Object.keys(MORE_OUTPUTS).map((name) => [name, stack.at(`output.${name}`).value]);
      expect(Object.fromEntries(actual)).toEqual(MORE_OUTPUTS);
    },
  },
];

import * as at from '../addresses';
import type { Row } from '../row';
import { moreAlarms } from './more-alarms';

const DEFAULT_SECURITY_GROUP = 'aws_default_security_group.payments_network_default_security_group';
const KEY_CHANGE_PERMISSIONS = 'payments_alerting_key_changes_topic_permissions';

const MORE_OUTPUTS = {
  payments_route_table_id: `${at.ROUTE_TABLE}.id`,
  payments_release_id: `${at.RELEASE}.result`,
  payments_event_source_id: `${at.EVENT_SOURCE}.uuid`,
  payments_delivery_status_role_name: `${at.roleOf(at.DELIVERY_STATUS_ID)}.name`,
  payments_delivery_status_role_arn: `${at.roleOf(at.DELIVERY_STATUS_ID)}.arn`,
  payments_key_change_rule_arn: `${at.KEY_CHANGE_RULE}.arn`,
  payments_review_rule_arn: `${at.REVIEW_RULE}.arn`,
  payments_key_change_topic_arn: `${at.KEY_CHANGE_TOPIC}.arn`,
  payments_key_change_subscription_arn: `${at.KEY_CHANGE_SUBSCRIPTION}.arn`,
  payments_settings: {
    visibility_timeout_seconds: `${at.PAYMENT_QUEUE}.visibility_timeout_seconds`,
    dead_letter_retention_seconds: `${at.DEAD_LETTER_QUEUE}.message_retention_seconds`,
    max_concurrency: `${at.EVENT_SOURCE}.scaling_config[0].maximum_concurrency`,
    reserved_concurrency: `${at.PROCESSOR}.reserved_concurrent_executions`,
    deletion_protection: `${at.TABLE}.deletion_protection_enabled`,
    log_groups: [at.PROCESSOR_LOGS, at.DLQ_PROCESSOR_LOGS, at.TRAIL_LOGS, at.FLOW_LOGS].map((group) => ({
      name: `${group}.name`,
      retention_days: `${group}.retention_in_days`,
    })),
  },
  ...Object.fromEntries(
    at.MORE_ALARMS.flatMap((alarm) => [
      [`${alarm.split('.')[1]!}_name`, `${alarm}.alarm_name`],
      [`${alarm.split('.')[1]!}_arn`, `${alarm}.arn`],
    ]),
  ),
};

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
  ...moreAlarms,
  {
    demand: 'An email about each change of a key that needs none of the keys',
    met: 'Without its key the alert topic takes no alarm. An EventBridge rule on `DisableKey`, `ScheduleKeyDeletion` and `PutKeyPolicy` publishes to a topic of its own, which holds only who did what to which key.',
    resources: [
      at.KEY_CHANGE_RULE,
      at.KEY_CHANGE_TARGET,
      at.KEY_CHANGE_TOPIC,
      at.KEY_CHANGE_TOPIC_POLICY,
      at.KEY_CHANGE_SUBSCRIPTION,
      at.documentOf(KEY_CHANGE_PERMISSIONS),
    ],
    shows: (stack) => {
      expect(stack.at(at.KEY_CHANGE_TOPIC)).toEqual({
        name: 'sns-payment-key-changes-dev',
        display_name: 'Payment pipeline keys',
      });
      expect(stack.at(at.KEY_CHANGE_TOPIC_POLICY)).toEqual({
        arn: `${at.KEY_CHANGE_TOPIC}.arn`,
        policy: `${at.documentOf(KEY_CHANGE_PERMISSIONS)}.json`,
      });
      expect(stack.statements(KEY_CHANGE_PERMISSIONS)).toEqual([
        {
          sid: expect.any(String) as string,
          actions: ['sns:Publish'],
          resources: [`${at.KEY_CHANGE_TOPIC}.arn`],
          principals: [{ type: 'Service', identifiers: ['events.amazonaws.com'] }],
        },
      ]);
      expect(stack.given({ alert_email: 'oncall@example.com' }).at(at.KEY_CHANGE_SUBSCRIPTION)).toEqual({
        protocol: 'email',
        endpoint: 'oncall@example.com',
        topic_arn: `${at.KEY_CHANGE_TOPIC}.arn`,
      });
      const keys = [at.S3_KEY, at.SQS_KEY, at.DYNAMODB_KEY];
      expect(stack.at(at.KEY_CHANGE_RULE)).toMatchObject({
        event_pattern: {
          source: ['aws.kms'],
          'detail-type': ['AWS API Call via CloudTrail'],
          detail: {
            eventSource: ['kms.amazonaws.com'],
            eventName: ['DisableKey', 'ScheduleKeyDeletion', 'PutKeyPolicy'],
            requestParameters: { keyId: keys.flatMap((key) => [`${key}.key_id`, `${key}.arn`]) },
            errorCode: [{ exists: false }],
          },
        },
      });
      expect(stack.at(at.KEY_CHANGE_TARGET)).toEqual({
        rule: `${at.KEY_CHANGE_RULE}.name`,
        target_id: 'sns-payment-key-changes-dev',
        arn: `${at.KEY_CHANGE_TOPIC}.arn`,
        input_transformer: {
          input_paths: {
            event: '$.detail.eventName',
            key: '$.detail.requestParameters.keyId',
            principal: '$.detail.userIdentity.arn',
            time: '$.detail.eventTime',
          },
          input_template: expect.stringMatching(
            /^"<principal> called <event> on the KMS key <key> of the payment pipeline at <time>\. .*key-changes\.md"$/,
          ) as string,
        },
      });
    },
    shownBy: [
      {
        file: 'test/infrastructure/policy-graph/key-changes.test.ts',
        test: 'EventBridge may publish without a condition, which it would not meet, and nobody else may',
      },
    ],
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
    met: 'Route table, release, event source, delivery status role, the rules of EventBridge, the report of key changes, and the added alarms.',
    resources: Object.keys(MORE_OUTPUTS).map((name) => `output.${name}`),
    shows: (stack) => {
      const actual = Object.keys(MORE_OUTPUTS).map((name) => [name, stack.at(`output.${name}`).value]);
      expect(Object.fromEntries(actual)).toEqual(MORE_OUTPUTS);
    },
  },
];

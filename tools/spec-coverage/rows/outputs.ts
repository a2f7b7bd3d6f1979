import * as at from '../addresses';
import type { Row } from '../row';

type Outputs = Readonly<Record<string, string>>;

/** Each output has this value; `met` unless it says otherwise. */
function outputs(
  demand: string,
  values: Outputs,
  { met = 'As asked.', deviation }: Partial<Pick<Row, 'met' | 'deviation'>> = {},
): Row {
  return {
    demand,
    met,
    ...(deviation && { deviation }),
    resources: Object.keys(values).map((name) => `output.payments_${name}`),
    shows: (stack) => {
      const actual = Object.keys(values).map((name) => [name, stack.at(`output.payments_${name}`).value]);
      expect(Object.fromEntries(actual)).toEqual(values);
    },
  };
}

const forEach = <T>(items: readonly T[], entries: (item: T, index: number) => Outputs): Outputs =>
  Object.assign({}, ...items.map(entries)) as Outputs;

const SERVICES = ['sqs', 'lambda', 'logs', 'sns'] as const;
const endpointOf = (service: string) => `aws_vpc_endpoint.payments_network_${service}_endpoint`;
const KEY_PURPOSES = ['s3', 'sqs', 'dynamodb'] as const;
const ROLES = {
  payment_processor: at.PROCESSOR_ID,
  dlq_processor: at.DLQ_PROCESSOR_ID,
  flow_logs: at.FLOW_LOGS_ID,
  trail: at.TRAIL_ID,
};
const SENSITIVE = [
  'payment_queue_url',
  'dead_letter_queue_url',
  'payment_table_name',
  'payment_table_arn',
  'status_index_name',
];

/** Integration Testing Outputs. */
export const outputRows: readonly Row[] = [
  outputs('Output of the VPC ID', { vpc_id: `${at.VPC}.id` }),
  outputs(
    'Outputs of the three subnet IDs, with their availability zones',
    forEach(at.SUBNETS, (subnet, index) => ({
      [`private_subnet_${index + 1}_id`]: `${subnet}.id`,
      [`private_subnet_${index + 1}_availability_zone`]: `${subnet}.availability_zone`,
    })),
  ),
  outputs(
    'Outputs of the five endpoint IDs',
    forEach(['dynamodb', ...SERVICES], (service) => ({ [`${service}_endpoint_id`]: `${endpointOf(service)}.id` })),
  ),
  outputs(
    'Outputs of the endpoint DNS names',
    {
      dynamodb_endpoint_prefix_list_id: `${at.DYNAMODB_ENDPOINT}.prefix_list_id`,
      ...forEach(SERVICES, (service) => ({
        [`${service}_endpoint_dns_name`]: `${endpointOf(service)}.dns_entry[0].dns_name`,
      })),
    },
    {
      met: 'Of the four interface endpoints. A gateway endpoint has no DNS name: its prefix list is there instead.',
      deviation: 'D28',
    },
  ),
  outputs(
    'Outputs of the three key IDs and ARNs, with aliases',
    forEach(KEY_PURPOSES, (purpose) => ({
      [`${purpose}_key_id`]: `aws_kms_key.payments_encryption_${purpose}_key.key_id`,
      [`${purpose}_key_arn`]: `aws_kms_key.payments_encryption_${purpose}_key.arn`,
      [`${purpose}_key_alias`]: `aws_kms_alias.payments_encryption_${purpose}_key_alias.name`,
    })),
  ),
  outputs('Outputs of bucket name and ARN', {
    audit_bucket_name: `${at.BUCKET}.bucket`,
    audit_bucket_arn: `${at.BUCKET}.arn`,
  }),
  outputs(
    'Outputs of the flow logs ID and log group name',
    {
      flow_log_to_bucket_id: `${at.FLOW_LOG_TO_BUCKET}.id`,
      flow_log_to_log_group_id: `${at.FLOW_LOG_TO_LOG_GROUP}.id`,
      flow_log_group_name: `${at.FLOW_LOGS}.name`,
    },
    { met: 'Of both flow logs.', deviation: 'D8' },
  ),
  outputs('Outputs of trail ARN and log group name', {
    trail_arn: `${at.TRAIL}.arn`,
    trail_log_group_name: `${at.TRAIL_LOGS}.name`,
  }),
  outputs('Outputs of main queue URL and ARN', {
    payment_queue_url: `${at.PAYMENT_QUEUE}.url`,
    payment_queue_arn: `${at.PAYMENT_QUEUE}.arn`,
  }),
  outputs('Outputs of dead-letter queue URL and ARN', {
    dead_letter_queue_url: `${at.DEAD_LETTER_QUEUE}.url`,
    dead_letter_queue_arn: `${at.DEAD_LETTER_QUEUE}.arn`,
  }),
  outputs('Outputs of both function names and ARNs', {
    payment_processor_name: `${at.PROCESSOR}.function_name`,
    payment_processor_arn: `${at.PROCESSOR}.arn`,
    dlq_processor_name: `${at.DLQ_PROCESSOR}.function_name`,
    dlq_processor_arn: `${at.DLQ_PROCESSOR}.arn`,
  }),
  outputs("Outputs of the functions' log group names and ARNs", {
    payment_processor_log_group_name: `${at.PROCESSOR_LOGS}.name`,
    payment_processor_log_group_arn: `${at.PROCESSOR_LOGS}.arn`,
    dlq_processor_log_group_name: `${at.DLQ_PROCESSOR_LOGS}.name`,
    dlq_processor_log_group_arn: `${at.DLQ_PROCESSOR_LOGS}.arn`,
  }),
  outputs('Output of the Lambda security group ID', { function_security_group_id: `${at.FUNCTION_GROUP}.id` }),
  outputs('Output of the VPC endpoint security group ID', { endpoint_security_group_id: `${at.ENDPOINT_GROUP}.id` }),
  outputs('Outputs of table name and ARN', {
    payment_table_name: `${at.TABLE}.name`,
    payment_table_arn: `${at.TABLE}.arn`,
  }),
  outputs('Output of the index name', { status_index_name: 'status-timestamp-index' }),
  outputs(
    'Outputs of the four alarm names and ARNs',
    forEach(at.FOUR_ALARMS, (alarm) => {
      const id = alarm.replace('aws_cloudwatch_metric_alarm.payments_', '');
      return { [`${id}_name`]: `${alarm}.alarm_name`, [`${id}_arn`]: `${alarm}.arn` };
    }),
  ),
  outputs('Output of the dashboard name', { dashboard_name: `${at.DASHBOARD}.dashboard_name` }),
  outputs('Outputs of topic ARN and subscription ARN', {
    alert_topic_arn: `${at.TOPIC}.arn`,
    alert_subscription_arn: `${at.SUBSCRIPTION}.arn`,
  }),
  outputs(
    'Outputs of all four role names and ARNs',
    forEach(Object.entries(ROLES), ([name, id]) => ({
      [`${name}_role_name`]: `${at.roleOf(id)}.name`,
      [`${name}_role_arn`]: `${at.roleOf(id)}.arn`,
    })),
  ),
  {
    demand: 'Queue URLs and database details are sensitive',
    met: 'These five, and no others: a secret that everything is told nothing.',
    resources: SENSITIVE.map((name) => `output.payments_${name}`),
    shows: (stack) => {
      const sensitive = stack.addressesOf('output').filter((output) => stack.at(output).sensitive === true);
      expect(sensitive.sort()).toEqual(SENSITIVE.map((name) => `output.payments_${name}`).sort());
    },
  },
  {
    demand: 'Each output has a detailed description of its purpose',
    met: 'As asked: a sentence each, no two the same.',
    resources: [],
    shows: (stack) => {
      const descriptions = stack.each('output', 'description').map(String);
      for (const description of descriptions) expect(description).toMatch(/^[A-Z]\S*( \S+){4,}\.$/);
      expect(new Set(descriptions).size).toBe(descriptions.length);
    },
  },
  {
    demand: 'Outputs for every resource',
    met: 'For everything that has an identity of its own. What only configures another resource (rules, policies, associations, mappings) is found through that. The key of the hashes of accounts has none: it is secret.',
    deviation: 'D28',
    resources: [],
    shows: (stack) => {
      const values = stack.each('output', 'value').map(String);
      const absent = stack.types.filter((type) => !values.some((value) => value.startsWith(`${type}.`)));
      expect(absent.sort()).toEqual([
        ...[
          'aws_cloudwatch_event_target',
          'aws_cloudwatch_log_metric_filter',
          'aws_default_security_group',
          'aws_iam_role_policy',
          'aws_lambda_permission',
          'aws_route_table_association',
        ],
        ...['aws_s3_bucket_lifecycle_configuration', 'aws_s3_bucket_policy', 'aws_s3_bucket_public_access_block'],
        ...[
          'aws_s3_bucket_server_side_encryption_configuration',
          'aws_s3_bucket_versioning',
          'aws_security_group_rule',
        ],
        ...['aws_sns_topic_policy', 'aws_sqs_queue_redrive_allow_policy', 'random_bytes'],
      ]);
    },
  },
  {
    demand: '45 to 50 outputs at least',
    met: 'More than the fifty: every resource of the request and of the additions has its own.',
    deviation: 'D28',
    resources: [],
    shows: (stack) => {
      expect(stack.addressesOf('output').length).toBeGreaterThanOrEqual(50);
    },
  },
];

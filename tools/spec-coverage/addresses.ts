import { PROVIDER_SETTINGS } from '../../src/app/variables';
import type { AlarmDefinition } from '../../src/infrastructure/monitoring/alarm';
import { ALARMS as DEFINITIONS } from '../../src/infrastructure/monitoring/monitoring';
import { FRAUD_API_PROPS } from '../../src/infrastructure/fraud-api-props';
import { type PipelineRow, PROPS } from '../../src/infrastructure/prop-definitions';
import type { Settings } from '../../src/infrastructure/props';

/** Addresses that many rows name. */

const TYPES: Readonly<Record<string, string>> = { number: 'number', boolean: 'bool' };
/** The type and the default of each variable, as the prop that it sets has them. */
export const VARIABLES: Readonly<Record<string, object>> = Object.fromEntries(
  Object.values<PipelineRow>({ ...PROPS, ...FRAUD_API_PROPS, ...PROVIDER_SETTINGS }).flatMap(
    ({ variable, default: value }) => {
      if (variable === undefined) return [];
      const { name, unset = value } = variable;
      return [
        [`var.${name}`, { type: TYPES[typeof unset] ?? 'string', ...(unset !== undefined && { default: unset }) }],
      ];
    },
  ),
);

export const VPC = 'aws_vpc.payments_network_vpc';
export const SUBNETS = [1, 2, 3].map((n) => `aws_subnet.payments_network_private_subnet_${n}`);
export const SUBNET_IDS = SUBNETS.map((subnet) => `${subnet}.id`);
export const ROUTE_TABLE = 'aws_route_table.payments_network_route_table';
export const ROUTE_TABLE_ASSOCIATIONS = [1, 2, 3].map(
  (n) => `aws_route_table_association.payments_network_private_subnet_${n}_routes`,
);
export const DYNAMODB_ENDPOINT = 'aws_vpc_endpoint.payments_network_dynamodb_endpoint';
export const INTERFACE_ENDPOINTS = ['sqs', 'lambda', 'logs', 'sns'].map(
  (service) => `aws_vpc_endpoint.payments_network_${service}_endpoint`,
);
export const ENDPOINT_GROUP = 'aws_security_group.payments_network_endpoint_security_group';
export const FUNCTION_GROUP = 'aws_security_group.payments_network_function_security_group';
export const ENDPOINT_INGRESS = 'aws_security_group_rule.payments_network_endpoint_ingress';
export const ENDPOINT_EGRESS = 'aws_security_group_rule.payments_network_endpoint_egress';
export const FUNCTION_EGRESS = 'aws_security_group_rule.payments_network_function_egress';
export const FUNCTION_EGRESS_DYNAMODB = 'aws_security_group_rule.payments_network_function_egress_dynamodb';
export const FLOW_LOG_TO_BUCKET = 'aws_flow_log.payments_network_flow_log_to_bucket';
export const FLOW_LOG_TO_LOG_GROUP = 'aws_flow_log.payments_network_flow_log_to_log_group';

export const BUCKET = 'aws_s3_bucket.payments_audit_bucket';
export const BUCKET_VERSIONING = 'aws_s3_bucket_versioning.payments_audit_bucket_versioning';
export const BUCKET_ENCRYPTION = 'aws_s3_bucket_server_side_encryption_configuration.payments_audit_bucket_encryption';
export const BUCKET_ACCESS = 'aws_s3_bucket_public_access_block.payments_audit_bucket_public_access_block';
export const BUCKET_LIFECYCLE = 'aws_s3_bucket_lifecycle_configuration.payments_audit_bucket_lifecycle';
export const BUCKET_POLICY = 'aws_s3_bucket_policy.payments_audit_bucket_policy';
export const TRAIL = 'aws_cloudtrail.payments_audit_trail';

export const S3_KEY = 'aws_kms_key.payments_encryption_s3_key';
export const SQS_KEY = 'aws_kms_key.payments_encryption_sqs_key';
export const DYNAMODB_KEY = 'aws_kms_key.payments_encryption_dynamodb_key';
export const KEYS = [S3_KEY, SQS_KEY, DYNAMODB_KEY];
export const KEY_ALIASES = ['s3', 'sqs', 'dynamodb'].map(
  (purpose) => `aws_kms_alias.payments_encryption_${purpose}_key_alias`,
);

export const PAYMENT_QUEUE = 'aws_sqs_queue.payments_payment_queue';
export const DEAD_LETTER_QUEUE = 'aws_sqs_queue.payments_dead_letter_queue';
export const QUEUES = [PAYMENT_QUEUE, DEAD_LETTER_QUEUE];

export const PROCESSOR = 'aws_lambda_function.payments_payment_processor';
export const DLQ_PROCESSOR = 'aws_lambda_function.payments_dlq_processor';
export const FUNCTIONS = [PROCESSOR, DLQ_PROCESSOR];
export const EVENT_SOURCE = 'aws_lambda_event_source_mapping.payments_payment_processor_event_source';
export const ARCHIVES = ['payment_processor', 'dlq_processor'].map((id) => `data.archive_file.payments_${id}_archive`);
export const RELEASE = 'random_uuid.payments_release_id';
export const ACCOUNT_HASH_KEY = 'random_bytes.payments_account_hash_key';

export const TABLE = 'aws_dynamodb_table.payments_payment_table';

export const PROCESSOR_LOGS = 'aws_cloudwatch_log_group.payments_payment_processor_log_group';
export const DLQ_PROCESSOR_LOGS = 'aws_cloudwatch_log_group.payments_dlq_processor_log_group';
export const FLOW_LOGS = 'aws_cloudwatch_log_group.payments_network_flow_log_group';
export const TRAIL_LOGS = 'aws_cloudwatch_log_group.payments_audit_trail_log_group';
export const LOG_GROUPS = [PROCESSOR_LOGS, DLQ_PROCESSOR_LOGS, FLOW_LOGS, TRAIL_LOGS];
export const DELIVERY_LOGS = 'aws_cloudwatch_log_group.payments_alerting_delivery_log_group';
export const DELIVERY_FAILURE_LOGS = 'aws_cloudwatch_log_group.payments_alerting_delivery_failure_log_group';

const DEPLOYED = { onFailedPayment: 'continue' } as Settings;
const alarmOf = (purpose: string) => `aws_cloudwatch_metric_alarm.payments_alarm_${purpose.replaceAll('-', '_')}`;
/** The definition of each alarm of the deployed stack. */
export const ALARMS: Readonly<Record<string, AlarmDefinition>> = Object.fromEntries(
  DEFINITIONS.filter(({ isNeeded }) => isNeeded?.(DEPLOYED) ?? true).map((definition) => [
    alarmOf(definition.purpose),
    definition,
  ]),
);
export const QUEUE_DEPTH_ALARM = alarmOf('sqs-queue-depth');
export const ERROR_RATE_ALARM = alarmOf('lambda-error-rate');
export const DEAD_LETTER_ALARM = alarmOf('sqs-dlq-messages');
export const CONCURRENCY_ALARM = alarmOf('lambda-concurrency');
export const FOUR_ALARMS = [QUEUE_DEPTH_ALARM, ERROR_RATE_ALARM, DEAD_LETTER_ALARM, CONCURRENCY_ALARM];
export const OLDEST_MESSAGE_ALARM = alarmOf('sqs-oldest-message-age');
export const DEAD_LETTER_GROWTH_ALARM = alarmOf('sqs-dlq-growth');
export const DEAD_LETTER_AGE_ALARM = alarmOf('sqs-dlq-oldest-message-age');
export const QUEUE_BACKLOG_ALARM = alarmOf('sqs-queue-backlog');
export const IN_FLIGHT_ALARM = alarmOf('sqs-in-flight');
export const THROTTLES_ALARM = alarmOf('lambda-throttles');
export const FAILED_PAYMENTS_ALARM = alarmOf('payments-failed');
export const REVIEW_AGE_ALARM = alarmOf('payments-review-age');
export const SECURITY_ALARMS = ['root-use', 'trail-change', 'key-disabled'].map((event) =>
  alarmOf(`security-${event}`),
);
export const SECURITY_FILTERS = ['root_use', 'trail_change', 'key_disabled'].map(
  (event) => `aws_cloudwatch_log_metric_filter.payments_security_${event}`,
);
export const MORE_ALARMS = Object.keys(ALARMS).filter((alarm) => !FOUR_ALARMS.includes(alarm));
export const DASHBOARD = 'aws_cloudwatch_dashboard.payments_dashboard';

export const TOPIC = 'aws_sns_topic.payments_alerting_topic';
export const TOPIC_POLICY = 'aws_sns_topic_policy.payments_alerting_topic_policy';
export const SUBSCRIPTION = 'aws_sns_topic_subscription.payments_alerting_email_subscription';
export const KEY_CHANGE_RULE = 'aws_cloudwatch_event_rule.payments_key_change_rule';
export const REVIEW_RULE = 'aws_cloudwatch_event_rule.payments_review_rule';
export const REVIEW_TARGET = 'aws_cloudwatch_event_target.payments_review_target';
export const REVIEW_PERMISSION = 'aws_lambda_permission.payments_review_permission';
export const KEY_CHANGE_TARGET = 'aws_cloudwatch_event_target.payments_key_change_target';
export const KEY_CHANGE_TOPIC = 'aws_sns_topic.payments_alerting_key_changes_topic';
export const KEY_CHANGE_TOPIC_POLICY = 'aws_sns_topic_policy.payments_alerting_key_changes_topic_policy';
export const KEY_CHANGE_SUBSCRIPTION = 'aws_sns_topic_subscription.payments_alerting_key_changes_email_subscription';

/** The resource addresses of a role, its policy and their documents. */
export const PROCESSOR_ID = 'payments_payment_processor';
export const DLQ_PROCESSOR_ID = 'payments_dlq_processor';
export const FLOW_LOGS_ID = 'payments_network_flow_logs';
export const TRAIL_ID = 'payments_audit_trail';
export const DELIVERY_STATUS_ID = 'payments_alerting_delivery_status';
export const FOUR_ROLES = [PROCESSOR_ID, DLQ_PROCESSOR_ID, FLOW_LOGS_ID, TRAIL_ID].map(roleOf);
export const ROLES = [...FOUR_ROLES, roleOf(DELIVERY_STATUS_ID)];

export function roleOf(id: string): string {
  return `aws_iam_role.${id}_role`;
}

export function policyOf(id: string): string {
  return `aws_iam_role_policy.${id}_policy`;
}

export function documentOf(id: string): string {
  return `data.aws_iam_policy_document.${id}`;
}

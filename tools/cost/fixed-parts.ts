import { METRIC_DEFINITIONS, type MetricDefinition } from '../../src/contract/metrics';
import type { StackGraph } from '../kit/stacks/stack-graph';
import { HOURS_PER_MONTH, type Parts, PRICES } from './prices';

const SECONDS_PER_MONTH = HOURS_PER_MONTH * 3_600;
const GB = 1e9;

/** Seconds for which SQS reuses a data key by default: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html */
const DATA_KEY_REUSE_SECONDS = 300;
/** Seconds for which DynamoDB keeps a principal's table key, at least: https://docs.aws.amazon.com/kms/latest/developerguide/services-dynamodb.html */
const TABLE_KEY_CACHE_SECONDS = 300;
/** Bytes of a CloudTrail event of a KMS call, about, as in https://docs.aws.amazon.com/kms/latest/developerguide/ct-generatedatakey.html */
const TRAIL_EVENT_BYTES = 1_500;
/** Lambda's pollers of an idle queue, which poll for up to 20 s: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html */
const IDLE_POLLERS = 5;
const POLL_SECONDS = 20;
/** Bytes of a flow log record in the default format, about: https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-records-examples.html */
const FLOW_LOG_RECORD_BYTES = 110;
/** Seconds between two files of a trail or a flow log in the bucket, about: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/how-cloudtrail-works.html */
const LOG_FILE_SECONDS = 300;

interface Endpoint {
  readonly vpc_endpoint_type: string;
  readonly subnet_ids?: readonly string[];
}

interface Alarm {
  readonly metric_query?: readonly { readonly metric?: object }[];
}

interface FlowLog {
  readonly log_destination_type: 's3' | 'cloud-watch-logs';
  readonly max_aggregation_interval: number;
}

interface Queue {
  readonly kms_master_key_id?: string;
  readonly kms_data_key_reuse_period_seconds?: number;
}

export interface LambdaFunction {
  readonly function_name: string;
  readonly memory_size: number;
  readonly environment?: { readonly variables: Readonly<Record<string, string>> };
  readonly tracing_config?: { readonly mode: string };
  readonly vpc_config?: { readonly subnet_ids: readonly string[] };
}

/** A part of the fixed cost. It may read several types, and is the price of `types`. */
interface FixedPart {
  readonly types: readonly string[];
  readonly usd: (stack: StackGraph) => number;
}

const count = (type: string, price: { readonly usd: number }): FixedPart => ({
  types: [type],
  usd: (stack) => price.usd * stack.find(type).length,
});

const FIXED_PARTS: Readonly<Record<string, FixedPart>> = {
  'interface endpoints': {
    types: ['aws_vpc_endpoint'],
    usd: (stack) => PRICES.endpointHour.usd * HOURS_PER_MONTH * endpointZones(stack),
  },
  'encryption keys': count('aws_kms_key', PRICES.key),
  'key requests': { types: [], usd: (stack) => PRICES.keyRequest.usd * keyRequests(stack) },
  alarms: { types: ['aws_cloudwatch_metric_alarm'], usd: (stack) => PRICES.alarmMetric.usd * alarmMetrics(stack) },
  'composite alarms': count('aws_cloudwatch_composite_alarm', PRICES.compositeAlarm),
  dashboard: count('aws_cloudwatch_dashboard', PRICES.dashboard),
  'custom metrics': { types: [], usd: (stack) => PRICES.customMetric.usd * customMetrics(stack) },
  'queue polling': {
    types: ['aws_lambda_event_source_mapping'],
    usd: (stack) =>
      (PRICES.queueRequest.usd * mappings(stack).length * IDLE_POLLERS * SECONDS_PER_MONTH) / POLL_SECONDS,
  },
  'flow logs': { types: ['aws_flow_log'], usd: flowLogs },
  trail: { types: ['aws_cloudtrail'], usd: trail },
  secrets: {
    types: ['aws_secretsmanager_secret'],
    usd: (stack) =>
      PRICES.secret.usd * mappedFunctions(stack).filter((one) => one.FRAUD_API_KEY_SECRET_ARN !== undefined).length,
  },
  'hosted zones': count('aws_route53_zone', PRICES.hostedZone),
};

/** Types whose cost is a part of the payments', or that AWS doesn't bill. */
const NOT_FIXED = [
  'aws_cloudwatch_event_rule',
  'aws_cloudwatch_event_target',
  'aws_cloudwatch_log_group',
  'aws_cloudwatch_log_metric_filter', // its metric costs only in an hour in which it counts an event
  'aws_default_security_group',
  'aws_dynamodb_table',
  'aws_iam_openid_connect_provider',
  'aws_iam_policy',
  'aws_iam_role',
  'aws_iam_role_policy',
  'aws_iam_role_policy_attachment',
  'aws_kms_alias',
  'aws_lambda_function',
  'aws_lambda_permission',
  'aws_route53_record',
  'aws_route_table',
  'aws_route_table_association',
  'aws_s3_bucket',
  'aws_s3_bucket_lifecycle_configuration',
  'aws_s3_bucket_object_lock_configuration',
  'aws_s3_bucket_policy',
  'aws_s3_bucket_public_access_block',
  'aws_s3_bucket_server_side_encryption_configuration',
  'aws_s3_bucket_versioning',
  'aws_security_group',
  'aws_security_group_rule',
  'aws_sns_topic',
  'aws_sns_topic_policy',
  'aws_sns_topic_subscription',
  'aws_sqs_queue',
  'aws_sqs_queue_redrive_allow_policy',
  'aws_subnet',
  'aws_vpc',
  'random_bytes',
  'random_uuid',
];

/** The cost of a month without a payment, by part. */
export function fixedParts(stack: StackGraph): Parts {
  return Object.fromEntries(Object.entries(FIXED_PARTS).map(([name, { usd }]) => [name, usd(stack)]));
}

/** Types of resources in the stack that are neither priced nor known to cost nothing. */
export function unpricedTypes(stack: StackGraph): string[] {
  const known = new Set([...NOT_FIXED, ...Object.values(FIXED_PARTS).flatMap(({ types }) => types)]);
  const types = stack.made().map(({ address }) => address.split('.')[0]!);
  return [...new Set(types)].filter((type) => !known.has(type)).sort();
}

function mappings(stack: StackGraph) {
  return stack.find<{ readonly function_name: string; readonly event_source_arn: string }>(
    'aws_lambda_event_source_mapping',
  );
}

/** The functions that process payments. */
export function processors(stack: StackGraph): LambdaFunction[] {
  return mappings(stack).map(({ function_name }) => stack.at<LambdaFunction>('aws_lambda_function', function_name));
}

function mappedFunctions(stack: StackGraph): Readonly<Record<string, string>>[] {
  return processors(stack).map(({ environment }) => environment?.variables ?? {});
}

/** Zones of all interface endpoints: AWS bills each for its hours. */
function endpointZones(stack: StackGraph): number {
  const endpoints = stack.find<Endpoint>('aws_vpc_endpoint');
  return endpoints
    .filter(({ vpc_endpoint_type }) => vpc_endpoint_type === 'Interface')
    .reduce((sum, { subnet_ids = [] }) => sum + subnet_ids.length, 0);
}

/** AWS bills an alarm by its metrics: one with metric math counts as often as it has metrics. */
function alarmMetrics(stack: StackGraph): number {
  const alarms = stack.find<Alarm>('aws_cloudwatch_metric_alarm');
  return alarms.reduce(
    (sum, { metric_query: queries }) => sum + (queries?.filter(({ metric }) => metric !== undefined).length ?? 1),
    0,
  );
}

function customMetrics(stack: StackGraph): number {
  const definitions: readonly MetricDefinition[] = Object.values(METRIC_DEFINITIONS);
  return mappedFunctions(stack).reduce(
    (sum, { ON_FAILED_PAYMENT }) =>
      sum + definitions.filter(({ alarm }) => (alarm?.onlyWith ?? ON_FAILED_PAYMENT) === ON_FAILED_PAYMENT).length,
    0,
  );
}

/**
 * Calls of KMS in a month in which payments come all the time, however many: both services reuse a data key. The payment queue has one principal that
 * sends and one that receives. The dead-letter queue is idle.
 */
function keyRequests(stack: StackGraph): number {
  const queues = mappings(stack).map(({ event_source_arn }) => stack.at<Queue>('aws_sqs_queue', event_source_arn));
  const forQueues = queues
    .filter(({ kms_master_key_id: key }) => key !== undefined)
    .reduce((sum, { kms_data_key_reuse_period_seconds: seconds = DATA_KEY_REUSE_SECONDS }) => {
      const [producers, consumers] = [1, 1];
      return sum + (SECONDS_PER_MONTH / seconds) * (2 * producers + consumers);
    }, 0);
  return forQueues + (mappings(stack).length * SECONDS_PER_MONTH) / TABLE_KEY_CACHE_SECONDS;
}

/** Each network interface writes at least a record an interval. The connections of busy functions add little. */
function flowLogs(stack: StackGraph): number {
  const functionZones = Math.max(0, ...processors(stack).map(({ vpc_config }) => vpc_config?.subnet_ids.length ?? 0));
  const interfaces = endpointZones(stack) + functionZones;
  return stack.find<FlowLog>('aws_flow_log').reduce((sum, log) => {
    const toBucket = log.log_destination_type === 's3';
    const records = (interfaces * SECONDS_PER_MONTH) / log.max_aggregation_interval;
    const perGb = toBucket ? PRICES.flowLogInBucketGb.usd : PRICES.flowLogGb.usd;
    return sum + (records * FLOW_LOG_RECORD_BYTES * perGb) / GB + (toBucket ? logFiles() : 0);
  }, 0);
}

/** The first copy of management events is free. Its files and, in the log group, the events of the stack's own KMS calls are not. */
function trail(stack: StackGraph): number {
  const logged = (keyRequests(stack) * TRAIL_EVENT_BYTES * PRICES.logGb.usd) / GB;
  return stack.find('aws_cloudtrail').length * (logFiles() + logged);
}

function logFiles(): number {
  return (PRICES.bucketRequest.usd * SECONDS_PER_MONTH) / LOG_FILE_SECONDS;
}

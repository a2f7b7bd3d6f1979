import { METRIC_DEFINITIONS, type MetricDefinition, type MetricSettings } from '../../src/contract/metrics';
import type { StackGraph } from '../kit/stacks/stack-graph';
import { auditStorage, flowLogs, trail } from './audit-parts';
import {
  endpointZones,
  isTraced,
  keyRequests,
  mappings,
  processors,
  scheduledFunctions,
  SECONDS_PER_MONTH,
  variablesOf,
} from './billed-resources';
import { HOURS_PER_MONTH, type Parts, PRICES } from './prices';

/** Lambda's pollers of an idle queue, which poll for up to 20 s: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html */
const IDLE_POLLERS = 5;
const POLL_SECONDS = 20;
/** Seconds of a scheduled call, about. Most of it is the start of the function, which is rarely still there from the last call. */
const SCHEDULED_CALL_SECONDS = 1;

interface Alarm {
  readonly metric_query?: readonly { readonly metric?: object }[];
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
  'audit storage': { types: ['aws_s3_bucket_lifecycle_configuration'], usd: auditStorage },
  'scheduled calls': { types: ['aws_cloudwatch_event_rule', 'aws_cloudwatch_event_target'], usd: scheduledCalls },
  secrets: {
    types: ['aws_secretsmanager_secret'],
    usd: (stack) =>
      PRICES.secret.usd *
      processors(stack).filter((one) => variablesOf(one).FRAUD_API_KEY_SECRET_ARN !== undefined).length,
  },
  'hosted zones': count('aws_route53_zone', PRICES.hostedZone),
};

/** Types whose cost is a part of the payments', or that AWS doesn't bill. */
const NOT_FIXED = [
  'aws_cloudwatch_log_group',
  'aws_cloudwatch_log_metric_filter', // its metric costs only in an hour in which it counts an event
  'aws_default_security_group',
  'aws_dynamodb_resource_policy',
  'aws_dynamodb_table',
  'aws_iam_openid_connect_provider',
  'aws_iam_policy',
  'aws_iam_role',
  'aws_iam_role_policy',
  'aws_iam_role_policy_attachment',
  'aws_kms_alias',
  'aws_lambda_function',
  'aws_lambda_function_event_invoke_config',
  'aws_lambda_permission',
  'aws_route53_record',
  'aws_route_table',
  'aws_route_table_association',
  'aws_s3_bucket',
  'aws_s3_bucket_notification',
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
  'aws_sqs_queue_policy',
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

/** AWS bills an alarm by its metrics: one with metric math counts as often as it has metrics. */
function alarmMetrics(stack: StackGraph): number {
  const alarms = stack.find<Alarm>('aws_cloudwatch_metric_alarm');
  return alarms.reduce(
    (sum, { metric_query: queries }) => sum + (queries?.filter(({ metric }) => metric !== undefined).length ?? 1),
    0,
  );
}

/** The settings that decide which metrics a payment processor and its DLQ processor count, as the former's variables tell them. */
const SETTINGS: {
  readonly [Name in keyof MetricSettings]-?: (
    variables: Readonly<Record<string, string | undefined>>,
  ) => string | undefined;
} = {
  onFailedPayment: ({ ON_FAILED_PAYMENT }) => ON_FAILED_PAYMENT,
  outcomes: ({ OUTCOME_TOPIC_ARN }) => (OUTCOME_TOPIC_ARN === undefined ? 'none' : 'topic'),
};

/** All that both functions of each pipeline may count. */
function customMetrics(stack: StackGraph): number {
  const definitions: readonly MetricDefinition[] = Object.values(METRIC_DEFINITIONS);
  return processors(stack).reduce((sum, processor) => {
    const variables = variablesOf(processor);
    const isCounted = ({ onlyWith = {} }: MetricDefinition) =>
      (Object.keys(onlyWith) as (keyof MetricSettings)[]).every(
        (setting) => SETTINGS[setting](variables) === onlyWith[setting],
      );
    return sum + definitions.filter(isCounted).length;
  }, 0);
}

function scheduledCalls(stack: StackGraph): number {
  return scheduledFunctions(stack).reduce((sum, lambda) => {
    const time = PRICES.gbSecond.usd * SCHEDULED_CALL_SECONDS * (lambda.memory_size / 1_024);
    return sum + lambda.callsPerMonth * (PRICES.invocation.usd + time + (isTraced(lambda) ? PRICES.trace.usd : 0));
  }, 0);
}

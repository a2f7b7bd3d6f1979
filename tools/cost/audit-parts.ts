import type { StackGraph } from '../kit/stacks/stack-graph';
import { endpointZones, GB, keyRequests, processors, scheduledFunctions, SECONDS_PER_MONTH } from './billed-resources';
import { DAYS_PER_MONTH, PRICES } from './prices';

/** Bytes of a CloudTrail event of a KMS call, about, as in https://docs.aws.amazon.com/kms/latest/developerguide/ct-generatedatakey.html */
const TRAIL_EVENT_BYTES = 1_500;
/** Bytes of a flow log record in the default format, about: https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-records-examples.html */
const FLOW_LOG_RECORD_BYTES = 110;
/** Seconds between two files of a trail or a flow log in the bucket, about: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/how-cloudtrail-works.html */
const LOG_FILE_SECONDS = 300;
/** Files that a trail or a flow log writes in a month. */
const LOG_FILES = SECONDS_PER_MONTH / LOG_FILE_SECONDS;

interface FlowLog {
  readonly log_destination_type: 's3' | 'cloud-watch-logs';
  readonly max_aggregation_interval: number;
}

interface Trail {
  readonly advanced_event_selector?: readonly {
    readonly field_selector: readonly { readonly field: string; readonly equals?: readonly string[] }[];
  }[];
}

interface Lifecycle {
  readonly rule: readonly {
    readonly expiration?: readonly { readonly days: number }[];
    readonly transition?: readonly object[];
  }[];
}

/** What the flow logs cost, without their storage. */
export function flowLogs(stack: StackGraph): number {
  return stack.find<FlowLog>('aws_flow_log').reduce((sum, log) => {
    const isInBucket = log.log_destination_type === 's3';
    const perGb = isInBucket ? PRICES.flowLogInBucketGb.usd : PRICES.flowLogGb.usd;
    return sum + (bytesOf(stack, log) * perGb) / GB + (isInBucket ? PRICES.bucketRequest.usd * LOG_FILES : 0);
  }, 0);
}

/** The first copy of management events is free. Its files, the data events and, in the log group, the events of the stack's own KMS calls are not. */
export function trail(stack: StackGraph): number {
  const logged = (trailBytes(stack) * PRICES.logGb.usd) / GB;
  const dataEvents = PRICES.trailEvent.usd * scheduledEvents(stack);
  return stack.find('aws_cloudtrail').length * (PRICES.bucketRequest.usd * LOG_FILES + logged) + dataEvents;
}

/** Storage of the logs for as long as the bucket keeps them, uncompressed, and their transition to another storage class. Object Lock costs nothing itself. */
export function auditStorage(stack: StackGraph): number {
  const rules = stack.find<Lifecycle>('aws_s3_bucket_lifecycle_configuration').flatMap(({ rule }) => rule);
  const days = Math.max(0, ...rules.flatMap(({ expiration = [] }) => expiration.map((one) => one.days)));
  const inBucket = stack.find<FlowLog>('aws_flow_log', { log_destination_type: 's3' });
  const trails = stack.find('aws_cloudtrail').length;
  const bytes = trails * trailBytes(stack) + inBucket.reduce((sum, log) => sum + bytesOf(stack, log), 0);
  const moved = rules.some(({ transition = [] }) => transition.length > 0) ? (trails + inBucket.length) * LOG_FILES : 0;
  return (PRICES.bucketGb.usd * bytes * days) / DAYS_PER_MONTH / GB + PRICES.transition.usd * moved;
}

/** Whether the trail records calls to resources of the type by the pipeline itself. A selector by caller leaves the functions out. */
export function recordsCallsTo(stack: StackGraph, type: 'AWS::DynamoDB::Table' | 'AWS::Lambda::Function'): boolean {
  const selectors = stack.find<Trail>('aws_cloudtrail').flatMap((one) => one.advanced_event_selector ?? []);
  return selectors.some(
    ({ field_selector: fields }) =>
      fields.some(({ field, equals }) => field === 'resources.type' && equals?.includes(type)) &&
      fields.every(({ field }) => field !== 'userIdentity.arn'),
  );
}

/** Each network interface writes at least a record an interval. The connections of busy functions add little. */
function bytesOf(stack: StackGraph, { max_aggregation_interval: seconds }: FlowLog): number {
  const functionZones = Math.max(0, ...processors(stack).map(({ vpc_config }) => vpc_config?.subnet_ids.length ?? 0));
  const interfaces = endpointZones(stack) + functionZones;
  return (interfaces * SECONDS_PER_MONTH * FLOW_LOG_RECORD_BYTES) / seconds;
}

function trailBytes(stack: StackGraph): number {
  return keyRequests(stack) * TRAIL_EVENT_BYTES;
}

/** Data events of scheduled calls, the only ones that the pipeline causes by itself. */
function scheduledEvents(stack: StackGraph): number {
  if (!recordsCallsTo(stack, 'AWS::Lambda::Function')) return 0;
  return scheduledFunctions(stack).reduce((sum, { callsPerMonth }) => sum + callsPerMonth, 0);
}

import type { StackGraph } from '../kit/stacks/stack-graph';
import { HOURS_PER_MONTH } from './prices';

export const SECONDS_PER_MONTH = HOURS_PER_MONTH * 3_600;
export const GB = 1e9;

/** Seconds for which SQS reuses a data key by default: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html */
const DATA_KEY_REUSE_SECONDS = 300;
/** Seconds for which SNS reuses a data key: https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html */
const TOPIC_KEY_REUSE_SECONDS = 300;
/** Seconds for which DynamoDB keeps a principal's table key, at least: https://docs.aws.amazon.com/kms/latest/developerguide/services-dynamodb.html */
const TABLE_KEY_CACHE_SECONDS = 300;

interface Endpoint {
  readonly vpc_endpoint_type: string;
  readonly subnet_ids?: readonly string[];
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

/** A function that a schedule calls. */
export interface ScheduledFunction extends LambdaFunction {
  readonly callsPerMonth: number;
}

export function mappings(stack: StackGraph) {
  return stack.find<{ readonly function_name: string; readonly event_source_arn: string }>(
    'aws_lambda_event_source_mapping',
  );
}

/** The functions that process payments. */
export function processors(stack: StackGraph): LambdaFunction[] {
  return mappings(stack).map(({ function_name }) => stack.at<LambdaFunction>('aws_lambda_function', function_name));
}

export function variablesOf({ environment }: LambdaFunction): Readonly<Record<string, string | undefined>> {
  return environment?.variables ?? {};
}

export function isTraced({ tracing_config }: LambdaFunction): boolean {
  return tracing_config?.mode === 'Active';
}

/** The functions that a rate in minutes calls, as the pipeline's schedule has it. */
export function scheduledFunctions(stack: StackGraph): ScheduledFunction[] {
  const rules = stack.find<{ name: string; schedule_expression?: string }>('aws_cloudwatch_event_rule');
  return rules.flatMap(({ name, schedule_expression: schedule = '' }) => {
    const [, minutes] = /^rate\((\d+) minutes?\)$/.exec(schedule) ?? [];
    if (minutes === undefined) return [];
    const callsPerMonth = SECONDS_PER_MONTH / 60 / Number(minutes);
    const targets = stack.find<{ arn: string }>('aws_cloudwatch_event_target', { rule: name });
    return targets
      .flatMap(({ arn }) => stack.find<LambdaFunction>('aws_lambda_function', { arn }))
      .map((lambda) => ({ ...lambda, callsPerMonth }));
  });
}

/** Zones of all interface endpoints: AWS bills each for its hours. */
export function endpointZones(stack: StackGraph): number {
  const endpoints = stack.find<Endpoint>('aws_vpc_endpoint');
  return endpoints
    .filter(({ vpc_endpoint_type }) => vpc_endpoint_type === 'Interface')
    .reduce((sum, { subnet_ids = [] }) => sum + subnet_ids.length, 0);
}

/**
 * Calls of KMS in a month in which payments come all the time, however many: all three services reuse a data key. The payment queue has one principal
 * that sends and one that receives; the outcome topic has one that publishes. The dead-letter queue is idle.
 */
export function keyRequests(stack: StackGraph): number {
  const queues = mappings(stack).map(({ event_source_arn }) => stack.at<Queue>('aws_sqs_queue', event_source_arn));
  const forQueues = queues
    .filter(({ kms_master_key_id: key }) => key !== undefined)
    .reduce((sum, { kms_data_key_reuse_period_seconds: seconds = DATA_KEY_REUSE_SECONDS }) => {
      const [producers, consumers] = [1, 1];
      return sum + (SECONDS_PER_MONTH / seconds) * (2 * producers + consumers);
    }, 0);
  const publishers = processors(stack).filter((one) => variablesOf(one).OUTCOME_TOPIC_ARN !== undefined).length;
  return (
    forQueues +
    (publishers * 2 * SECONDS_PER_MONTH) / TOPIC_KEY_REUSE_SECONDS +
    (queues.length * SECONDS_PER_MONTH) / TABLE_KEY_CACHE_SECONDS
  );
}

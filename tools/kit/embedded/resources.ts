import { randomBytes, randomUUID } from 'node:crypto';
import {
  type AttributeDefinition,
  CreateTableCommand,
  type CreateTableCommandInput,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import {
  CreateQueueCommand,
  type QueueAttributeName,
  SetQueueAttributesCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { SynthesizedStack } from './synthesized-stack';

/** A function's settings, with every reference resolved. */
export interface DeployedFunction {
  readonly functionName: string;
  readonly timeoutMs: number;
  readonly environment: Readonly<Record<string, string>>;
}

/** A topic with a subscription. */
export interface DeployedTopic {
  readonly name: string;
  /** JSON. */
  readonly policy: string;
}

/** A rule of EventBridge with a rate. */
export interface DeployedSchedule {
  /** The rule's name. */
  readonly rule: string;
  readonly everyMs: number;
  readonly event: unknown;
}

/** The settings of the processor's event source, read from the stack. */
export interface DeployedPipeline {
  readonly paymentQueueUrl: string;
  readonly paymentQueueArn: string;
  readonly deadLetterQueueUrl: string;
  /** The payment queue's: how long it hides a message that was received. */
  readonly visibilityTimeoutSeconds: number;
  readonly tableName: string;
  readonly batchSize: number;
  /** The mapping's: invocations at the same time. */
  readonly maximumConcurrency: number;
  readonly functionName: string;
  readonly functionTimeoutMs: number;
  readonly functionMemoryMb: number;
  /** The function's, with every reference resolved. */
  readonly environment: Readonly<Record<string, string>>;
  readonly dlqProcessor: DeployedFunction;
  readonly mapping: {
    readonly enabled: boolean;
    readonly functionResponseTypes: readonly string[];
  };
  /** -1 for none. */
  readonly reservedConcurrency: number;
  readonly table: {
    /** Undefined: no key of the customer's. */
    readonly keyArn: string | undefined;
    readonly deletionProtection: boolean;
  };
  readonly topics: readonly DeployedTopic[];
  /** What EventBridge sends to the DLQ processor. */
  readonly schedules: readonly DeployedSchedule[];
}

/** Terraform's name of a queue attribute, and SQS's. */
const QUEUE_ATTRIBUTES: Readonly<Record<string, QueueAttributeName>> = {
  fifo_queue: 'FifoQueue',
  content_based_deduplication: 'ContentBasedDeduplication',
  deduplication_scope: 'DeduplicationScope',
  fifo_throughput_limit: 'FifoThroughputLimit',
  visibility_timeout_seconds: 'VisibilityTimeout',
  message_retention_seconds: 'MessageRetentionPeriod',
  max_message_size: 'MaximumMessageSize',
  redrive_policy: 'RedrivePolicy',
  kms_master_key_id: 'KmsMasterKeyId',
};

const REDRIVE_ALLOW_POLICY = 'aws_sqs_queue_redrive_allow_policy';
const SUBSCRIPTION = 'aws_sns_topic_subscription';
const TOPIC_POLICY = 'aws_sns_topic_policy';
const EVENT_RULE = 'aws_cloudwatch_event_rule';
const EVENT_TARGET = 'aws_cloudwatch_event_target';
const MAPPING = 'aws_lambda_event_source_mapping';

/** Creates the stack's queues and table in the embedded services, with the attributes they would deploy with. */
export async function deploy(
  stack: SynthesizedStack,
  clients: { readonly sqs: SQSClient; readonly dynamodb: DynamoDBClient },
): Promise<DeployedPipeline> {
  const mapping = stack.only(MAPPING);
  for (const id of stack.ids('aws_lambda_function')) stack.deploy('aws_lambda_function', id, 'arn', id);
  for (const id of stack.ids('random_bytes')) stack.deploy('random_bytes', id, 'hex', randomBytes(32).toString('hex'));
  for (const id of stack.ids('aws_kms_key')) stack.deploy('aws_kms_key', id, 'key_id', randomUUID());
  for (const id of stack.ids('random_uuid')) stack.deploy('random_uuid', id, 'result', randomUUID());

  const [paymentQueue, deadLetterQueue] = queuesInUse(stack, mapping);
  await createQueue(stack, deadLetterQueue, clients.sqs); // first: the other's redrive policy names it
  await createQueue(stack, paymentQueue, clients.sqs);
  for (const id of stack.ids(REDRIVE_ALLOW_POLICY)) {
    const RedriveAllowPolicy = stack.text(REDRIVE_ALLOW_POLICY, id, 'redrive_allow_policy');
    const QueueUrl = stack.text(REDRIVE_ALLOW_POLICY, id, 'queue_url');
    await clients.sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { RedriveAllowPolicy } }));
  }
  const table = stack.only('aws_dynamodb_table');
  await clients.dynamodb.send(new CreateTableCommand(tableInput(stack, table)));

  const processor = stack.text(MAPPING, mapping, 'function_name');
  const { functionName, timeoutMs, environment } = functionOf(stack, processor);
  const dlqProcessor = stack.ids('aws_lambda_function').find((id) => id !== processor)!;
  const scaling = stack.attribute(MAPPING, mapping, 'scaling_config') as {
    maximum_concurrency: number;
  };
  const subscribedTopics = new Set(stack.ids(SUBSCRIPTION).map((id) => stack.text(SUBSCRIPTION, id, 'topic_arn')));
  const encryption = stack.attribute('aws_dynamodb_table', table, 'server_side_encryption') as { kms_key_arn?: string };
  return {
    paymentQueueUrl: stack.text('aws_sqs_queue', paymentQueue, 'url'),
    paymentQueueArn: stack.text('aws_sqs_queue', paymentQueue, 'arn'),
    deadLetterQueueUrl: stack.text('aws_sqs_queue', deadLetterQueue, 'url'),
    visibilityTimeoutSeconds: stack.number('aws_sqs_queue', paymentQueue, 'visibility_timeout_seconds'),
    tableName: stack.text('aws_dynamodb_table', table, 'name'),
    batchSize: stack.number(MAPPING, mapping, 'batch_size'),
    maximumConcurrency: scaling.maximum_concurrency,
    functionName,
    functionTimeoutMs: timeoutMs,
    functionMemoryMb: stack.number('aws_lambda_function', processor, 'memory_size'),
    environment,
    dlqProcessor: functionOf(stack, dlqProcessor),
    mapping: {
      enabled: (stack.attribute(MAPPING, mapping, 'enabled') ?? true) as boolean,
      functionResponseTypes: stack.attribute(MAPPING, mapping, 'function_response_types') as string[],
    },
    reservedConcurrency: stack.number('aws_lambda_function', processor, 'reserved_concurrent_executions'),
    table: {
      keyArn: encryption.kms_key_arn,
      deletionProtection: stack.attribute('aws_dynamodb_table', table, 'deletion_protection_enabled') as boolean,
    },
    topics: [...subscribedTopics].map((arn) => topicOf(stack, arn)),
    schedules: schedulesOf(stack, dlqProcessor),
  };
}

function schedulesOf(stack: SynthesizedStack, lambda: string): DeployedSchedule[] {
  return stack.ids(EVENT_RULE).flatMap((rule) => {
    const [, minutes] =
      /^rate\((\d+) minutes\)$/.exec(String(stack.attribute(EVENT_RULE, rule, 'schedule_expression'))) ?? [];
    const name = stack.text(EVENT_RULE, rule, 'name');
    const targets = stack
      .ids(EVENT_TARGET)
      .filter((id) => stack.text(EVENT_TARGET, id, 'rule') === name && stack.text(EVENT_TARGET, id, 'arn') === lambda);
    return minutes === undefined
      ? []
      : targets.map((id) => ({
          rule: name,
          everyMs: Number(minutes) * 60_000,
          event: JSON.parse(stack.text(EVENT_TARGET, id, 'input')) as unknown,
        }));
  });
}

function topicOf(stack: SynthesizedStack, arn: string): DeployedTopic {
  const policy = stack.ids(TOPIC_POLICY).find((id) => stack.text(TOPIC_POLICY, id, 'arn') === arn)!;
  return { name: arn.split(':').at(-1)!, policy: stack.text(TOPIC_POLICY, policy, 'policy') };
}

function functionOf(stack: SynthesizedStack, id: string): DeployedFunction {
  const { variables } = stack.attribute('aws_lambda_function', id, 'environment') as {
    variables: Record<string, string>;
  };
  return {
    functionName: stack.text('aws_lambda_function', id, 'function_name'),
    timeoutMs: stack.number('aws_lambda_function', id, 'timeout') * 1_000,
    environment: variables,
  };
}

/** Logical ids: the queue that the event source reads, and the one that its redrive policy names. */
function queuesInUse(stack: SynthesizedStack, mapping: string): [string, string] {
  const arnOf = (id: string) => stack.attribute('aws_sqs_queue', id, 'arn');
  const byArn = (arn: unknown) => stack.ids('aws_sqs_queue').find((id) => arnOf(id) === arn) ?? '';
  const paymentQueue = byArn(stack.text(MAPPING, mapping, 'event_source_arn'));
  const redrive = JSON.parse(stack.text('aws_sqs_queue', paymentQueue, 'redrive_policy')) as {
    deadLetterTargetArn: string;
  };
  return [paymentQueue, byArn(redrive.deadLetterTargetArn)];
}

async function createQueue(stack: SynthesizedStack, id: string, sqs: SQSClient): Promise<void> {
  const attributes = Object.entries(QUEUE_ATTRIBUTES).flatMap(([terraform, name]) => {
    const value = stack.attribute('aws_sqs_queue', id, terraform);
    return value === undefined ? [] : [[name, typeof value === 'string' ? value : JSON.stringify(value)]];
  });
  const { QueueUrl } = await sqs.send(
    new CreateQueueCommand({
      QueueName: stack.text('aws_sqs_queue', id, 'name'),
      Attributes: Object.fromEntries(attributes) as Record<string, string>,
    }),
  );
  stack.deploy('aws_sqs_queue', id, 'url', QueueUrl);
}

interface Index {
  readonly name: string;
  readonly hash_key: string;
  readonly range_key: string;
  readonly projection_type: 'INCLUDE' | 'ALL' | 'KEYS_ONLY';
  readonly non_key_attributes?: string[];
}

function tableInput(stack: SynthesizedStack, id: string): CreateTableCommandInput {
  const attribute = (name: string) => stack.attribute('aws_dynamodb_table', id, name);
  return {
    TableName: String(attribute('name')),
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: (
      attribute('attribute') as { name: string; type: AttributeDefinition['AttributeType'] }[]
    ).map(({ name, type }) => ({ AttributeName: name, AttributeType: type })),
    KeySchema: [{ AttributeName: String(attribute('hash_key')), KeyType: 'HASH' }],
    GlobalSecondaryIndexes: (attribute('global_secondary_index') as Index[]).map((index) => ({
      IndexName: index.name,
      KeySchema: [
        { AttributeName: index.hash_key, KeyType: 'HASH' },
        { AttributeName: index.range_key, KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: index.projection_type, NonKeyAttributes: index.non_key_attributes },
    })),
  };
}

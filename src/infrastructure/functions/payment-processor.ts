import type { DynamodbTable } from '@cdktf/provider-aws/lib/dynamodb-table';
import { LambdaEventSourceMapping } from '@cdktf/provider-aws/lib/lambda-event-source-mapping';
import type { SnsTopic } from '@cdktf/provider-aws/lib/sns-topic';
import type { Bytes } from '@cdktf/provider-random/lib/bytes';
import { Fn, Token } from 'cdktf';
import type { Construct } from 'constructs';
import { BATCH_SIZE } from '../../contract/deployed-settings';
import type { ProcessorVariables } from '../../contract/environment';
import { isOlder } from '../../preflight/peers-error';
import { PLATFORM_ACTIONS } from '../../contract/function-calls';
import { sameStack } from '../aws-environment';
import { publishOutcomes } from '../outcome-topic';
import { METRIC_NAMESPACE, type Names } from '../resource-names';
import type { Statement } from '../policy';
import type { Settings } from '../props';
import type { Queues } from '../queues';
import { warn } from '../warning';
import { ADAPTER_FILE } from './bundle';
import { createHandlerFunction, type HandlerFunction, type FunctionContext } from './handler-function';
import type { Release } from './release';

/** Seconds for one batch. */
export const PROCESSOR_TIMEOUT = 60;

/** Lambda's value for "reserve none". */
const UNRESERVED = -1;

const RECEIVE_PAYMENTS = [
  ...PLATFORM_ACTIONS.pollQueue,
  'sqs:ChangeMessageVisibility', // sets the retry delay
];
const QUARANTINE_PAYMENTS = ['sqs:SendMessage'];
const RECORD_PAYMENTS = ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'];

/** The resources that a function of the pipeline uses. */
export interface PipelineFunctionConfig extends FunctionContext {
  readonly names: Names;
  readonly queues: Queues;
  readonly table: DynamodbTable;
  readonly release: Release;
  /** Both functions hash accounts with it, so that a hash means the same everywhere. */
  readonly accountHashKey: Bytes;
  /** Undefined when no outcomes are published. */
  readonly outcomeTopic: SnsTopic | undefined;
}

export interface PaymentProcessor extends HandlerFunction {
  readonly eventSource: LambdaEventSourceMapping;
}

/** The function that decides payments, fed by the payment queue. */
export function createPaymentProcessor(scope: Construct, config: PipelineFunctionConfig): PaymentProcessor {
  const { settings, queues } = config;

  const processor = createHandlerFunction(scope, 'payment_processor', {
    ...config,
    names: config.names.paymentProcessor,
    archive: config.release.paymentProcessor,
    timeout: PROCESSOR_TIMEOUT,
    reservedConcurrency: reservedConcurrency(settings),
    environment: { ...processorVariables(config) },
    permissions: [...processorPermissions(config), ...apiKeyPermissions(settings)],
  });

  warnOfRefusal(processor);

  // No batching window: Lambda has none for FIFO queues.
  const eventSource = new LambdaEventSourceMapping(scope, 'payment_processor_event_source', {
    eventSourceArn: queues.paymentQueue.arn,
    functionName: processor.lambda.arn,
    batchSize: BATCH_SIZE,
    functionResponseTypes: ['ReportBatchItemFailures'],
    // The reserved concurrency alone would throttle the pollers, and each throttled batch costs its payments a receive.
    scalingConfig: { maximumConcurrency: settings.maxConcurrency },
    // Payments may wait already. Without its paths the function would fail them, and each failure costs a receive.
    dependsOn: [processor.policy, ...sameStack(scope, ...config.network.paths(scope))],
  });

  return { ...processor, eventSource };
}

/** The first AWS provider that takes nodejs24.x: https://github.com/hashicorp/terraform-provider-aws/pull/45024 */
const FIRST_WITH_NODE_24 = '6.19.0';

/** The provider has a list of runtimes of its own, and refuses others in a plan. */
function warnOfRefusal({ lambda }: HandlerFunction): void {
  const { providerVersion = FIRST_WITH_NODE_24 } = lambda.terraformGeneratorMetadata ?? {};
  if (lambda.runtimeInput !== 'nodejs24.x' || !isOlder(providerVersion, FIRST_WITH_NODE_24)) return;
  warn(
    lambda,
    `lambdaRuntime is 'nodejs24.x', which AWS provider ${providerVersion} refuses: install @cdktf/provider-aws 21.22.1 or newer (AWS provider 6), or set 'nodejs22.x'.`,
  );
}

function reservedConcurrency({ reserveConcurrency, maxConcurrency }: Settings): number {
  if (typeof reserveConcurrency === 'boolean') return reserveConcurrency ? maxConcurrency : UNRESERVED;
  return Token.asNumber(Fn.conditional(reserveConcurrency, maxConcurrency, UNRESERVED));
}

function processorVariables({
  names,
  settings,
  queues,
  table,
  release,
  accountHashKey,
  outcomeTopic,
}: PipelineFunctionConfig): ProcessorVariables {
  const { url, apiKeySecretArn, adapter } = settings.fraudApi;
  return {
    PAYMENT_TABLE_NAME: table.name,
    PAYMENT_QUEUE_URL: queues.paymentQueue.url,
    PAYMENT_DLQ_URL: queues.deadLetterQueue.url,
    RELEASE_ID: release.id.result,
    POWERTOOLS_SERVICE_NAME: names.paymentProcessor.service,
    POWERTOOLS_METRICS_NAMESPACE: METRIC_NAMESPACE,
    POWERTOOLS_LOG_LEVEL: 'INFO',
    ACCOUNT_HASH_KEY: accountHashKey.hex,
    FRAUD_API_URL: url,
    FRAUD_API_TIMEOUT_MS: '2000',
    FRAUD_API_MAX_ATTEMPTS: '4',
    ...(apiKeySecretArn !== undefined && { FRAUD_API_KEY_SECRET_ARN: apiKeySecretArn }),
    ...(adapter !== undefined && { FRAUD_API_ADAPTER: `./${ADAPTER_FILE}` }),
    MAX_RECEIVE_COUNT: asText(settings.maxReceiveCount),
    RETRY_WAITS_SECONDS: '20,1860',
    GROUP_CONCURRENCY: asText(settings.groupConcurrency),
    ...(settings.maxPaymentAgeHours !== undefined && { MAX_PAYMENT_AGE_HOURS: asText(settings.maxPaymentAgeHours) }),
    ON_FAILED_PAYMENT: settings.onFailedPayment,
    ...(outcomeTopic && { OUTCOME_TOPIC_ARN: outcomeTopic.arn }),
  };
}

/** A number as the text that Lambda stores, even if only Terraform knows it. */
function asText(value: number): string {
  return Token.isUnresolved(value) ? Token.asString(Fn.tostring(value)) : String(value);
}

function processorPermissions({ queues, table, outcomeTopic }: PipelineFunctionConfig): Statement[] {
  return [
    { sid: 'ReceivePayments', actions: RECEIVE_PAYMENTS, resources: [queues.paymentQueue.arn] },
    { sid: 'QuarantinePayments', actions: QUARANTINE_PAYMENTS, resources: [queues.deadLetterQueue.arn] },
    { sid: 'RecordPayments', actions: RECORD_PAYMENTS, resources: [table.arn] },
    ...publishOutcomes(outcomeTopic),
  ];
}

function apiKeyPermissions({ fraudApi }: Settings): Statement[] {
  const { apiKeySecretArn, apiKeyKmsKeyArn } = fraudApi;
  return [
    ...(apiKeySecretArn === undefined
      ? []
      : [{ sid: 'ReadFraudApiKey', actions: ['secretsmanager:GetSecretValue'], resources: [apiKeySecretArn] }]),
    ...(apiKeyKmsKeyArn === undefined
      ? []
      : [{ sid: 'DecryptFraudApiKey', actions: ['kms:Decrypt'], resources: [apiKeyKmsKeyArn] }]),
  ];
}

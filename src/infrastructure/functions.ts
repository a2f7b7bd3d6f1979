import type { DataArchiveFile } from '@cdktf/provider-archive/lib/data-archive-file';
import type { DataAwsIamPolicyDocumentStatement } from '@cdktf/provider-aws/lib/data-aws-iam-policy-document';
import type { DynamodbTable } from '@cdktf/provider-aws/lib/dynamodb-table';
import { LambdaEventSourceMapping } from '@cdktf/provider-aws/lib/lambda-event-source-mapping';
import type { LambdaFunction } from '@cdktf/provider-aws/lib/lambda-function';
import type { Uuid } from '@cdktf/provider-random/lib/uuid';
import { Fn, Token } from 'cdktf';
import type { Construct } from 'constructs';
import type { ProcessorVariables } from '../contract/environment';
import { createHandlerFunction } from './handler-function';
import { METRIC_NAMESPACE, type Names } from './names';
import type { Settings } from './props';
import type { Queues } from './queueing';

/** Seconds for one batch. */
export const PROCESSOR_TIMEOUT = 60;

/** Payments in one batch; the most that Lambda takes from a FIFO queue. */
export const BATCH_SIZE = 10;

/** Lambda's value for "reserve none". */
const UNRESERVED = -1;

const RECEIVE_PAYMENTS = [
  'sqs:ReceiveMessage',
  'sqs:DeleteMessage',
  'sqs:GetQueueAttributes',
  'sqs:ChangeMessageVisibility', // sets the wait before a retry
];
const QUARANTINE_PAYMENTS = ['sqs:SendMessage'];
const RECORD_PAYMENTS = ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'];

export interface PaymentProcessorConfig {
  readonly names: Names;
  readonly settings: Settings;
  readonly queues: Queues;
  readonly table: DynamodbTable;
  readonly archive: DataArchiveFile;
  readonly releaseId: Uuid;
}

/** The function that decides payments, fed by the payment queue. */
export function createPaymentProcessor(scope: Construct, config: PaymentProcessorConfig): LambdaFunction {
  const { names, settings, queues, archive } = config;

  const { lambda, policy } = createHandlerFunction(scope, 'payment_processor', {
    names: names.paymentProcessor,
    archive,
    memory: settings.lambdaMemory,
    timeout: PROCESSOR_TIMEOUT,
    reservedConcurrency: reservedConcurrency(settings),
    environment: { ...processorVariables(config) },
    permissions: processorPermissions(config),
  });

  // No batching window: Lambda has none for FIFO queues.
  new LambdaEventSourceMapping(scope, 'payment_processor_event_source', {
    eventSourceArn: queues.paymentQueue.arn,
    functionName: lambda.arn,
    batchSize: BATCH_SIZE,
    functionResponseTypes: ['ReportBatchItemFailures'],
    // The reserved concurrency alone would throttle the pollers, and each throttled batch costs its payments a receive.
    scalingConfig: { maximumConcurrency: settings.maxConcurrency },
    dependsOn: [policy],
  });

  return lambda;
}

function reservedConcurrency({ reserveConcurrency, maxConcurrency }: Settings): number {
  if (typeof reserveConcurrency === 'boolean') return reserveConcurrency ? maxConcurrency : UNRESERVED;
  return Token.asNumber(Fn.conditional(reserveConcurrency, maxConcurrency, UNRESERVED));
}

function processorVariables({ names, settings, queues, table, releaseId }: PaymentProcessorConfig): ProcessorVariables {
  return {
    PAYMENT_TABLE_NAME: table.name,
    PAYMENT_QUEUE_URL: queues.paymentQueue.url,
    PAYMENT_DLQ_URL: queues.deadLetterQueue.url,
    RELEASE_ID: releaseId.result,
    POWERTOOLS_SERVICE_NAME: names.paymentProcessor.service,
    POWERTOOLS_METRICS_NAMESPACE: METRIC_NAMESPACE,
    POWERTOOLS_LOG_LEVEL: 'INFO',
    FRAUD_API_URL: settings.fraudApi.url,
    FRAUD_API_TIMEOUT_MS: '2000',
    FRAUD_API_MAX_ATTEMPTS: '4',
    MAX_RECEIVE_COUNT: String(settings.maxReceiveCount),
    RETRY_WAITS_SECONDS: '20,1860',
    GROUP_CONCURRENCY: String(settings.groupConcurrency),
    ON_FAILED_PAYMENT: 'continue',
  };
}

function processorPermissions({ queues, table }: PaymentProcessorConfig): DataAwsIamPolicyDocumentStatement[] {
  return [
    { sid: 'ReceivePayments', actions: RECEIVE_PAYMENTS, resources: [queues.paymentQueue.arn] },
    { sid: 'QuarantinePayments', actions: QUARANTINE_PAYMENTS, resources: [queues.deadLetterQueue.arn] },
    { sid: 'RecordPayments', actions: RECORD_PAYMENTS, resources: [table.arn] },
  ];
}

import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { createAccountHash, readProcessorEnvironment } from '../contract';
import { DynamoDbHolds } from './adapters/dynamodb-holds';
import { DynamoDbPaymentStore } from './adapters/dynamodb-payment-store';
import { HttpFraudApi } from './adapters/http-fraud-api';
import { PaymentTable } from './adapters/payment-table';
import { PowertoolsTelemetry } from './adapters/powertools-telemetry';
import { SecretApiKey } from './adapters/secret-api-key';
import { hide, SqsDeadLetters } from './adapters/sqs-payment-queue';
import { processBatch } from './core/batch';
import { type Services, type Settings, STOP_CALLS_MS } from './core/invocation';
import type { QueueMessage } from './core/ports';

/** An answer that comes too late loses all that the batch has done: it is decided again, as duplicates. */
const ANSWER_MS = 500;

const environment = readProcessorEnvironment(process.env);
const telemetry = new PowertoolsTelemetry(environment.RELEASE_ID);
const table = new PaymentTable(environment.PAYMENT_TABLE_NAME, telemetry);
const clock = { now: () => Date.now() };

const services: Services = {
  telemetry,
  clock,
  random: Math.random,
  accountHash: createAccountHash(environment.ACCOUNT_HASH_KEY),
  store: new DynamoDbPaymentStore(table),
  holds: new DynamoDbHolds(table),
  deadLetters: new SqsDeadLetters(environment.PAYMENT_DLQ_URL),
  fraudApi: new HttpFraudApi(
    {
      url: environment.FRAUD_API_URL,
      timeoutMs: environment.FRAUD_API_TIMEOUT_MS,
      maxAttempts: environment.FRAUD_API_MAX_ATTEMPTS,
    },
    { telemetry, clock, random: Math.random, apiKey: apiKey(environment.FRAUD_API_KEY_SECRET_ARN) },
  ),
};

const settings: Settings = {
  maxReceiveCount: environment.MAX_RECEIVE_COUNT,
  groupConcurrency: environment.GROUP_CONCURRENCY,
  retryDelays: environment.RETRY_WAITS_SECONDS,
  releaseId: environment.RELEASE_ID,
  onFailedPayment: environment.ON_FAILED_PAYMENT,
};

/** The payment processor: one batch of the payment queue, answered with the messages that must come back. */
export async function handler(event: SQSEvent, context: Context): Promise<SQSBatchResponse> {
  const timeLeft = context.getRemainingTimeInMillis();
  const calls = new AbortController();
  const stop = setTimeout(
    () => {
      calls.abort();
    },
    Math.max(0, timeLeft - STOP_CALLS_MS),
  );
  telemetry.begin(context);
  try {
    const invocation = { requestId: context.awsRequestId, deadline: clock.now() + timeLeft, signal: calls.signal };
    const { returned, retryDelays } = await processBatch(event.Records.map(readRecord), services, settings, invocation);
    const untilLate = AbortSignal.timeout(Math.max(ANSWER_MS, context.getRemainingTimeInMillis() - ANSWER_MS));
    await hide(environment.PAYMENT_QUEUE_URL, retryDelays, telemetry, untilLate);
    return { batchItemFailures: returned.map(({ messageId }) => ({ itemIdentifier: messageId })) };
  } finally {
    clearTimeout(stop);
    calls.abort();
    telemetry.flush();
  }
}

function apiKey(secretArn: string | undefined): SecretApiKey | undefined {
  return secretArn === undefined ? undefined : new SecretApiKey(secretArn, clock);
}

function readRecord({ messageId, receiptHandle, body, attributes, messageAttributes }: SQSRecord): QueueMessage {
  return {
    messageId,
    receiptHandle,
    body,
    groupId: attributes.MessageGroupId ?? '',
    receiveCount: Number(attributes.ApproximateReceiveCount),
    sequenceNumber: attributes.SequenceNumber ?? '',
    ...(isDeadLetterCopy(messageAttributes) && { isDeadLetterCopy: true }),
  };
}

/** Whoever calls the function by hand may leave the attributes out. */
function isDeadLetterCopy(attributes: SQSRecord['messageAttributes'] | undefined): boolean {
  return attributes?.source_message_id !== undefined;
}

import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { createAccountHash, readProcessorEnvironment } from '../contract';
import { AbortTimer } from '../runtime/abort-timer';
import { DynamoDbHolds } from '../runtime/dynamodb-holds';
import { PaymentTable } from '../runtime/payment-table';
import type { OutcomeTopic } from '../runtime/ports';
import { ServiceCalls } from '../runtime/service-calls';
import { DynamoDbPaymentStore } from './adapters/dynamodb-payment-store';
import { protocolOf } from './adapters/fraud-api-adapter';
import { HttpFraudApi } from './adapters/http-fraud-api';
import { ProcessorTelemetry } from './adapters/processor-telemetry';
import { SecretApiKey } from './adapters/secret-api-key';
import { hide, SqsDeadLetters } from './adapters/sqs-payment-queue';
import { processBatch } from './core/batch';
import { type QueueMessage, type Services, type Settings, STOP_CALLS_MS } from './core/ports';

/** Milliseconds to answer in: after a late answer SQS delivers the whole batch again, as duplicates. */
const ANSWER_MS = 500;

const environment = readProcessorEnvironment(process.env);
const telemetry = new ProcessorTelemetry(environment.RELEASE_ID);
const clock = { now: () => Date.now() };
const accountHash = createAccountHash(environment.ACCOUNT_HASH_KEY);

const settings: Settings = {
  maxReceiveCount: environment.MAX_RECEIVE_COUNT,
  groupConcurrency: environment.GROUP_CONCURRENCY,
  retryDelays: environment.RETRY_WAITS_SECONDS,
  maxPaymentAgeHours: environment.MAX_PAYMENT_AGE_HOURS,
  onFailedPayment: environment.ON_FAILED_PAYMENT,
};

/** What lives as long as the function. */
interface Resources {
  /** With the circuit and the API key. */
  readonly fraudApi: HttpFraudApi;
  readonly outcomes: ((calls: ServiceCalls) => OutcomeTopic) | undefined;
}

/** Creates the payment processor. @throws AdapterLoadError */
export async function createHandler(): Promise<(event: SQSEvent, context: Context) => Promise<SQSBatchResponse>> {
  const outcomes = await outcomesTo(environment.OUTCOME_TOPIC_ARN);
  const fraudApi = new HttpFraudApi(
    {
      protocol: await protocolOf(environment.FRAUD_API_URL, environment.FRAUD_API_ADAPTER),
      timeoutMs: environment.FRAUD_API_TIMEOUT_MS,
      maxAttempts: environment.FRAUD_API_MAX_ATTEMPTS,
    },
    { telemetry, clock, random: Math.random, apiKey: apiKey(environment.FRAUD_API_KEY_SECRET_ARN) },
  );
  return (event, context) => processEvent(event, context, { fraudApi, outcomes });
}

/** Processes one batch of the payment queue, and answers with the messages to return to the queue. */
async function processEvent(event: SQSEvent, context: Context, resources: Resources): Promise<SQSBatchResponse> {
  const timeLeft = context.getRemainingTimeInMillis();
  const calls = new AbortTimer(timeLeft - STOP_CALLS_MS);
  telemetry.begin(context);
  try {
    const invocation = {
      requestId: context.awsRequestId,
      releaseId: environment.RELEASE_ID,
      deadline: clock.now() + timeLeft,
    };
    const messages = event.Records.map(readRecord);
    const { returned, retryDelays } = await processBatch(
      messages,
      servicesFor(calls.signal, resources),
      settings,
      invocation,
    );
    const untilLate = AbortSignal.timeout(Math.max(ANSWER_MS, context.getRemainingTimeInMillis() - ANSWER_MS));
    await hide(environment.PAYMENT_QUEUE_URL, retryDelays, telemetry, untilLate);
    return { batchItemFailures: returned.map(({ messageId }) => ({ itemIdentifier: messageId })) };
  } finally {
    calls.abort(); // a call that outlives the invocation would continue in a later one
    telemetry.flush();
  }
}

function servicesFor(signal: AbortSignal, { fraudApi, outcomes }: Resources): Services {
  const calls = new ServiceCalls(telemetry, signal);
  const table = new PaymentTable(environment.PAYMENT_TABLE_NAME, calls);
  return {
    telemetry,
    clock,
    random: Math.random,
    accountHash,
    store: new DynamoDbPaymentStore(table),
    holds: new DynamoDbHolds(table),
    deadLetters: new SqsDeadLetters(environment.PAYMENT_DLQ_URL, calls),
    fraudApi: fraudApi.during(signal),
    outcomes: outcomes?.(calls),
  };
}

/** The client of SNS is a bundle of its own, so that a function that publishes nothing starts without it. */
async function outcomesTo(topicArn: string | undefined): Promise<Resources['outcomes']> {
  if (topicArn === undefined) return undefined;
  const { SnsOutcomeTopic } = await import('../runtime/sns-outcome-topic.js');
  return (calls) => new SnsOutcomeTopic(topicArn, calls);
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
    ...senderOf(attributes),
    ...(isDeadLetterCopy(messageAttributes) && { isDeadLetterCopy: true }),
  };
}

/** SQS always has them, an event that a person writes may not. */
function senderOf({
  SenderId,
  SentTimestamp,
}: Partial<SQSRecord['attributes']>): Pick<QueueMessage, 'senderId' | 'sentAt'> {
  return {
    ...(SenderId !== undefined && { senderId: SenderId }),
    ...(SentTimestamp !== undefined && { sentAt: Number(SentTimestamp) }),
  };
}

/** An event that a person writes may lack the attributes. */
function isDeadLetterCopy(attributes: SQSRecord['messageAttributes'] | undefined): boolean {
  return attributes?.source_message_id !== undefined;
}

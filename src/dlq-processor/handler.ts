import type { Context } from 'aws-lambda';
import { createAccountHash } from '../contract';
import { readDlqProcessorEnvironment } from '../contract/environment';
import { AbortTimer } from '../runtime/abort-timer';
import { DynamoDbHolds } from '../runtime/dynamodb-holds';
import { PaymentTable } from '../runtime/payment-table';
import { ServiceCalls } from '../runtime/service-calls';
import { SnsOutcomeTopic } from '../runtime/sns-outcome-topic';
import { DlqProcessorTelemetry } from './adapters/dlq-processor-telemetry';
import { DynamoDbAlertThrottle } from './adapters/dynamodb-alert-throttle';
import { DynamoDbPayments } from './adapters/dynamodb-payments';
import { DynamoDbStatusIndex } from './adapters/dynamodb-status-index';
import { SnsAlertTopic } from './adapters/sns-alert-topic';
import { SqsDeadLetterQueue, SqsPaymentQueue } from './adapters/sqs-queues';
import { readEvent } from './core/event';
import { type Answer, operate } from './core/operate';
import { ANSWER_MS, type Services, STOP_WORK_MS } from './core/ports';

const environment = readDlqProcessorEnvironment(process.env);
const telemetry = new DlqProcessorTelemetry(environment.RELEASE_ID);
const clock = { now: () => Date.now() };
const accountHash = createAccountHash(environment.ACCOUNT_HASH_KEY);

/** The DLQ processor: does what an operator asks for, and answers with what was found, done and left. */
export async function handler(event: unknown, context: Context): Promise<Answer> {
  const timeLeft = context.getRemainingTimeInMillis();
  const calls = new AbortTimer(timeLeft - STOP_WORK_MS);
  const lastCalls = new AbortTimer(timeLeft - ANSWER_MS);
  telemetry.begin(context);
  try {
    const answer = await operate(readEvent(event), servicesFor(calls.signal, lastCalls.signal), {
      requestId: context.awsRequestId,
      releaseId: environment.RELEASE_ID,
      deadline: clock.now() + timeLeft,
    });
    telemetry.answered(answer);
    return answer;
  } catch (error) {
    telemetry.failed(error);
    throw error;
  } finally {
    // A call that outlives the invocation would continue in a later one.
    calls.abort();
    lastCalls.abort();
    telemetry.flush();
  }
}

function servicesFor(signal: AbortSignal, lastSignal: AbortSignal): Services {
  const calls = new ServiceCalls(telemetry, signal);
  const lastCalls = new ServiceCalls(telemetry, lastSignal);
  const { OUTCOME_TOPIC_ARN: arn } = environment;
  const table = new PaymentTable(environment.PAYMENT_TABLE_NAME, calls);
  return {
    telemetry,
    clock,
    accountHash,
    payments: new DynamoDbPayments(table),
    holds: new DynamoDbHolds(table),
    alertThrottle: new DynamoDbAlertThrottle(table),
    index: new DynamoDbStatusIndex(table),
    deadLetters: new SqsDeadLetterQueue(environment.PAYMENT_DLQ_URL, calls, lastCalls),
    paymentQueue: new SqsPaymentQueue(environment.PAYMENT_QUEUE_URL, calls),
    topic: new SnsAlertTopic(environment.ALERT_TOPIC_ARN, calls),
    outcomes: arn === undefined ? undefined : new SnsOutcomeTopic(arn, calls),
  };
}

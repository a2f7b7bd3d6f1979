import type { Context } from 'aws-lambda';
import { createAccountHash } from '../contract';
import { readDlqProcessorEnvironment } from '../contract/environment';
import { DynamoDbAlertMemory } from './adapters/dynamodb-alert-throttle';
import { DynamoDbHolds } from './adapters/dynamodb-holds';
import { DynamoDbPayments } from './adapters/dynamodb-payments';
import { DynamoDbStatusIndex } from './adapters/dynamodb-status-index';
import { PowertoolsTelemetry } from './adapters/powertools-telemetry';
import { SnsAlertTopic } from './adapters/sns-alert-topic';
import { SqsDeadLetterQueue, SqsPaymentQueue } from './adapters/sqs-queues';
import type { Analysis } from './core/analysis';
import { analyze } from './core/analyze';
import { discard } from './core/discard';
import { readEvent } from './core/event';
import { ANSWER_MS, type Invocation, type Services, STOP_WORK_MS } from './core/invocation';
import { redrive } from './core/redrive';
import type { BulkAnswer } from './core/bulk-operation';

const environment = readDlqProcessorEnvironment(process.env);
const telemetry = new PowertoolsTelemetry();

const services: Services = {
  telemetry,
  payments: new DynamoDbPayments(environment.PAYMENT_TABLE_NAME, telemetry),
  holds: new DynamoDbHolds(environment.PAYMENT_TABLE_NAME, telemetry),
  alertMemory: new DynamoDbAlertMemory(environment.PAYMENT_TABLE_NAME, telemetry),
  index: new DynamoDbStatusIndex(environment.PAYMENT_TABLE_NAME, telemetry),
  deadLetters: new SqsDeadLetterQueue(environment.PAYMENT_DLQ_URL, telemetry),
  paymentQueue: new SqsPaymentQueue(environment.PAYMENT_QUEUE_URL, telemetry),
  topic: new SnsAlertTopic(environment.ALERT_TOPIC_ARN, telemetry),
  clock: { now: () => Date.now() },
  accountHash: createAccountHash(environment.ACCOUNT_HASH_KEY),
};

/** The DLQ processor: an operator's request, answered with what was found, done and left. */
export async function handler(event: unknown, context: Context): Promise<Analysis | BulkAnswer> {
  const timeLeft = context.getRemainingTimeInMillis();
  const work = new AbortController();
  const lastCalls = new AbortController();
  const timers = [
    setTimeout(
      () => {
        work.abort();
      },
      Math.max(0, timeLeft - STOP_WORK_MS),
    ),
    setTimeout(
      () => {
        lastCalls.abort();
      },
      Math.max(0, timeLeft - ANSWER_MS),
    ),
  ];
  telemetry.begin(context);
  try {
    const answer = await obey(event, {
      requestId: context.awsRequestId,
      releaseId: environment.RELEASE_ID,
      deadline: services.clock.now() + timeLeft,
      signal: work.signal,
      lastCalls: lastCalls.signal,
    });
    telemetry.answered(answer);
    return answer;
  } catch (error) {
    telemetry.failed(error);
    throw error;
  } finally {
    timers.forEach(clearTimeout);
    // A call that outlives the invocation would wake in a later one, and act for nobody.
    work.abort();
    lastCalls.abort();
  }
}

function obey(event: unknown, invocation: Invocation): Promise<Analysis | BulkAnswer> {
  const request = readEvent(event);
  switch (request.action) {
    case 'analyze':
      return analyze(request, services, invocation);
    case 'redrive':
      return redrive(request, services, invocation);
    case 'discard':
      return discard(request, services, invocation);
  }
}

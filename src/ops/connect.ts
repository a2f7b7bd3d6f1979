import { setMaxListeners } from 'node:events';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SQSClient } from '@aws-sdk/client-sqs';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { PaymentProducer } from '../producer';
import { regionOf } from './aws-call';
import { functionNameOf, functionState, queueState, queueUrl } from './aws-states';
import { ageOfOldest, alarmStates, throughput } from './cloudwatch';
import { DynamoDbPayments } from './dynamodb-payments';
import { LambdaDlqProcessor } from './lambda-dlq-processor';
import type { Pipeline } from './pipeline';
import type { Services } from './services';

/** Longer than the DLQ processor may take: 120 s. */
const INVOCATION_MS = 150_000;

/** Credentials and endpoints are the AWS SDK's own settings, and so is the region, unless the outputs say it. */
export async function connect(pipeline: Pipeline): Promise<Services> {
  const requestHandler = new Connections(10_000);
  const invocations = new Connections(INVOCATION_MS);
  const region = pipeline.region !== undefined && { region: pipeline.region };
  const dynamodb = new DynamoDBClient({ ...region, requestHandler, maxAttempts: 3 });
  // Tried once: a second invocation would work beside one whose answer was lost.
  const lambda = new LambdaClient({ ...region, requestHandler: invocations, maxAttempts: 1 });
  const sqs = new SQSClient({ ...region, requestHandler, maxAttempts: 1, useQueueUrlAsEndpoint: false });
  const cloudwatch = new CloudWatchClient({ ...region, requestHandler, maxAttempts: 3 });
  const place = { region: await regionOf(dynamodb), foundBy: pipeline.foundBy };
  return {
    payments: new DynamoDbPayments(dynamodb, pipeline.paymentTable, place),
    dlqProcessor: new LambdaDlqProcessor(lambda, pipeline.dlqProcessor, place),
    producer: async () => new PaymentProducer(sqs, await queueUrl(sqs, pipeline.paymentQueue, pipeline, place)),
    queues: () =>
      Promise.all(
        [pipeline.paymentQueue, pipeline.deadLetterQueue].map(async (name) => {
          const [state, oldest_seconds] = await Promise.all([queueState(sqs, name, pipeline, place), ageOfOldest(cloudwatch, name, place)]);
          return { ...state, ...(oldest_seconds !== undefined && { oldest_seconds }) };
        }),
      ),
    alarms: () => alarmStates(cloudwatch, pipeline, place),
    throughput: (metrics) => throughput(cloudwatch, metrics, place),
    functions: () => Promise.all([pipeline.paymentProcessor, functionNameOf(pipeline.dlqProcessor)].map((name) => functionState(lambda, name, place))),
    close: () => {
      requestHandler.destroy();
      invocations.destroy();
    },
  };
}

/** When they are closed, what is under way ends with them; the SDK would connect anew, and try again. */
class Connections extends NodeHttpHandler {
  private readonly closed = new AbortController();

  constructor(requestTimeout: number) {
    super({ connectionTimeout: 3_000, requestTimeout, throwOnRequestTimeout: true });
    setMaxListeners(0, this.closed.signal); // one for each call that is under way
  }

  override handle(...[request, options]: Parameters<NodeHttpHandler['handle']>): ReturnType<NodeHttpHandler['handle']> {
    const { signal } = this.closed;
    const own = options?.abortSignal as AbortSignal | undefined;
    return super.handle(request, { ...options, abortSignal: own === undefined ? signal : AbortSignal.any([own, signal]) });
  }

  override destroy(): void {
    this.closed.abort();
    super.destroy();
  }
}

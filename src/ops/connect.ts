import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SQSClient } from '@aws-sdk/client-sqs';
import { PaymentProducer } from '../producer';
import { regionOf } from './aws-call';
import { accountHashOf, functionNameOf, functionState, queueState, queueUrl } from './aws-states';
import { ageOfOldest, alarmStates, throughput } from './cloudwatch';
import { Connections } from './connections';
import { credentialsBy } from './credentials';
import { DynamoDbPayments } from './dynamodb-payments';
import { LambdaDlqProcessor } from './lambda-dlq-processor';
import type { Pipeline } from './pipeline';
import type { Services } from './services';

/** Longer than the timeout of the DLQ processor, which is 120 s. */
const INVOCATION_MS = 150_000;

/** Emulators check no signature. */
const NO_CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local' };

/**
 * Connects to the pipeline's services. Credentials, endpoints, proxy and, without outputs, the region are the settings of the AWS SDK. A local
 * pipeline has its own, and nothing else is called.
 */
export async function connect(pipeline: Pipeline): Promise<Services> {
  const { region, endpoint } = pipeline;
  const requestHandler = new Connections(10_000, endpoint !== undefined);
  const invocations = new Connections(INVOCATION_MS, endpoint !== undefined);
  const shared = {
    ...(region !== undefined && { region }),
    ...(endpoint === undefined
      ? { credentials: credentialsBy(requestHandler) }
      : { endpoint, credentials: NO_CREDENTIALS, useFipsEndpoint: false, useDualstackEndpoint: false }),
  };
  const dynamodb = new DynamoDBClient({ ...shared, requestHandler, maxAttempts: 3 });
  // Called once: a second invocation would run at the same time as one whose answer was lost.
  const lambda = new LambdaClient({ ...shared, requestHandler: invocations, maxAttempts: 1 });
  const sqs = new SQSClient({ ...shared, requestHandler, maxAttempts: 1, useQueueUrlAsEndpoint: false });
  const cloudwatch = new CloudWatchClient({ ...shared, requestHandler, maxAttempts: 3 });
  const place = { region: pipeline.place ?? (await regionOf(dynamodb)), foundBy: pipeline.foundBy };
  return {
    payments: new DynamoDbPayments(dynamodb, pipeline.paymentTable, place),
    dlqProcessor: new LambdaDlqProcessor(lambda, pipeline.dlqProcessor, place),
    producer: async () => new PaymentProducer(sqs, await queueUrl(sqs, pipeline.paymentQueue, pipeline, place)),
    queues: () =>
      Promise.all(
        [pipeline.paymentQueue, pipeline.deadLetterQueue].map(async (name) => {
          const [state, oldest_seconds] = await Promise.all([
            queueState(sqs, name, pipeline, place),
            ageOfOldest(cloudwatch, name, place),
          ]);
          return { ...state, ...(oldest_seconds !== undefined && { oldest_seconds }) };
        }),
      ),
    accountHash: () => accountHashOf(lambda, functionNameOf(pipeline.dlqProcessor), place),
    alarms: () => alarmStates(cloudwatch, pipeline, place),
    throughput: (metrics) => throughput(cloudwatch, metrics, place),
    functions: () =>
      Promise.all(
        [pipeline.paymentProcessor, functionNameOf(pipeline.dlqProcessor)].map((name) =>
          functionState(lambda, name, place),
        ),
      ),
    close: () => {
      requestHandler.destroy();
      invocations.destroy();
    },
  };
}

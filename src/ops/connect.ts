import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SQSClient } from '@aws-sdk/client-sqs';
import { arn } from '../contract/arn';
import { PaymentProducer } from '../producer';
import { awsCall, type Place, regionOf } from './aws-call';
import { accountHashOf, functionNameOf, functionState, queueState, queueUrl } from './aws-states';
import { ageOfOldest, alarmStates, throughput } from './cloudwatch';
import { type ClientConfig, clientConfig } from './client-config';
import { Connections } from './connections';
import { DynamoDbPayments } from './dynamodb-payments';
import { LambdaDlqProcessor } from './lambda-dlq-processor';
import type { Pipeline } from './pipeline';
import type { PaymentLog, Services } from './services';

/** Who acts on a local pipeline. */
const LOCAL_OPERATOR = arn({
  partition: 'aws',
  service: 'iam',
  accountId: '000000000000',
  resource: 'user/local-operator',
});

/** Longer than the timeout of the DLQ processor, which is 120 s. */
const INVOCATION_MS = 150_000;

/**
 * Connects to the pipeline's services. Credentials, endpoints, proxy and, without outputs, the region are the settings of the AWS SDK. A local
 * pipeline has its own, and nothing else is called.
 */
export async function connect(pipeline: Pipeline): Promise<Services> {
  const isLocal = pipeline.endpoint !== undefined;
  const requestHandler = new Connections(10_000, isLocal);
  const invocations = new Connections(INVOCATION_MS, isLocal);
  const config = clientConfig(pipeline, requestHandler);
  const dynamodb = new DynamoDBClient({ ...config, maxAttempts: 3 });
  // Called once: a second invocation would run at the same time as one whose answer was lost.
  const lambda = new LambdaClient({ ...config, requestHandler: invocations, maxAttempts: 1 });
  const sqs = new SQSClient({ ...config, maxAttempts: 1, useQueueUrlAsEndpoint: false });
  const cloudwatch = new CloudWatchClient({ ...config, maxAttempts: 3 });
  const place = { region: pipeline.place ?? (await regionOf(dynamodb)), foundBy: pipeline.foundBy };
  return {
    payments: new DynamoDbPayments(dynamodb, pipeline.paymentTable, place),
    dlqProcessor: new LambdaDlqProcessor(lambda, pipeline.dlqProcessor, place),
    caller: () => (isLocal ? Promise.resolve(LOCAL_OPERATOR) : callerOf(config, place)),
    paymentLog: paymentLogOf(config, pipeline, place),
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
    deployment: () => {
      // The clients of the other services are loaded for the one command that uses them.
      // eslint-disable-next-line @typescript-eslint/no-require-imports
      const { openDeployment } = require('./verify/deployment') as typeof import('./verify/deployment');
      return openDeployment(pipeline, place, config);
    },
    close: () => {
      requestHandler.destroy();
      invocations.destroy();
    },
  };
}

/** Its client is loaded for the one command that uses it. */
function paymentLogOf(config: ClientConfig, { paymentProcessor, dlqProcessor }: Pipeline, place: Place): PaymentLog {
  let log: PaymentLog | undefined;
  const open = () => {
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    const { CloudWatchPaymentLog } = require('./payment-log') as typeof import('./payment-log');
    return (log ??= new CloudWatchPaymentLog(config, [paymentProcessor, functionNameOf(dlqProcessor)], place));
  };
  return { keptFrom: () => open().keptFrom(), hashes: (from, to) => open().hashes(from, to) };
}

/** "No permissions are required": https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html */
async function callerOf(config: ClientConfig, place: Place): Promise<string> {
  // The client is loaded for the commands that change something.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const client = require('@aws-sdk/client-sts') as typeof import('@aws-sdk/client-sts');
  const sts = new client.STSClient({ ...config, maxAttempts: 3 });
  const { Arn } = await awsCall(place, 'security token service (STS)', () =>
    sts.send(new client.GetCallerIdentityCommand()),
  );
  return Arn!;
}

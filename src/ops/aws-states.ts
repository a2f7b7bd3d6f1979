import { GetFunctionConfigurationCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { GetQueueAttributesCommand, GetQueueUrlCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { AwsCallError, awsCall, type Place } from './aws-call';
import { createAccountHash } from '../contract';
import type { Pipeline } from './pipeline';
import type { FunctionState, KnownHash, QueueState, UnknownHash } from './services';

export async function queueUrl(
  client: SQSClient,
  QueueName: string,
  { account }: Pipeline,
  place: Place,
): Promise<string> {
  const command = new GetQueueUrlCommand({ QueueName, QueueOwnerAWSAccountId: account });
  const { QueueUrl = '' } = await awsCall(place, `queue ${QueueName}`, () => client.send(command));
  return QueueUrl;
}

export async function queueState(
  client: SQSClient,
  name: string,
  pipeline: Pipeline,
  place: Place,
): Promise<QueueState> {
  const QueueUrl = await queueUrl(client, name, pipeline, place);
  const { Attributes } = await awsCall(place, `queue ${name}`, () =>
    client.send(
      new GetQueueAttributesCommand({
        QueueUrl,
        AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
      }),
    ),
  );
  return {
    name,
    visible: Number(Attributes?.ApproximateNumberOfMessages),
    in_flight: Number(Attributes?.ApproximateNumberOfMessagesNotVisible),
  };
}

/** Reads the state of a function. Of its environment only the release and the metrics' namespace are returned. */
export async function functionState(client: LambdaClient, name: string, place: Place): Promise<FunctionState> {
  const { State, LastUpdateStatus, LastModified, Environment } = await awsCall(place, `function ${name}`, () =>
    client.send(new GetFunctionConfigurationCommand({ FunctionName: name })),
  );
  const {
    RELEASE_ID: release_id,
    POWERTOOLS_METRICS_NAMESPACE: namespace,
    POWERTOOLS_SERVICE_NAME: service,
  } = Environment?.Variables ?? {};
  return {
    name,
    state: State ?? 'unknown',
    last_update: LastUpdateStatus ?? 'unknown',
    last_modified: LastModified ?? 'unknown',
    ...(release_id !== undefined && { release_id }),
    ...(namespace !== undefined && service !== undefined && { metrics: { namespace, service } }),
  };
}

/** Hashes accounts by the key in the function's environment, which is never returned. */
export async function accountHashOf(
  client: LambdaClient,
  name: string,
  place: Place,
): Promise<KnownHash | UnknownHash> {
  try {
    const { Environment } = await awsCall(place, `function ${name}`, () =>
      client.send(new GetFunctionConfigurationCommand({ FunctionName: name })),
    );
    const key = Environment?.Variables?.ACCOUNT_HASH_KEY;
    return key === undefined
      ? { unknown: `The function ${name} has no ACCOUNT_HASH_KEY: deploy it again.` }
      : { of: createAccountHash(key) };
  } catch (error) {
    if (error instanceof AwsCallError) return { unknown: error.message };
    throw error;
  }
}

/** The function's name, from its ARN or from the name itself. */
export function functionNameOf(nameOrArn: string): string {
  return nameOrArn.slice(nameOrArn.lastIndexOf(':') + 1);
}

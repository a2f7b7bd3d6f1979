import { ConditionalCheckFailedException, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { AWS_CLIENT_CONFIG, errorCode } from '../../runtime/aws-call';
import { type Telemetry, type Service, ServiceError } from '../core/ports';

/** One client, and so one set of connections, for all that asks the table. */
export const documents = DynamoDBDocumentClient.from(new DynamoDBClient(AWS_CLIENT_CONFIG));

export interface Update {
  readonly tableName: string;
  readonly key: string;
  /** Attributes are written `#name`. */
  readonly expression: string;
  readonly condition?: string;
  readonly values: Readonly<Record<`:${string}`, unknown>>;
}

/** @returns false when the condition did not hold */
export async function updateIf(
  { tableName, key, expression, condition, values }: Update,
  abortSignal: AbortSignal,
): Promise<boolean> {
  const names = `${expression} ${condition ?? ''}`.match(/#\w+/g) ?? [];
  const command = new UpdateCommand({
    TableName: tableName,
    Key: { transaction_id: key },
    UpdateExpression: expression,
    ConditionExpression: condition,
    ExpressionAttributeNames: Object.fromEntries(names.map((name) => [name, name.slice(1)])),
    ExpressionAttributeValues: values,
  });
  try {
    await documents.send(command, { abortSignal });
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}

/** Runs a call in a segment of the trace named after the service. @throws ServiceError with the error's name, not its text */
export async function serviceCall<T>(
  telemetry: Telemetry,
  service: Service,
  operation: string,
  send: () => Promise<T>,
): Promise<T> {
  try {
    return await telemetry.trace(service, send);
  } catch (error) {
    throw new ServiceError(service, operation, errorCode(error));
  }
}

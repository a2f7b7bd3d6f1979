import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { regionOf } from './aws-call';
import { DynamoDbPayments } from './dynamodb-payments';
import type { Pipeline } from './pipeline';
import type { Services } from './services';

/** Credentials and endpoints are the AWS SDK's own settings, and so is the region, unless the outputs say it. */
export async function connect(pipeline: Pipeline): Promise<Services> {
  const requestHandler = new NodeHttpHandler({ connectionTimeout: 3_000, requestTimeout: 10_000, throwOnRequestTimeout: true });
  const config = { requestHandler, maxAttempts: 3, ...(pipeline.region !== undefined && { region: pipeline.region }) };
  const dynamodb = new DynamoDBClient(config);
  const place = { region: await regionOf(dynamodb), foundBy: pipeline.foundBy };
  return {
    payments: new DynamoDbPayments(dynamodb, pipeline.paymentTable, place),
    close: () => { requestHandler.destroy(); },
  };
}

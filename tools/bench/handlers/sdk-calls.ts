import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { callsOver } from './payment-calls';

const documents = DynamoDBDocumentClient.from(new DynamoDBClient({}));

export const handler = callsOver({
  put: (input) => documents.send(new PutCommand(input)),
  update: (input) => documents.send(new UpdateCommand(input)),
});

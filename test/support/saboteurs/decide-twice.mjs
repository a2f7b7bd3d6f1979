import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { handler as real } from '../../../assets/payment-processor/index.mjs';

const table = DynamoDBDocumentClient.from(new DynamoDBClient());

/** Declines one payment after it was decided. */
export async function handler(event, context) {
  const response = await real(event, context);
  const target = event.Records.map(({ body }) => JSON.parse(body).transaction_id).find((id) => id === 'demo-1-3');
  if (target !== undefined) {
    const again = { status: 'DECLINED', at: new Date().toISOString(), attempt: 1, request_id: 'x', release_id: 'x' };
    await table.send(
      new UpdateCommand({
        TableName: process.env.PAYMENT_TABLE_NAME,
        Key: { transaction_id: target },
        UpdateExpression: 'SET payment_status = :declined, history = list_append(history, :again)',
        ExpressionAttributeValues: { ':declined': 'DECLINED', ':again': [again] },
      }),
    );
  }
  return response;
}

import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import http from 'node:http';

/**
 * The floor: the calls that a payment needs, of the same sizes, and nothing else. No signature, no schema, no error is handled;
 * the messages of a batch go at the same time.
 */

const agent = new http.Agent({ keepAlive: true });
const TABLE = process.env.AWS_ENDPOINT_URL!;
const FRAUD_API = process.env.FRAUD_API_URL!;

function post(url: string, headers: Record<string, string>, body: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = http.request(url, { method: 'POST', agent, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        resolve(Buffer.concat(chunks).toString());
      });
    });
    request.on('error', reject);
    request.end(body);
  });
}

const write = (operation: string, body: object) =>
  post(
    TABLE,
    { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `DynamoDB_20120810.${operation}` },
    JSON.stringify(body),
  );

export async function handler({ Records }: SQSEvent): Promise<SQSBatchResponse> {
  await Promise.all(
    Records.map(async ({ body }) => {
      await write('PutItem', { Item: { body: { S: body } } });
      const answer = await post(FRAUD_API, { 'content-type': 'application/json' }, body);
      await write('UpdateItem', { Key: { id: { S: body.slice(0, 40) } }, Values: { fraud: { S: answer } } });
    }),
  );
  return { batchItemFailures: [] };
}

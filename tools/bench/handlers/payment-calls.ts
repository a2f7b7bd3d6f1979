import type { PutCommandInput, UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import http from 'node:http';

/** How a handler reaches the payment table. */
export interface Table {
  put(input: PutCommandInput): Promise<unknown>;
  update(input: UpdateCommandInput): Promise<unknown>;
}

const TableName = process.env.PAYMENT_TABLE_NAME;
const FRAUD_API = process.env.FRAUD_API_URL!;
const agent = new http.Agent({ keepAlive: true });

/**
 * A floor: the calls that a payment needs, as the payment processor makes them, and nothing else. No schema, no error is handled, nothing is
 * logged; the messages of a batch go at the same time.
 */
export function callsOver(table: Table): (event: SQSEvent) => Promise<SQSBatchResponse> {
  const decide = async (body: string): Promise<void> => {
    const payment = JSON.parse(body) as { readonly transaction_id: string };
    await table.put(claimOf(payment));
    const answer = await post(FRAUD_API, { 'content-type': 'application/json' }, body);
    await table.update(decisionOf(payment.transaction_id, JSON.parse(answer)));
  };
  return async ({ Records }) => {
    await Promise.all(Records.map(({ body }) => decide(body)));
    return { batchItemFailures: [] };
  };
}

/** Sends a request over a connection that is kept. @returns the answer's body */
export function post(url: string, headers: Record<string, string>, body: string): Promise<string> {
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

const HASH = '0123456789abcdef'.repeat(4);
const PROCESSING = {
  status: 'PROCESSING',
  at: '2026-01-02T03:04:05.678Z',
  attempt: 1,
  request_id: '00000000-0000-0000-0000-000000000000',
  release_id: 'bench',
  hash: HASH,
};
const APPROVED = { ...PROCESSING, status: 'APPROVED' };

function claimOf(payment: object): PutCommandInput {
  return {
    TableName,
    Item: {
      ...payment,
      payment_status: 'PROCESSING',
      fingerprint: HASH,
      sequence_number: '18849496460467696128',
      sender_id: 'bench',
      sent_at: PROCESSING.at,
      attempts: 1,
      release_id: 'bench',
      history: [PROCESSING],
    },
    ConditionExpression: 'attribute_not_exists(transaction_id)',
  };
}

function decisionOf(transaction_id: string, fraud: unknown): UpdateCommandInput {
  const fields = ['payment_status', 'timestamp', 'attempts', 'release_id', 'fraud'];
  return {
    TableName,
    Key: { transaction_id },
    UpdateExpression: `SET ${fields.map((name) => `#${name} = :${name}`).join(', ')}, #history = list_append(#history, :entries) REMOVE #parked_behind`,
    ConditionExpression: '#payment_status = :processing AND #attempts = :attempts',
    ExpressionAttributeNames: Object.fromEntries(
      [...fields, 'history', 'parked_behind'].map((name) => [`#${name}`, name]),
    ),
    ExpressionAttributeValues: {
      ':payment_status': 'APPROVED',
      ':timestamp': APPROVED.at,
      ':attempts': 1,
      ':release_id': 'bench',
      ':fraud': fraud,
      ':entries': [APPROVED],
      ':processing': 'PROCESSING',
    },
  };
}

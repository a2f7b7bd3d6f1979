import { processPartialResponse, SqsFifoPartialProcessorAsync } from '@aws-lambda-powertools/batch';
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import * as v from 'valibot';

/**
 * A plain handler of the same task, as the documentation of Powertools for AWS Lambda writes one: its FIFO batch processor, a schema,
 * metrics and a log line a payment. It lacks what keeps payments safe: retries, a circuit, a take-over, quarantine, the rule of card
 * numbers, traces.
 */

const identifier = v.pipe(v.string(), v.regex(/^[A-Za-z0-9._-]{1,64}$/));
const paymentSchema = v.strictObject({
  schema_version: v.literal(1),
  transaction_id: identifier,
  account_id: identifier,
  amount: v.pipe(v.number(), v.integer(), v.minValue(1)),
  currency: v.pipe(v.string(), v.length(3)),
  beneficiary_id: identifier,
  requested_at: v.pipe(v.string(), v.isoTimestamp()),
  reference: v.optional(v.string()),
  metadata: v.optional(v.record(v.string(), v.string())),
});
const answerSchema = v.object({
  decision: v.picklist(['approve', 'decline', 'review']),
  score: v.number(),
  reasons: v.array(v.string()),
});

const logger = new Logger();
const metrics = new Metrics();
const documents = DynamoDBDocumentClient.from(new DynamoDBClient({}));
const processor = new SqsFifoPartialProcessorAsync();
const TableName = process.env.PAYMENT_TABLE_NAME;

async function processPayment({ body }: SQSRecord): Promise<void> {
  const payment = v.parse(paymentSchema, JSON.parse(body));
  await documents.send(
    new PutCommand({
      TableName,
      Item: { ...payment, payment_status: 'PROCESSING', timestamp: new Date().toISOString() },
      ConditionExpression: 'attribute_not_exists(transaction_id)',
    }),
  );
  const began = Date.now();
  const response = await fetch(process.env.FRAUD_API_URL!, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': payment.transaction_id },
    body: JSON.stringify(payment),
    signal: AbortSignal.timeout(2_000),
  });
  const fraud = v.parse(answerSchema, await response.json());
  metrics.addMetric('FraudCheckLatency', MetricUnit.Milliseconds, Date.now() - began);
  const status = { approve: 'APPROVED', decline: 'DECLINED', review: 'REVIEW' }[fraud.decision];
  await documents.send(
    new UpdateCommand({
      TableName,
      Key: { transaction_id: payment.transaction_id },
      UpdateExpression: 'SET payment_status = :status, #timestamp = :at, fraud = :fraud',
      ConditionExpression: 'payment_status = :processing',
      ExpressionAttributeNames: { '#timestamp': 'timestamp' },
      ExpressionAttributeValues: {
        ':status': status,
        ':at': new Date().toISOString(),
        ':fraud': fraud,
        ':processing': 'PROCESSING',
      },
    }),
  );
  metrics.addMetric('PaymentsProcessed', MetricUnit.Count, 1);
  metrics.addMetric(`Payments${status}`, MetricUnit.Count, 1);
  logger.info('Payment decided', { transaction_id: payment.transaction_id, status });
}

export async function handler(event: SQSEvent, context: Context): Promise<SQSBatchResponse> {
  logger.addContext(context);
  try {
    return await processPartialResponse(event, processPayment, processor, { context });
  } finally {
    metrics.publishStoredMetrics();
  }
}

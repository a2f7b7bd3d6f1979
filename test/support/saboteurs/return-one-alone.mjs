import { ChangeMessageVisibilityCommand, SQSClient } from '@aws-sdk/client-sqs';
import { handler as real } from '../../../assets/payment-processor/index.mjs';

const queues = new SQSClient({ useQueueUrlAsEndpoint: false });

/** Returns one payment to the queue, without the later ones of its account, which it goes on to decide. */
export async function handler(event, context) {
  const isReturned = ({ body, attributes }) => JSON.parse(body).transaction_id === 'demo-1-3' && attributes.ApproximateReceiveCount === '1';
  const returned = event.Records.filter(isReturned);
  const { batchItemFailures } = await real({ Records: event.Records.filter((record) => !isReturned(record)) }, context);
  for (const { receiptHandle: ReceiptHandle } of returned) {
    await queues.send(new ChangeMessageVisibilityCommand({ QueueUrl: process.env.PAYMENT_QUEUE_URL, ReceiptHandle, VisibilityTimeout: 1 }));
  }
  return { batchItemFailures: [...batchItemFailures, ...returned.map(({ messageId }) => ({ itemIdentifier: messageId }))] };
}

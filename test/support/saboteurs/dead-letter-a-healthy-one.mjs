import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { handler as real } from '../../../assets/payment-processor/index.mjs';

const queues = new SQSClient({ useQueueUrlAsEndpoint: false });

/** Puts a payment that is decided into the dead-letter queue too. */
export async function handler(event, context) {
  for (const { body, messageId } of event.Records) {
    const { transaction_id, account_id } = JSON.parse(body);
    if (transaction_id !== 'demo-1-3') continue;
    await queues.send(
      new SendMessageCommand({
        QueueUrl: process.env.PAYMENT_DLQ_URL,
        MessageBody: body,
        MessageGroupId: account_id,
        MessageDeduplicationId: messageId,
      }),
    );
  }
  return real(event, context);
}

import type { SQSEvent, SQSRecord } from 'aws-lambda';
import type { QueueMessage } from '../../src/processor/core/ports';
import { aMessage } from '../kit/payments/payments';

let payments = 0;

/** Events of a payment for each account. No payment is in two of them. */
export function paymentEvents(batches: number, accounts = 10): SQSEvent[] {
  return Array.from({ length: batches }, () => ({
    Records: Array.from({ length: accounts }, (_, account) =>
      asRecord(aMessage({ account_id: `account-${account}`, transaction_id: `tx-${++payments}` })),
    ),
  }));
}

/** The message as Lambda delivers it. */
export function asRecord(message: QueueMessage): SQSRecord {
  const { messageId, receiptHandle, body, groupId, receiveCount, sequenceNumber } = message;
  return {
    messageId,
    receiptHandle,
    body,
    attributes: {
      ApproximateReceiveCount: String(receiveCount),
      SentTimestamp: '0',
      SenderId: 'bench',
      ApproximateFirstReceiveTimestamp: '0',
      MessageGroupId: groupId,
      SequenceNumber: sequenceNumber,
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:ap-southeast-1:123456789012:payment-processing.fifo',
    awsRegion: 'ap-southeast-1',
  };
}

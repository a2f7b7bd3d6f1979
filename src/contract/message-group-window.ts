/**
 * SQS looks for available message groups in the first 120,000 messages of a FIFO queue: while they are of one account, no other
 * account's payments are received.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/avoid-backlog-with-the-same-message-group-id.html
 */
export const MESSAGE_GROUP_WINDOW = 120_000;

/** Payments: half the window. What got there slowly leaves as much time again before other accounts are affected. */
export const DEEP_BACKLOG = MESSAGE_GROUP_WINDOW / 2;

/**
 * Messages of a FIFO queue that can be in flight, a quota that AWS Support can raise. At the quota SQS returns no error, and may deliver
 * nothing: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-fifo.html
 */
export const IN_FLIGHT_LIMIT = 120_000;

import { randomUUID } from 'node:crypto';
import type { BuildAppOptions } from 'fauxqs' with { 'resolution-mode': 'import' };
import { MESSAGE_GROUP_WINDOW } from '../../../src/contract';
import { DEDUPLICATION_INTERVAL_MS } from '../fifo-queue';

/** The stores of a fauxqs server. The package exports these types through its options only. */
export type Stores = NonNullable<BuildAppOptions['stores']>;
export type QueueStore = Stores['sqsStore'];
export type Queue = ReturnType<QueueStore['createQueue']>;
export type Message = Parameters<Queue['enqueue']>[0];
type Received = ReturnType<Queue['dequeue']>[number];

/**
 * Makes the store's FIFO queues deliver as AWS documents it. fauxqs 1.9 delivers one message of a group per receive,
 * returns messages of a group in reverse order, looks for groups in all messages, ends every long poll with any message, and
 * ignores `DeduplicationScope`.
 * @param groupWindow messages in which a queue looks for groups; fewer than AWS's for a test
 * @param meterOf measures the queue, if it is measured
 */
export function deliverAsDocumented(
  store: QueueStore,
  groupWindow = MESSAGE_GROUP_WINDOW,
  meterOf: (queue: Queue) => { countDeliveries(): void } | undefined = () => undefined,
): QueueStore {
  const createQueue = store.createQueue.bind(store);
  store.createQueue = (...definition) => {
    const queue = createQueue(...definition);
    if (queue.isFifo()) {
      const meter = meterOf(queue); // first, so that it counts no duplicate
      deduplicate(queue);
      deliverGroups(queue, groupWindow);
      wakeOnePoll(queue);
      meter?.countDeliveries();
    }
    return queue;
  };
  return store;
}

/** What is kept of a message, in case it is sent again. */
type Sent = Pick<Required<Message>, 'messageId' | 'sequenceNumber' | 'sentTimestamp'>;

/**
 * `DeduplicationScope` "specifies whether message deduplication occurs at the message group or queue level": SQS API
 * Reference, SetQueueAttributes. Only `enqueue` knows the message's group.
 */
function deduplicate(queue: Queue): void {
  const sent = new Map<string, Sent>();
  const enqueue = queue.enqueue.bind(queue);
  queue.checkDeduplication = () => ({ isDuplicate: false });
  queue.enqueue = (message) => {
    // A redrive policy moves a message that has been received: no client sent it to this queue.
    if (message.approximateReceiveCount > 0) {
      enqueue(message);
      return;
    }
    for (const [key, { sentTimestamp }] of sent) {
      if (message.sentTimestamp - sentTimestamp < DEDUPLICATION_INTERVAL_MS) break; // the rest is younger
      sent.delete(key);
    }
    const { messageGroupId, messageDeduplicationId = '', messageId, sequenceNumber = '', sentTimestamp } = message;
    const key =
      queue.attributes.DeduplicationScope === 'messageGroup'
        ? `${messageGroupId} ${messageDeduplicationId}`
        : messageDeduplicationId;
    const original = sent.get(key);
    if (original === undefined) {
      sent.set(key, { messageId, sequenceNumber, sentTimestamp });
      enqueue(message);
    } else {
      // The answer to the sender names the original.
      message.messageId = original.messageId;
      message.sequenceNumber = original.sequenceNumber;
    }
  };
}

/**
 * "SQS first attempts to return as many messages with the same message group ID as possible", then takes of other
 * groups; "no more messages for the same message group ID are returned unless you delete the message or it becomes
 * visible": SQS Developer Guide, "FIFO queue delivery logic in Amazon SQS". "FIFO queues scan the first 120,000 messages to
 * determine available message groups": "Avoid large message backlogs with the same message group ID in Amazon SQS".
 */
function deliverGroups(queue: Queue, groupWindow: number): void {
  const positions = new WeakMap<Message, number>();
  let lastPosition = 0;
  const enqueue = queue.enqueue.bind(queue);
  queue.enqueue = (message) => {
    positions.set(message, ++lastPosition);
    enqueue(message);
  };

  queue.dequeue = (maxCount, visibilityTimeout, queueOf) => {
    queue.processTimers();
    const received: Received[] = [];
    const lastSeen = lastPositionIn(groupWindow);
    for (const [groupId, messages] of queue.fifoMessages) {
      if (received.length === maxCount) break;
      if (queue.fifoLockedGroups.has(groupId)) continue;
      messages.sort((a, b) => positions.get(a)! - positions.get(b)!); // returned ones are anywhere
      if (messages.length > 0 && positions.get(messages[0]!)! > lastSeen) continue;
      while (messages.length > 0 && received.length < maxCount) {
        const message = messages.shift()!;
        const deadLetterQueue = deadLetterQueueFor(message, queue, queueOf);
        if (deadLetterQueue === undefined) received.push(receive(message, queue, visibilityTimeout));
        else deadLetterQueue.enqueue(message);
      }
      if (messages.length === 0) queue.fifoMessages.delete(groupId);
    }
    return received;
  };

  /** Messages in flight count: they are in the queue until they are deleted. */
  function lastPositionIn(window: number): number {
    const waiting = [...queue.fifoMessages.values()];
    if (waiting.reduce((sum, { length }) => sum + length, queue.inflightMessages.size) <= window) return Infinity;
    const all = [...waiting.flat(), ...[...queue.inflightMessages.values()].map(({ message }) => message)];
    return Float64Array.from(all, (message) => positions.get(message)!).sort()[window - 1]!;
  }

  // "The receipt handle has expired" with the visibility timeout: https://repost.aws/knowledge-center/sqs-receipt-handle-error
  const deleteMessage = queue.deleteMessage.bind(queue);
  queue.deleteMessage = (receiptHandle) => {
    queue.processTimers();
    return deleteMessage(receiptHandle);
  };
}

/** What fauxqs keeps to itself. */
interface Polls {
  readonly pollWaiters: { readonly timer: NodeJS.Timeout; readonly resolve: () => void }[];
  hasAvailableFifoMessages(): boolean;
  notifyWaiters(): void;
}

/**
 * A long poll ends with messages or when its time is over: "the ReceiveMessage request waits until a message is available", SQS
 * Developer Guide, "Amazon SQS short and long polling". So the next one ends only when the one before it has left messages.
 */
function wakeOnePoll(queue: Queue): void {
  const polls = queue as unknown as Polls;
  let isOneAwake = false;
  polls.notifyWaiters = () => {
    if (isOneAwake || !polls.hasAvailableFifoMessages()) return;
    const poll = polls.pollWaiters.shift();
    if (poll === undefined) return;
    clearTimeout(poll.timer);
    isOneAwake = true;
    poll.resolve();
  };
  const dequeue = queue.dequeue.bind(queue);
  queue.dequeue = (...request) => {
    isOneAwake = true;
    const received = dequeue(...request);
    isOneAwake = false;
    if (received.length > 0) polls.notifyWaiters();
    return received;
  };
}

/** "When the ReceiveCount for a message exceeds the maxReceiveCount": SQS Developer Guide, "Using dead-letter queues in Amazon SQS". */
function deadLetterQueueFor(
  message: Message,
  queue: Queue,
  queueOf: Parameters<Queue['dequeue']>[2],
): Queue | undefined {
  if (queue.attributes.RedrivePolicy === undefined) return undefined;
  const policy = JSON.parse(queue.attributes.RedrivePolicy) as {
    maxReceiveCount: number | string;
    deadLetterTargetArn: string;
  };
  return message.approximateReceiveCount < Number(policy.maxReceiveCount)
    ? undefined
    : queueOf?.(policy.deadLetterTargetArn);
}

function receive(
  message: Message,
  queue: Queue,
  visibilityTimeout = Number(queue.attributes.VisibilityTimeout),
): Received {
  const { messageId, body, md5OfBody, messageAttributes, md5OfMessageAttributes, messageGroupId } = message;
  const receiptHandle = randomUUID();
  const now = Date.now();
  message.approximateReceiveCount++;
  message.approximateFirstReceiveTimestamp ??= now;
  queue.inflightMessages.set(receiptHandle, {
    message,
    receiptHandle,
    visibilityDeadline: now + visibilityTimeout * 1_000,
  });
  queue.fifoLockedGroups.set(messageGroupId!, (queue.fifoLockedGroups.get(messageGroupId!) ?? 0) + 1);
  return {
    MessageId: messageId,
    ReceiptHandle: receiptHandle,
    Body: body,
    MD5OfBody: md5OfBody,
    ...(md5OfMessageAttributes && {
      MessageAttributes: messageAttributes,
      MD5OfMessageAttributes: md5OfMessageAttributes,
    }),
  };
}

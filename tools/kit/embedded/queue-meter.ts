import type { EmbeddedCloudWatch } from '../cloudwatch/embedded-cloudwatch';
import type { Message, Queue } from './fifo-queue';

/** A message with the machine's time at which it came into the queue that it is in. A map of these would be slow for deep queues. */
type Arrived = Message & { arrivedAt: number };

/**
 * Measures a FIFO queue as AWS/SQS does. All queues are active, so that each has data:
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
 */
export class QueueMeter {
  /** Wraps the queue's own functions, below the rules of delivery. */
  constructor(
    private readonly queue: Queue,
    private readonly cloudWatch: EmbeddedCloudWatch,
  ) {
    const enqueue = queue.enqueue.bind(queue);
    queue.enqueue = (message) => {
      (message as Arrived).arrivedAt = cloudWatch.clock.machineTime();
      // One that SQS moves to its dead-letter queue was received before, and "isn't captured by" this metric.
      if (message.approximateReceiveCount === 0) this.put('NumberOfMessagesSent', 1);
      enqueue(message);
    };
    const deleteMessage = queue.deleteMessage.bind(queue);
    queue.deleteMessage = (receiptHandle) => {
      const isDeleted = deleteMessage(receiptHandle);
      if (isDeleted) this.put('NumberOfMessagesDeleted', 1);
      return isDeleted;
    };
    cloudWatch.addSource(() => {
      this.sample();
    });
  }

  /** Wraps the rules of delivery. */
  countDeliveries(): void {
    const dequeue = this.queue.dequeue.bind(this.queue);
    this.queue.dequeue = (...request) => {
      const received = dequeue(...request);
      if (received.length > 0) this.put('NumberOfMessagesReceived', received.length);
      return received;
    };
  }

  /** Makes the messages in the queue older than they are, as if time had passed for them alone. */
  age(byMs: number): void {
    this.eachMessage((message) => {
      message.arrivedAt -= byMs;
    });
  }

  private sample(): void {
    const { fifoMessages, inflightMessages, fifoLockedGroups } = this.queue;
    this.queue.processTimers(); // else a message whose visibility timeout is over counts as in flight until the next receive
    this.put(
      'ApproximateNumberOfMessagesVisible',
      [...fifoMessages.values()].reduce((sum, { length }) => sum + length, 0),
    );
    this.put('ApproximateNumberOfGroupsWithInflightMessages', fifoLockedGroups.size);
    // "Reported if in-flight messages exist", and the age "if the queue contains at least one active message".
    if (inflightMessages.size > 0) this.put('ApproximateNumberOfMessagesNotVisible', inflightMessages.size);
    let oldest = Infinity;
    this.eachMessage(({ arrivedAt }) => {
      if (arrivedAt < oldest) oldest = arrivedAt;
    });
    const { clock } = this.cloudWatch;
    if (oldest < Infinity)
      this.put('ApproximateAgeOfOldestMessage', Math.floor((clock.now() - clock.at(oldest)) / 1_000));
  }

  private eachMessage(visit: (message: Arrived) => void): void {
    const { fifoMessages, inflightMessages } = this.queue;
    for (const messages of fifoMessages.values()) for (const message of messages) visit(message as Arrived);
    for (const { message } of inflightMessages.values()) visit(message as Arrived);
  }

  private put(metricName: string, value: number): void {
    this.cloudWatch.put({ namespace: 'AWS/SQS', metricName, dimensions: { QueueName: this.queue.name } }, value);
  }
}

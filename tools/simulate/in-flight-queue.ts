import type { QueueMessage } from '../../src/processor/core/ports';
import type { VirtualTime } from '../kit/virtual-time';

interface Message {
  /** Its place in the queue. */
  readonly number: number;
  readonly messageId: string;
  receives: number;
}

/**
 * A FIFO queue of hundreds of thousands of messages, each of an account of its own, so that none waits for another. It delivers the oldest
 * visible messages first, and none while it has its limit of messages in flight. "If this limit is reached, Amazon SQS does not return an
 * error, but processing may be impacted":
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/avoid-backlog-with-the-same-message-group-id.html
 */
export class InFlightQueue {
  mostInFlight = 0;
  private readonly waiting: Message[] = [];
  /** Index of the first of `waiting` that was not received yet. */
  private next = 0;
  /** Messages that were received before and are visible, the latest first. */
  private readonly visible: Message[] = [];
  private readonly inFlight = new Map<string, Message>();
  /** Hidden messages by the second in which they become visible. */
  private readonly returns = new Map<number, Message[]>();
  private returnsUntil: number;

  constructor(
    private readonly time: Pick<VirtualTime, 'now'>,
    private readonly limit: number,
  ) {
    this.returnsUntil = this.second();
  }

  get isEmpty(): boolean {
    return this.length === 0;
  }

  /** Messages in the queue, those in flight included. */
  get length(): number {
    return this.unreceived + this.visible.length + this.inFlight.size;
  }

  /** Messages that were never received. */
  get unreceived(): number {
    return this.waiting.length - this.next;
  }

  /** When the next hidden message becomes visible (ms since the epoch). */
  get nextReturn(): number {
    return this.returns.size === 0 ? Infinity : Math.min(...this.returns.keys()) * 1_000;
  }

  send(messageId: string): void {
    this.waiting.push({ number: this.waiting.length, messageId, receives: 0 });
  }

  receive(most: number): QueueMessage[] {
    this.letReturn();
    const batch: QueueMessage[] = [];
    while (batch.length < most && this.inFlight.size < this.limit) {
      const message = this.visible.pop() ?? this.waiting[this.next++];
      if (message === undefined) {
        this.next--;
        break;
      }
      this.inFlight.set(message.messageId, message);
      batch.push(delivered(message));
    }
    this.mostInFlight = Math.max(this.mostInFlight, this.inFlight.size);
    return batch;
  }

  hide(messageId: string, seconds: number): void {
    const until = this.second() + seconds;
    const returning = this.returns.get(until) ?? [];
    this.returns.set(until, returning);
    returning.push(this.inFlight.get(messageId)!);
  }

  delete(messageId: string): void {
    this.inFlight.delete(messageId);
  }

  private letReturn(): void {
    const now = Math.floor(this.time.now() / 1_000);
    let isNew = false;
    for (; this.returnsUntil <= now; this.returnsUntil++) {
      for (const message of this.returns.get(this.returnsUntil) ?? []) {
        this.inFlight.delete(message.messageId);
        this.visible.push(message);
        isNew = true;
      }
      this.returns.delete(this.returnsUntil);
    }
    if (isNew) this.visible.sort((one, other) => other.number - one.number);
  }

  private second(): number {
    return Math.ceil(this.time.now() / 1_000);
  }
}

function delivered(message: Message): QueueMessage {
  const { messageId, number } = message;
  return {
    messageId,
    receiptHandle: messageId,
    body: '',
    groupId: messageId,
    receiveCount: ++message.receives,
    sequenceNumber: String(number).padStart(20, '0'),
  };
}

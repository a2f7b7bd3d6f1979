import type { QueueMessage } from '../../../src/processor/core/ports';
import type { Delivery } from './processor';

interface Entry {
  readonly message: QueueMessage;
  receives: number;
  /** Milliseconds since the epoch. */
  visibleAt: number;
  readonly receivedAt: number[];
}

/** So many messages come in one batch at most. */
const BATCH_SIZE = 10;

/**
 * SQS as far as waits matter: order and lock of a group, receive counts, visibility, and its own redrive of what was
 * received too often. Time is given from outside.
 */
export class FifoQueue {
  /** Message ids that SQS itself moved to the dead-letter queue. */
  readonly redriven: string[] = [];
  private readonly entries: Entry[];
  private readonly all: readonly Entry[];

  /** @param messages in the order of their sending; each has been received once less than it says */
  constructor(
    messages: readonly QueueMessage[],
    private readonly maxReceiveCount: number,
    /** Seconds. */
    private readonly visibilityTimeout = 360,
  ) {
    this.all = messages.map((message) => ({
      message,
      receives: message.receiveCount - 1,
      visibleAt: 0,
      receivedAt: [],
    }));
    this.entries = [...this.all];
  }

  get isEmpty(): boolean {
    return this.entries.length === 0;
  }

  /** When the next message can be received. */
  get nextAt(): number {
    return Math.min(...this.groups().map((group) => Math.max(...group.map(({ visibleAt }) => visibleAt))));
  }

  receive(now: number): QueueMessage[] {
    const batch: QueueMessage[] = [];
    for (const group of this.groups()) {
      if (group.some(({ visibleAt }) => visibleAt > now)) continue;
      for (const entry of group) {
        if (batch.length === BATCH_SIZE) break;
        if (entry.receives >= this.maxReceiveCount) {
          this.redriven.push(entry.message.messageId);
          this.remove(entry);
          continue;
        }
        entry.receivedAt.push(now);
        entry.receives++;
        entry.visibleAt = now + this.visibilityTimeout * 1_000;
        batch.push({ ...entry.message, receiveCount: entry.receives });
      }
    }
    return batch;
  }

  /** Applies the answer as the event source does, after the function has set the retry delays. */
  settle(batch: readonly QueueMessage[], { returned, waits }: Delivery, now: number): void {
    for (const { messageId } of batch) {
      const entry = this.entries.find(({ message }) => message.messageId === messageId)!;
      if (!returned.includes(messageId)) this.remove(entry);
      else if (waits[messageId] !== undefined) entry.visibleAt = now + waits[messageId] * 1_000;
    }
  }

  /** Receives that a message had left at a time. */
  receivesLeft(messageId: string, at: number): number {
    const { message, receivedAt } = this.all.find((entry) => entry.message.messageId === messageId)!;
    return this.maxReceiveCount - (message.receiveCount - 1) - receivedAt.filter((received) => received <= at).length;
  }

  private groups(): Entry[][] {
    const ids = [...new Set(this.entries.map(({ message }) => message.groupId))];
    return ids.map((id) => this.entries.filter(({ message }) => message.groupId === id));
  }

  private remove(entry: Entry): void {
    this.entries.splice(this.entries.indexOf(entry), 1);
  }
}

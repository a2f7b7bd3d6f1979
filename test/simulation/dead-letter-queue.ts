import type { FailureCode } from '../../src/contract';
import { DEDUPLICATION_INTERVAL_MS } from './fifo-queue';
import type { VirtualTime } from './virtual-time';

export interface DeadLetter {
  readonly groupId: string;
  readonly body: string;
  /** Of the message in the payment queue. */
  readonly sourceMessageId: string;
  /** None, if SQS itself moved the message here. */
  readonly failureCode?: FailureCode;
}

/** The dead-letter queue, as far as the processor and SQS's own redrive use it: nothing is received from it here. */
export class DeadLetterQueue {
  readonly letters: DeadLetter[] = [];
  private readonly sent = new Map<string, number>();

  constructor(private readonly time: VirtualTime) {}

  /** Accepted, and not delivered, when the same was sent within five minutes. */
  send(letter: DeadLetter, deduplicationId: string): void {
    const key = `${letter.groupId} ${deduplicationId}`;
    const sentAt = this.sent.get(key) ?? -Infinity;
    if (this.time.now() - sentAt < DEDUPLICATION_INTERVAL_MS) return;
    this.sent.set(key, this.time.now());
    this.letters.push(letter);
  }

  /** A message that was received too often keeps its id. */
  redrive(letter: DeadLetter): void {
    this.letters.push(letter);
  }

  has(sourceMessageId: string): boolean {
    return this.letters.some((letter) => letter.sourceMessageId === sourceMessageId);
  }
}

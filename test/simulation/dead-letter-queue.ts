import type { FailureCode } from '../../src/contract';
import { DEDUPLICATION_INTERVAL_MS } from './fifo-queue';
import type { VirtualTime } from './virtual-time';

export interface DeadLetter {
  /** Of the message in this queue. */
  readonly messageId: string;
  readonly groupId: string;
  readonly body: string;
  /** Of the message in the payment queue. */
  readonly sourceMessageId: string;
  /** None, if the payment is parked, or SQS itself moved the message here. */
  readonly failureCode?: FailureCode;
  /** Transaction id of the payment that it waits for. */
  readonly parkedBehind?: string;
}

/** The dead-letter queue, as far as the processor, SQS's own redrive and an operator use it, who sees all of it. */
export class DeadLetterQueue {
  readonly letters: DeadLetter[] = [];
  private readonly sent = new Map<string, number>();
  private numbers = 0;

  constructor(private readonly time: VirtualTime) {}

  /** Accepted, and not delivered, when the same was sent within five minutes. */
  send(letter: Omit<DeadLetter, 'messageId'>, deduplicationId: string): void {
    const key = `${letter.groupId} ${deduplicationId}`;
    const sentAt = this.sent.get(key) ?? -Infinity;
    if (this.time.now() - sentAt < DEDUPLICATION_INTERVAL_MS) return;
    this.sent.set(key, this.time.now());
    this.letters.push({ ...letter, messageId: `d${++this.numbers}` });
  }

  /** A message that was received too often keeps its id. */
  redrive(letter: Omit<DeadLetter, 'messageId'>): void {
    this.letters.push({ ...letter, messageId: letter.sourceMessageId });
  }

  delete(letter: DeadLetter): void {
    const index = this.letters.indexOf(letter);
    if (index >= 0) this.letters.splice(index, 1); // another redrive may have been quicker
  }

  has(sourceMessageId: string): boolean {
    return this.letters.some((letter) => letter.sourceMessageId === sourceMessageId);
  }
}

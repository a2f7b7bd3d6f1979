import type { SeededRandom } from '../kit/random';
import { type FailureCode, FAILURES } from '../../src/contract';
import { FifoQueue, type Queued } from '../kit/fifo-queue';
import { SETTINGS } from './settings';
import type { VirtualTime } from '../kit/virtual-time';

/** Why a message is in the dead-letter queue. */
export interface Origin {
  /** Id of the message in the payment queue. */
  readonly sourceMessageId: string;
  /** None, if the payment is parked, or SQS itself moved the message here. */
  readonly failureCode?: FailureCode;
  /** Transaction id of the payment that it waits for. */
  readonly parkedBehind?: string;
}

/** A message of the dead-letter queue, with its attributes. */
export interface DeadLetter extends Origin, Queued {}

/** Whether the code is of a payment that has failed, so that its record has it, not of a message without a record of its own. */
export function isOfRecord(code: FailureCode): boolean {
  return FAILURES[code].appearsIn.includes('payment record');
}

/** How a letter left the queue without the DLQ processor. */
export type Loss = 'expired' | 'purged' | 'deleted by hand';

/** The dead-letter queue, which keeps a message for its retention time only. */
export class DeadLetterQueue {
  readonly queue: FifoQueue;
  private readonly origins = new Map<string, Origin>();

  constructor(
    time: VirtualTime,
    random: SeededRandom,
    {
      deadLetterRetentionMs: retentionMs = SETTINGS.deadLetterRetentionMs,
      groupWindow,
    }: { readonly deadLetterRetentionMs?: number | undefined; readonly groupWindow?: number | undefined },
    private readonly onLost: (letter: DeadLetter, how: Loss) => void,
  ) {
    const { deadLetterVisibilityMs: visibilityTimeoutMs, batchSize } = SETTINGS;
    const settings = {
      visibilityTimeoutMs,
      batchSize,
      maxReceiveCount: Infinity,
      idPrefix: 'd',
      retentionMs,
      ...(groupWindow !== undefined && { groupWindow }),
    };
    this.queue = new FifoQueue(
      time,
      random,
      settings,
      () => undefined,
      (message) => {
        this.onLost(this.letterOf(message), 'expired');
      },
    );
  }

  /** All letters in the queue's order, hidden or not. */
  get letters(): readonly DeadLetter[] {
    this.queue.expire();
    return this.queue.messages.map((message) => this.letterOf(message));
  }

  /** Accepted, and not delivered, when the same was sent within five minutes. */
  send({ groupId, body, ...origin }: Pick<Queued, 'groupId' | 'body'> & Origin, deduplicationId: string): void {
    const { messageId, isNew } = this.queue.send(groupId, body, deduplicationId);
    if (isNew) this.origins.set(messageId, origin);
  }

  /** A message that was received too often keeps its id. */
  redrive({ messageId, groupId, body }: Queued): void {
    this.queue.add(groupId, body, messageId);
    this.origins.set(messageId, { sourceMessageId: messageId });
  }

  receive(): DeadLetter[] {
    return this.queue.receive().map((message) => this.letterOf(message));
  }

  /** Removes a letter as a person does. @returns the letter, unless it is gone already */
  take(messageId: string, how?: Loss): DeadLetter | undefined {
    const message = this.queue.remove(messageId);
    if (message === undefined) return undefined;
    const letter = this.letterOf(message);
    if (how !== undefined) this.onLost(letter, how);
    return letter;
  }

  has(sourceMessageId: string): boolean {
    return this.letters.some((letter) => letter.sourceMessageId === sourceMessageId);
  }

  /** Returns the origin of a letter, also after it has left the queue. */
  originOf(messageId: string): Origin {
    return this.origins.get(messageId)!;
  }

  private letterOf(message: Queued): DeadLetter {
    return { ...message, ...this.originOf(message.messageId) };
  }
}

import type { SeededRandom } from './random';
import type { VirtualTime } from './virtual-time';

/** A message in the queue. */
export interface Queued {
  readonly messageId: string;
  readonly groupId: string;
  readonly body: string;
  readonly sequenceNumber: string;
  /** Milliseconds since the epoch. */
  readonly sentAt: number;
  receives: number;
  /** Handle of the receive that hides the message. */
  receiptHandle?: string | undefined;
  receivedAt: number;
  /** Milliseconds since the epoch. */
  hiddenUntil: number;
}

export interface QueueSettings {
  readonly visibilityTimeoutMs: number;
  readonly maxReceiveCount: number;
  /** Messages that one receive returns at most. */
  readonly batchSize: number;
  /** Age at which the queue drops a message. @default Infinity */
  readonly retentionMs?: number;
  /** How many of the queue's oldest messages a receive searches for groups. @default Infinity */
  readonly groupWindow?: number;
  /** @default 'm' */
  readonly idPrefix?: string;
}

/** "The deduplication interval is 5 minutes": SQS Developer Guide, "Exactly-once processing in Amazon SQS". */
export const DEDUPLICATION_INTERVAL_MS = 300_000;
/** A character that SQS "rejects" with InvalidMessageContents: SQS API Reference, SendMessage and SendMessageBatch. */
export const NOT_CARRIED = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;
/** "12 hours from when the message is received": API Reference, ChangeMessageVisibility. */
const LONGEST_HIDDEN_MS = 43_200_000;

/** A number as long as SQS's own, which has more digits than a double holds. */
const FIRST_SEQUENCE_NUMBER = 18_849_496_460_467_696_128n;

/** Short names of bodies, so that a queue's state is compared quickly. */
const BODIES = new Map<string, number>();

function numberOf(body: string): number {
  const number = BODIES.get(body) ?? BODIES.size;
  BODIES.set(body, number);
  return number;
}

/**
 * A FIFO queue with deduplication and throughput per message group, as AWS describes it; what its words leave open
 * (which groups make up a batch, and how many of them) is left to chance.
 */
export class FifoQueue {
  readonly messages: Queued[] = [];
  private readonly sent = new Map<string, { readonly at: number; readonly messageId: string }>();
  private numbers = 0;

  constructor(
    private readonly time: Pick<VirtualTime, 'now'>,
    private readonly random: SeededRandom,
    private readonly settings: QueueSettings,
    /** Takes the messages that were received too often. */
    private readonly onRedrive: (message: Queued) => void,
    private readonly onExpired: (message: Queued) => void = () => undefined,
  ) {}

  /**
   * With a deduplication id of the last five minutes, the message is accepted, and nothing is delivered. "Message
   * deduplication occurs within a message group": SQS API Reference, SetQueueAttributes, DeduplicationScope.
   */
  send(
    groupId: string,
    body: string,
    deduplicationId: string,
  ): { readonly messageId: string; readonly isNew: boolean } {
    const key = `${groupId} ${deduplicationId}`;
    const known = this.sent.get(key);
    if (known !== undefined && this.time.now() - known.at < DEDUPLICATION_INTERVAL_MS)
      return { messageId: known.messageId, isNew: false };
    const messageId = this.add(groupId, body);
    this.sent.set(key, { at: this.time.now(), messageId });
    return { messageId, isNew: true };
  }

  /** Adds a message as SQS's own moves do, which no deduplication id goes with. @param messageId its own, if it keeps one */
  add(groupId: string, body: string, messageId?: string): string {
    const number = ++this.numbers;
    const id = messageId ?? `${this.settings.idPrefix ?? 'm'}${number}`;
    const sequenceNumber = String(FIRST_SEQUENCE_NUMBER + BigInt(number));
    this.messages.push({
      messageId: id,
      groupId,
      body,
      sequenceNumber,
      sentAt: this.time.now(),
      receives: 0,
      receivedAt: 0,
      hiddenUntil: 0,
    });
    return id;
  }

  /** Drops the messages whose retention is over, wherever they are: "SQS Developer Guide", "Message retention period". */
  expire(): void {
    const { retentionMs = Infinity } = this.settings;
    const isOver = ({ sentAt }: Queued) => this.time.now() - sentAt >= retentionMs;
    while (this.messages[0] !== undefined && isOver(this.messages[0])) this.onExpired(this.messages.shift()!);
  }

  /** Takes a message out, hidden or not: a purge, or a person with the console. */
  remove(messageId: string): Queued | undefined {
    const index = this.messages.findIndex((one) => one.messageId === messageId);
    return index < 0 ? undefined : this.messages.splice(index, 1)[0];
  }

  /**
   * "No more messages for the same message group ID are returned unless you delete the message or it becomes visible",
   * and "SQS first attempts to return as many messages with the same message group ID as possible": SQS Developer
   * Guide, "FIFO queue delivery logic". "When the ReceiveCount for a message exceeds the maxReceiveCount", the message
   * goes to the dead-letter queue instead: "Using dead-letter queues in Amazon SQS". "FIFO queues scan the first 120,000
   * messages to determine available message groups": "Avoid large message backlogs with the same message group ID",
   * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/avoid-backlog-with-the-same-message-group-id.html
   */
  receive(): Queued[] {
    this.expire();
    const groups = this.shuffled(this.freeGroups());
    const batch: Queued[] = [];
    for (const group of groups.slice(0, this.random.between(1, Math.max(1, groups.length)))) {
      for (const message of this.messages.filter(({ groupId }) => groupId === group)) {
        if (batch.length === this.settings.batchSize) return batch;
        if (message.receives >= this.settings.maxReceiveCount) this.redrive(message);
        else batch.push(this.hand(message));
      }
    }
    return batch;
  }

  /**
   * "If the visibility timeout for the message has expired", a FIFO queue refuses the receipt handle: API Reference,
   * DeleteMessage and "Visibility timeout".
   * @returns whether it is deleted
   */
  delete({ messageId, receiptHandle }: Pick<Queued, 'messageId' | 'receiptHandle'>): boolean {
    const message = this.held(messageId, receiptHandle);
    if (message !== undefined) this.messages.splice(this.messages.indexOf(message), 1);
    return message !== undefined;
  }

  /** Hides the message from now on. A stale receipt handle changes nothing. */
  changeVisibility({ messageId, receiptHandle }: Pick<Queued, 'messageId' | 'receiptHandle'>, seconds: number): void {
    const message = this.held(messageId, receiptHandle);
    if (message !== undefined && this.isWithinLimits(message, seconds))
      message.hiddenUntil = this.time.now() + seconds * 1_000;
  }

  /** False when SQS would refuse the number of seconds. */
  wouldHide({ messageId, receiptHandle }: Pick<Queued, 'messageId' | 'receiptHandle'>, seconds: number): boolean {
    const message = this.held(messageId, receiptHandle);
    return message === undefined || this.isWithinLimits(message, seconds);
  }

  /** When the next hidden message is visible again; undefined when none is hidden. */
  get nextReturn(): number | undefined {
    const hidden = this.messages.filter((message) => this.isHidden(message)).map(({ hiddenUntil }) => hiddenUntil);
    return hidden.length === 0 ? undefined : Math.min(...hidden);
  }

  /** The same queue in a world of its own, with its messages and what it remembers of those that were sent. */
  copy(time: Pick<VirtualTime, 'now'>, onRedrive: (message: Queued) => void): FifoQueue {
    const copy = new FifoQueue(time, this.random, this.settings, onRedrive);
    copy.messages.push(...this.messages.map((message) => ({ ...message })));
    for (const [key, sending] of this.sent) copy.sent.set(key, sending);
    copy.numbers = this.numbers;
    return copy;
  }

  /** All that the queue's behaviour depends on, with times counted from now: queues of one state behave alike. */
  get state(): string {
    const now = this.time.now();
    const messages = this.messages.map(({ messageId, body, receives, receivedAt, hiddenUntil }) => {
      const content = numberOf(body);
      return hiddenUntil > now
        ? [messageId, content, receives, receivedAt - now, hiddenUntil - now]
        : [messageId, content, receives];
    });
    const sent = [...this.sent]
      .filter(([, { at }]) => now - at < DEDUPLICATION_INTERVAL_MS)
      .map(([key, { at, messageId }]) => [key, at - now, messageId]);
    return JSON.stringify([messages, sent, this.numbers]);
  }

  /** Groups of which a receive can return messages. */
  freeGroups(): string[] {
    const locked = new Set(this.messages.filter((message) => this.isHidden(message)).map(({ groupId }) => groupId));
    return [...new Set(this.messages.slice(0, this.settings.groupWindow).map(({ groupId }) => groupId))].filter(
      (group) => !locked.has(group),
    );
  }

  private hand(message: Queued): Queued {
    message.receives++;
    message.receivedAt = this.time.now();
    message.hiddenUntil = this.time.now() + this.settings.visibilityTimeoutMs;
    message.receiptHandle = `${message.messageId}/${message.receives}`;
    return { ...message };
  }

  private redrive(message: Queued): void {
    this.messages.splice(this.messages.indexOf(message), 1);
    this.onRedrive(message);
  }

  private held(messageId: string, receiptHandle: string | undefined): Queued | undefined {
    return this.messages.find(
      (one) => one.messageId === messageId && one.receiptHandle === receiptHandle && this.isHidden(one),
    );
  }

  private isWithinLimits({ receivedAt }: Queued, seconds: number): boolean {
    return (
      Number.isInteger(seconds) && seconds >= 0 && this.time.now() + seconds * 1_000 - receivedAt <= LONGEST_HIDDEN_MS
    );
  }

  private isHidden({ hiddenUntil }: Queued): boolean {
    return hiddenUntil > this.time.now();
  }

  private shuffled(groups: string[]): string[] {
    return groups
      .map((group) => ({ group, place: this.random.next() }))
      .sort((a, b) => a.place - b.place)
      .map(({ group }) => group);
  }
}

import { SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Message } from './message';
import { answerOf, callFailed, NOT_STARTED, type SendAttempt } from './send-attempt';

/** "You can use SendMessageBatch to send up to 10 messages": SQS API Reference. */
const BATCH_ENTRIES = 10;
/** Bytes that a call may carry; SQS's older limit, which every endpoint takes. The largest payment has an eighth of it. */
const BATCH_BYTES = 262_144;
/** Calls at the same time. */
const CALLS = 4;
/** Milliseconds after which a call is ended, the SDK's own retries included. */
const CALL_TIMEOUT_MS = 10_000;

/** A message that waits for its place in a call. */
export interface Sending {
  readonly message: Message;
  /** Called when the message's call begins. If it returns false, the message is not sent. */
  readonly begin: () => boolean;
}

interface Waiting extends Sending {
  readonly resolve: (attempt: SendAttempt) => void;
}

/** Groups the messages of all senders into batch calls, and returns to each the outcome of its call. Makes each call once. */
export class BatchSender {
  private readonly waiting: Waiting[] = [];
  private calls = 0;
  private gathering = false;

  constructor(
    private readonly client: SQSClient,
    private readonly queueUrl: string,
  ) {}

  /** Messages that wait at the same time must belong to different groups: their order in the queue is not certain. */
  send(sending: Sending): Promise<SendAttempt> {
    return new Promise((resolve) => {
      this.waiting.push({ ...sending, resolve });
      this.startCalls();
    });
  }

  /** Defers the calls, so that messages queued at the same time share one, such as the successors of a batch. */
  private startCalls(): void {
    if (this.gathering) return;
    this.gathering = true;
    setImmediate(() => {
      this.gathering = false;
      while (this.calls < CALLS && this.waiting.length > 0) void this.call(this.takeBatch());
    });
  }

  private takeBatch(): Waiting[] {
    const batch: Waiting[] = [];
    let bytes = 0;
    for (let next = this.waiting[0]; next !== undefined && batch.length < BATCH_ENTRIES; next = this.waiting[0]) {
      const size = Buffer.byteLength(next.message.body);
      if (batch.length > 0 && bytes + size > BATCH_BYTES) break;
      this.waiting.shift();
      if (!next.begin()) {
        next.resolve(NOT_STARTED);
        continue;
      }
      batch.push(next);
      bytes += size;
    }
    return batch;
  }

  private async call(batch: readonly Waiting[]): Promise<void> {
    if (batch.length === 0) return;
    this.calls++;
    const attempts = await this.sendOnce(batch.map(({ message }) => message));
    this.calls--;
    batch.forEach(({ resolve }, index) => {
      resolve(attempts[index]!);
    });
    this.startCalls();
  }

  private async sendOnce(messages: readonly Message[]): Promise<SendAttempt[]> {
    const Entries = messages.map((message, index) => ({
      Id: String(index),
      MessageBody: message.body,
      MessageGroupId: message.accountId,
      MessageDeduplicationId: message.deduplicationId,
    }));
    // Not AbortSignal.timeout: a client that combines it with a signal of its own may lose it (nodejs/node#57736).
    const tooLate = new AbortController();
    const timer = setTimeout(() => {
      tooLate.abort();
    }, CALL_TIMEOUT_MS);
    try {
      const command = new SendMessageBatchCommand({ QueueUrl: this.queueUrl, Entries });
      const answer = await this.client.send(command, { abortSignal: tooLate.signal });
      return Entries.map(({ Id }) => answerOf(Id, answer));
    } catch (error) {
      return messages.map(() => callFailed(error));
    } finally {
      clearTimeout(timer);
    }
  }
}

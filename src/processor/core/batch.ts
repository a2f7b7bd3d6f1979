import pLimit from 'p-limit';
import { METRICS } from '../../contract';
import { type Invocation, type Service, ServiceError } from '../../runtime/ports';
import type { Outcome, Returned } from './payment-delivery';
import { PaymentProcessor } from './payment-processor';
import { CHECK_MS, type QueueMessage, RESERVE_MS, type Services, type Settings } from './ports';
import { retryDelaySeconds } from './retry-delay';

export interface BatchResult {
  /** Messages to report as batch item failures. */
  readonly returned: readonly QueueMessage[];
  /** How long SQS is to hide them. Messages that another invocation owns have none. */
  readonly retryDelays: readonly RetryDelay[];
}

export interface RetryDelay {
  readonly message: QueueMessage;
  readonly seconds: number;
}

interface ReturnedGroup {
  /** The group's messages in their order; never empty. */
  readonly messages: readonly QueueMessage[];
  readonly cause: Returned;
}

/**
 * Code units. A payment with every field at its limit has fewer, unless it is written with needless escapes or white space: then it may
 * have to wait for another receive.
 */
const LONG_BODY = 16_384;

/** The share of an invocation's time that long bodies may take before the other messages go first. */
const LONG_BODIES_SHARE = 1 / 4;

/** What operators search the log for. */
const ERROR_CODES: Readonly<Partial<Record<Service, string>>> = {
  'payment table': 'StoreError',
  'dead-letter queue': 'DeadLetterError',
  'outcome topic': 'OutcomeError',
};

const OUT_OF_TIME: Returned = { kind: 'returned', errorCode: 'OUT_OF_TIME' };

/**
 * Processes a batch: accounts at the same time, the payments of one account one after the other. The first payment of an account that
 * returns to the queue takes the rest of the account with it, unprocessed, so that their order holds. It never throws because of
 * single messages: Lambda would keep every account of the batch waiting.
 *
 * While the circuit to the fraud API is open, a batch first waits until the API may be tested. Else an outage would spend receives as
 * fast as SQS delivers, and fill the queue's limit of messages in flight.
 */
export async function processBatch(
  messages: readonly QueueMessage[],
  services: Services,
  settings: Settings,
  invocation: Invocation,
): Promise<BatchResult> {
  return new Batch(services, settings, invocation).run(byGroup(messages));
}

class Batch {
  private readonly processor: PaymentProcessor;
  /** Messages of accounts that have not started, when there are more accounts than `groupConcurrency`. */
  private waiting = 0;
  /** Milliseconds that are left for reading and masking long bodies, while every other account of the batch waits. */
  private timeForLongBodies: number;
  private circuitWait: Promise<void> | undefined;

  constructor(
    private readonly services: Services,
    private readonly settings: Settings,
    private readonly invocation: Invocation,
  ) {
    this.processor = new PaymentProcessor(services, settings, invocation);
    this.timeForLongBodies = (invocation.deadline - RESERVE_MS - services.clock.now()) * LONG_BODIES_SHARE;
  }

  async run(groups: readonly (readonly QueueMessage[])[]): Promise<BatchResult> {
    const { groupConcurrency } = this.settings;
    this.waiting = groups.slice(groupConcurrency).flat().length;
    const limit = pLimit(groupConcurrency);
    const results = await Promise.all(
      groups.map((group, index) =>
        limit(() => {
          if (index >= groupConcurrency) this.waiting -= group.length;
          return this.runGroup(group);
        }),
      ),
    );
    const returned = results.filter((group) => group !== undefined);
    return {
      returned: returned.flatMap(({ messages }) => messages),
      retryDelays: returned.flatMap((group) => this.retryDelaysOf(group)),
    };
  }

  private async runGroup(group: readonly QueueMessage[]): Promise<ReturnedGroup | undefined> {
    for (const [index, message] of group.entries()) {
      const rest = group.slice(index);
      const outcome = await this.runMessage(message, rest.length);
      if (outcome.kind === 'returned') return this.returnToQueue(rest, outcome);
    }
    return undefined;
  }

  private async runMessage(message: QueueMessage, messagesToDo: number): Promise<Outcome> {
    // A last receive makes its calls in any case, and leaves nothing in flight.
    if (message.receiveCount < this.settings.maxReceiveCount) await this.waitForCircuit();
    const now = this.services.clock.now();
    const timeLeft = this.invocation.deadline - RESERVE_MS - now;
    const isLong = message.body.length > LONG_BODY;
    if (timeLeft <= 0 || (isLong && this.timeForLongBodies <= 0)) return OUT_OF_TIME;
    // An equal share for each message that still waits for this account's turn, so that none is left unstarted.
    const turnsToCome = messagesToDo + this.waiting / this.settings.groupConcurrency;
    try {
      const outcome = this.services.telemetry.trace('payment', () =>
        this.processor.process(message, now + timeLeft / turnsToCome),
      );
      // No other code ran until its first call.
      if (isLong) this.timeForLongBodies -= this.services.clock.now() - now;
      return await outcome;
    } catch (error) {
      return this.failure(error, message);
    }
  }

  /** Once per invocation: if the test then fails, the rest of the batch returns at once. */
  private waitForCircuit(): Promise<void> {
    this.circuitWait ??= this.services.fraudApi.waitForCircuit(this.invocation.deadline - RESERVE_MS - CHECK_MS);
    return this.circuitWait;
  }

  /** After any error the message returns to the queue: an unknown error is never a success. */
  private failure(error: unknown, message: QueueMessage): Returned {
    const errorCode =
      error instanceof ServiceError
        ? `${ERROR_CODES[error.service] ?? error.service}.${error.code}`
        : `Unexpected.${error instanceof Error ? error.name : typeof error}`;
    this.services.telemetry.error('Message not processed', { message_id: message.messageId, error_code: errorCode });
    return { kind: 'returned', errorCode };
  }

  private returnToQueue(messages: readonly QueueMessage[], cause: Returned): ReturnedGroup {
    this.services.telemetry.count(METRICS.retried, messages.length);
    this.services.telemetry.warn('Payments returned to the queue', {
      message_id: messages[0]!.messageId,
      messages: messages.length,
      receive_count: messages[0]!.receiveCount,
      error_code: cause.errorCode,
      cause: cause.cause,
    });
    return { messages, cause };
  }

  /** One retry delay for the whole group, the longest: SQS locks the group while any of its messages is hidden. */
  private retryDelaysOf({ messages, cause }: ReturnedGroup): RetryDelay[] {
    if (cause.ownedElsewhere) return [];
    const seconds = Math.max(...messages.map(({ receiveCount }) => this.retryDelaySeconds(receiveCount, cause)));
    return messages.map((message) => ({ message, seconds }));
  }

  private retryDelaySeconds(receiveCount: number, { fraudCheckFailedAt, retryAfterSeconds }: Returned): number {
    const { maxReceiveCount, retryDelays } = this.settings;
    const circuitOpen = this.services.fraudApi.isCircuitOpen();
    const apiIsWell = fraudCheckFailedAt !== undefined && this.processor.lastAnswerAt > fraudCheckFailedAt;
    const returned = { receiveCount, maxReceiveCount, circuitOpen, apiIsWell, retryAfterSeconds };
    return retryDelaySeconds(returned, retryDelays, this.services.random);
  }
}

function byGroup(messages: readonly QueueMessage[]): QueueMessage[][] {
  const groups = new Map<string, QueueMessage[]>();
  for (const message of messages) {
    const group = groups.get(message.groupId);
    if (group) group.push(message);
    else groups.set(message.groupId, [message]);
  }
  return [...groups.values()];
}

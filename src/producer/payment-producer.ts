import { Readable } from 'node:stream';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { InvalidPaymentError, type PaymentMessage } from '../contract';
import { BatchSender } from './batch-sender';
import { type Delivery, deliver, type Without } from './delivery';
import { type Message, toMessage } from './message';
import { fifoQueueUrl } from './queue-url';
import type { Blocked, OverLimit, SendResult } from './send-result';
import { type Payments, readUntilAborted } from './source';

/**
 * Lets each account have one payment under way. A batch may fail for single entries, and one that is sent again would
 * stand behind its successor: so the next is sent when the former has its result.
 */
export class AccountOrder {
  /** The last turn of each account that has one. */
  private readonly turns = new Map<string, Promise<unknown>>();

  /** Does the work when all work that was asked for before on this account is done. */
  inTurn<T>(accountId: string, work: () => Promise<T>): Promise<T> {
    const turn = (this.turns.get(accountId) ?? Promise.resolve()).then(work).finally(() => {
      if (this.turns.get(accountId) === turn) this.turns.delete(accountId);
    });
    this.turns.set(accountId, turn);
    return turn;
  }
}

export type { SendResult } from './send-result';

/** Payments that may be read from the source and have no result yet that was taken; what bounds the memory. */
const WINDOW = 1_000;

export interface SendOptions {
  /**
   * Ends the reading and what waits; a call under way is let finish, for 10 s at most. Results end early then: what
   * has none was not sent.
   */
  readonly signal?: AbortSignal | undefined;
  /** Told of each result at once, so not in the payments' order. */
  readonly onResult?: ((result: SendResult) => void) | undefined;
  /**
   * The most payments of one account that this run puts into the queue; further ones are refused with `ACCOUNT_LIMIT`. SQS
   * serves no other account while its first 120,000 messages are of one. The producer doesn't know what has been decided, so
   * the limit is for runs that end, such as files. A whole number of at least 1. @default none
   */
  readonly maxPaymentsPerAccount?: number | undefined;
}

/** One call of send or stream. */
interface Run {
  readonly isStopped: () => boolean;
  /** Accounts with a payment that was given up, and its transaction id. */
  readonly givenUp: Map<string, string>;
  /** Infinity without a limit. */
  readonly maxPaymentsPerAccount: number;
  /** Payments of each account that were accepted; counted with a limit only. */
  readonly accepted: Map<string, number>;
}

/**
 * Enqueues payments in their accounts' order, up to ten in a call, four calls at a time. What is transient (throttling,
 * timeouts, lost answers) is tried up to eight times within two minutes, with growing random waits, under one
 * deduplication id, by which SQS ignores a repeat of what it has. When a payment is given up, the later ones of its
 * account are refused, and nothing overtakes it.
 *
 * Keep one producer for a queue: what is sent by it at the same time shares the calls, and of an account it has one payment
 * under way. Order is promised within one `send` or `stream`, not among those at the same time.
 */
export class PaymentProducer {
  private readonly accounts = new AccountOrder();
  private readonly sender: BatchSender;

  /**
   * @param client of any region, endpoint and credentials. Its own retries are harmless; with `maxAttempts: 1` more
   * failures can be told from lost answers, so fewer results are `unknown`.
   * @throws QueueUrlError
   */
  constructor(client: SQSClient, queueUrl: string) {
    this.sender = new BatchSender(client, fifoQueueUrl(queueUrl));
  }

  /**
   * Sends all, and says what became of each; a failure to send is a result, not an error.
   * @returns the payments' results, in the payments' order
   * @throws whatever the payments' own iterator throws, and RangeError for a limit that is not a whole number of at least 1
   */
  async send(payments: Payments, options: SendOptions = {}): Promise<SendResult[]> {
    const results: SendResult[] = [];
    for await (const result of this.stream(payments, options)) results.push(result);
    return results;
  }

  /**
   * As {@link send}, for more payments than fit in memory: reads up to a thousand ahead of the results that are taken.
   * Leave the loop, and what is not sent yet will not be.
   */
  async *stream(
    payments: Payments,
    { signal, onResult, maxPaymentsPerAccount = Infinity }: SendOptions = {},
  ): AsyncGenerator<SendResult, void, undefined> {
    if (
      maxPaymentsPerAccount !== Infinity &&
      !(Number.isSafeInteger(maxPaymentsPerAccount) && maxPaymentsPerAccount >= 1)
    ) {
      throw new RangeError(
        `maxPaymentsPerAccount is ${maxPaymentsPerAccount}, but must be a whole number of at least 1.`,
      );
    }
    let isLeft = false;
    const run: Run = {
      isStopped: () => isLeft || signal?.aborted === true,
      givenUp: new Map(),
      maxPaymentsPerAccount,
      accepted: new Map(),
    };
    const start = (payment: PaymentMessage) =>
      this.sendOne(payment, run).then((result) => {
        onResult?.(result);
        return result;
      });
    try {
      // Readable is Node's own read-ahead with back pressure.
      for await (const { result } of Readable.from(startAll(payments, start, signal), {
        highWaterMark: WINDOW,
      }) as AsyncIterable<Started>) {
        yield await result;
      }
    } finally {
      isLeft = true;
    }
  }

  private async sendOne(payment: PaymentMessage, run: Run): Promise<SendResult> {
    try {
      const message = toMessage(payment);
      return { payment, ...(await this.accounts.inTurn(message.accountId, () => this.inOrder(message, run))) };
    } catch (error) {
      if (!(error instanceof InvalidPaymentError)) throw error;
      return { payment, status: 'refused', code: error.code, reason: error.message };
    }
  }

  private async inOrder(
    message: Message,
    { isStopped, givenUp, maxPaymentsPerAccount, accepted }: Run,
  ): Promise<Delivery | Without<Blocked | OverLimit>> {
    const { accountId, transactionId } = message;
    const blockedBy = givenUp.get(accountId);
    if (blockedBy !== undefined) return blocked(blockedBy);
    const before = accepted.get(accountId) ?? 0;
    if (before >= maxPaymentsPerAccount) return overLimit(maxPaymentsPerAccount);
    const delivery = await deliver(this.sender, message, isStopped);
    if (delivery.status === 'accepted' && maxPaymentsPerAccount !== Infinity) accepted.set(accountId, before + 1);
    if (delivery.status === 'unknown' || (delivery.status === 'refused' && delivery.code === 'SEND_FAILED'))
      givenUp.set(accountId, transactionId);
    return delivery;
  }
}

interface Started {
  /** In an object, as streams and generators would wait for a bare promise. */
  readonly result: Promise<SendResult>;
}

/** Starts each payment as it is read. */
async function* startAll(
  payments: Payments,
  start: (payment: PaymentMessage) => Promise<SendResult>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Started, void, undefined> {
  for await (const read of readUntilAborted(payments, signal)) {
    yield observed('failure' in read ? Promise.reject(read.failure) : start(read.payment));
  }
}

/** A rejection is thrown when its turn comes; until then nobody waits for it, which Node would take for a neglect. */
function observed(result: Promise<SendResult>): Started {
  result.catch(() => undefined);
  return { result };
}

function blocked(blockedBy: string): Without<Blocked> {
  const reason = `Transaction ${blockedBy} of the same account comes before it, and was not sent.`;
  return { status: 'refused', code: 'BLOCKED_BY', reason, blockedBy };
}

function overLimit(maxPaymentsPerAccount: number): Without<OverLimit> {
  const reason = `Its account has had ${maxPaymentsPerAccount} payments accepted in this run, the limit. Send it when those are decided.`;
  return { status: 'refused', code: 'ACCOUNT_LIMIT', reason };
}

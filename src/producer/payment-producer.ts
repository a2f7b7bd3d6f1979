import { Readable } from 'node:stream';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { InvalidPaymentError, type PaymentMessage } from '../contract';
import { BatchSender } from './batch-sender';
import { type Delivery, deliver, type Without } from './delivery';
import type { Manifest } from './manifest';
import { type Message, toMessage } from './message';
import { fifoQueueUrl } from './queue-url';
import type { Blocked, OverLimit, SendResult } from './send-result';
import { type Payments, readUntilAborted } from './source';

/**
 * Allows one payment in progress for each account. A batch may fail for single entries, and an entry that is sent again
 * would follow its successor. So the next payment is sent when the one before it has its result.
 */
export class AccountOrder {
  /** The last queued work of each account. */
  private readonly turns = new Map<string, Promise<unknown>>();

  /** Runs the work after all earlier work of this account. */
  inTurn<T>(accountId: string, work: () => Promise<T>): Promise<T> {
    const turn = (this.turns.get(accountId) ?? Promise.resolve()).then(work).finally(() => {
      if (this.turns.get(accountId) === turn) this.turns.delete(accountId);
    });
    this.turns.set(accountId, turn);
    return turn;
  }
}

export type { SendResult } from './send-result';

/** Payments that may be read before the caller takes their results. Bounds the memory. */
const WINDOW = 1_000;

/** Options of `send` and `stream`. */
export interface SendOptions {
  /**
   * Stops reading, and cancels payments that wait. A call in progress may finish, for 10 s at most. The results then end
   * early: a payment without a result was not sent.
   */
  readonly signal?: AbortSignal | undefined;
  /** Called with each result at once, so not in the payments' order. */
  readonly onResult?: ((result: SendResult) => void) | undefined;
  /**
   * The most payments of one account that this run puts into the queue; further ones are refused with `ACCOUNT_LIMIT`. SQS
   * serves no other account while its first 120,000 messages are of one. The producer doesn't know what has been decided, so
   * the limit is for runs that end, such as files. A whole number of at least 1. @default none
   */
  readonly maxPaymentsPerAccount?: number | undefined;
  /**
   * Notes each payment before it is sent, and its result. An error of its file ends the sending, as nothing may be sent that it doesn't
   * have. Close it yourself. @default none
   */
  readonly manifest?: Manifest | undefined;
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
  readonly manifest: Manifest | undefined;
}

/**
 * Sends payments to the queue in the order of their accounts, up to ten in a call, four calls at a time. After a transient failure
 * (throttling, timeouts, lost answers) it repeats the call, up to eight calls within two minutes, with growing random
 * delays. All have the same deduplication id, by which SQS ignores a message that it already has. When a payment is given up, the later ones of its
 * account are refused, and nothing overtakes it.
 *
 * Keep one producer for a queue: its simultaneous sends share calls, and it has one payment of an account in progress.
 * Order is guaranteed within one `send` or `stream`, not between simultaneous ones.
 */
export class PaymentProducer {
  private readonly accounts = new AccountOrder();
  private readonly sender: BatchSender;
  /** URL of the payment queue. */
  readonly queueUrl: string;

  /**
   * @param client any SQS client, with its own region, endpoint and credentials. Its own retries are harmless; with `maxAttempts: 1` more
   * failures can be told from lost answers, so fewer results are `unknown`
   * @param queueUrl URL of the payment queue: the output `payment_queue_url`
   * @throws QueueUrlError for anything but the URL of a FIFO queue
   */
  constructor(client: SQSClient, queueUrl: string) {
    this.queueUrl = fifoQueueUrl(queueUrl);
    this.sender = new BatchSender(client, this.queueUrl);
  }

  /**
   * Sends all payments. A failure to send is a result, not an error.
   * @returns one result for each payment, in the same order
   * @throws the errors of the payments' own iterator, and RangeError for a limit that is not a whole number of at least 1
   */
  async send(payments: Payments, options: SendOptions = {}): Promise<SendResult[]> {
    const results: SendResult[] = [];
    for await (const result of this.stream(payments, options)) results.push(result);
    return results;
  }

  /**
   * Like {@link send}, for more payments than fit in memory: reads up to a thousand ahead of the results that are taken.
   * Leaving the loop cancels the payments that are not sent yet.
   */
  async *stream(
    payments: Payments,
    { signal, onResult, maxPaymentsPerAccount = Infinity, manifest }: SendOptions = {},
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
      manifest,
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
    const { manifest } = run;
    try {
      const message = toMessage(payment);
      // Begun here, so that payments that are read together share a write, and awaited in turn, so that the order stays.
      const noted = manifest?.sending(message.payment);
      noted?.catch(() => undefined);
      const delivery = await this.accounts.inTurn(message.accountId, async () => {
        await noted;
        return this.inOrder(message, run);
      });
      manifest?.result(message.payment, delivery);
      return { payment, ...delivery };
    } catch (error) {
      if (!(error instanceof InvalidPaymentError)) throw error;
      manifest?.invalid(error.code);
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
  /** Wrapped in an object, because streams and generators would await a bare promise. */
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

/** The caller gets a rejection later, in order. Until then Node must not report it as unhandled. */
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

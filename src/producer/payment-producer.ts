import { setTimeout as sleep } from 'node:timers/promises';
import {
  type BatchResultErrorEntry,
  SendMessageBatchCommand,
  type SendMessageBatchRequestEntry,
  type SendMessageBatchResultEntry,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { deduplicationId, type PaymentMessage } from '../contract';

/** SQS: entries of one batch call. */
const BATCH_ENTRIES = 10;
/** Bytes of one batch call that every SQS endpoint takes. */
const BATCH_BYTES = 262_144;
/** Batch calls at the same time. */
const SENDERS = 4;
/** Sends of one payment, when SQS refuses it for a reason that may pass. */
const MAX_ATTEMPTS = 5;
const BACKOFF_MS = 100;

export interface Accepted<T> {
  readonly payment: T;
  readonly status: 'accepted';
  /** SQS's, as text. */
  readonly sequenceNumber: string;
}

export interface Refused<T> {
  readonly payment: T;
  readonly status: 'refused';
  /** `SEND_FAILED` with SQS's own code, or `BLOCKED_BY`: an earlier payment of the account was not sent. */
  readonly code: 'SEND_FAILED' | 'BLOCKED_BY';
  readonly reason: string;
}

export type SendResult<T = PaymentMessage> = Accepted<T> | Refused<T>;

export interface SendOptions<T> {
  /** Stops before the next batch; what was not sent has no result. */
  readonly signal?: AbortSignal;
  readonly onResult?: (result: SendResult<T>) => void;
}

interface Account<T> {
  readonly payments: T[];
  attempts: number;
}

/**
 * Enqueues payments in their accounts' order. A batch call may fail for single entries, and an entry sent again
 * would stand behind its successor: so an account has one payment in flight, and the next is sent when SQS has
 * acknowledged it.
 */
export class PaymentProducer {
  constructor(
    private readonly client: SQSClient,
    private readonly queueUrl: string,
  ) {}

  /** @returns one result for each payment that was dealt with; order among accounts is free */
  async send<T extends PaymentMessage>(payments: readonly T[], options: SendOptions<T> = {}): Promise<SendResult<T>[]> {
    const ready = byAccount(payments);
    const results: SendResult<T>[] = [];
    const report = (result: SendResult<T>) => {
      results.push(result);
      options.onResult?.(result);
    };
    const sender = async () => {
      while (ready.length > 0 && !options.signal?.aborted) {
        const accounts = takeBatch(ready);
        for (const result of await this.sendBatch(accounts)) report(result);
        ready.push(...accounts.filter(({ payments: left }) => left.length > 0));
      }
    };
    await Promise.all(Array.from({ length: SENDERS }, sender));
    return results;
  }

  /** Sends the first payment of each account, and takes the ones that are done with off their accounts. */
  private async sendBatch<T extends PaymentMessage>(accounts: readonly Account<T>[]): Promise<SendResult<T>[]> {
    const { Successful = [], Failed = [] } = await this.client.send(
      new SendMessageBatchCommand({
        QueueUrl: this.queueUrl,
        Entries: accounts.map(({ payments }, index) => entry(String(index), payments[0]!)),
      }),
    );
    if (Failed.length > 0) await sleep(BACKOFF_MS);
    return [
      ...Successful.flatMap((sent) => accepted(accounts[Number(sent.Id)]!, sent)),
      ...Failed.flatMap((failed) => refused(accounts[Number(failed.Id)]!, failed)),
    ];
  }
}

function byAccount<T extends PaymentMessage>(payments: readonly T[]): Account<T>[] {
  const accounts = new Map<string, Account<T>>();
  for (const payment of payments) {
    const account = accounts.get(payment.account_id);
    if (account) account.payments.push(payment);
    else accounts.set(payment.account_id, { payments: [payment], attempts: 0 });
  }
  return [...accounts.values()];
}

/** Up to ten accounts, as many as their next payments fit into one call. */
function takeBatch<T extends PaymentMessage>(ready: Account<T>[]): Account<T>[] {
  let bytes = 0;
  const fits = ready.slice(0, BATCH_ENTRIES).findIndex(({ payments }) => {
    bytes += Buffer.byteLength(body(payments[0]!));
    return bytes > BATCH_BYTES;
  });
  return ready.splice(0, fits === -1 ? BATCH_ENTRIES : Math.max(1, fits));
}

function entry(Id: string, payment: PaymentMessage): SendMessageBatchRequestEntry {
  return {
    Id,
    MessageBody: body(payment),
    MessageGroupId: payment.account_id,
    MessageDeduplicationId: deduplicationId.payment(payment),
  };
}

/** The contract's fields alone: what a caller keeps beside them is not sent. */
function body(payment: PaymentMessage): string {
  const { schema_version, transaction_id, account_id, amount, currency, beneficiary_id, requested_at, reference, metadata } = payment;
  return JSON.stringify({ schema_version, transaction_id, account_id, amount, currency, beneficiary_id, requested_at, reference, metadata });
}

function accepted<T>(account: Account<T>, sent: SendMessageBatchResultEntry): SendResult<T>[] {
  account.attempts = 0;
  return [{ payment: account.payments.shift()!, status: 'accepted', sequenceNumber: sent.SequenceNumber ?? '' }];
}

/** A refusal that may pass leaves the payment first of its account; a final one ends the account's turn. */
function refused<T extends PaymentMessage>(account: Account<T>, failed: BatchResultErrorEntry): SendResult<T>[] {
  account.attempts++;
  if (!failed.SenderFault && account.attempts < MAX_ATTEMPTS) return [];
  const [payment, ...later] = account.payments.splice(0);
  const reason = `SQS refused it: ${failed.Code ?? 'unknown'}`;
  const blocked = `transaction ${payment!.transaction_id} of the same account was not sent`;
  return [
    { payment: payment!, status: 'refused', code: 'SEND_FAILED', reason },
    ...later.map((one): Refused<T> => ({ payment: one, status: 'refused', code: 'BLOCKED_BY', reason: blocked })),
  ];
}

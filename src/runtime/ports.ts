import type { AccountHash, Held, NewEntry, PaymentOutcome, PaymentRecord, PaymentStatus } from '../contract';

/** One invocation of a function. Its services are bound to it: they give up their calls before it ends. */
export interface Invocation {
  readonly requestId: string;
  readonly releaseId: string;
  /** Milliseconds since the epoch; Lambda ends the function then. */
  readonly deadline: number;
}

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
}

/** The entry that a change of a record adds to its history now. */
export function historyEntry(
  { requestId, releaseId }: Invocation,
  clock: Clock,
  status: PaymentStatus,
  attempt: number,
  why: { readonly reason?: string; readonly actor?: string } = {},
): NewEntry {
  return { status, at: isoTime(clock), attempt, request_id: requestId, release_id: releaseId, ...why };
}

/** RFC 3339, UTC, milliseconds. */
export function isoTime(clock: Clock): string {
  return new Date(clock.now()).toISOString();
}

/** The records of the payment table. Throws {@link ServiceError}. */
export interface PaymentReader {
  /** Strongly consistent. */
  read(transactionId: string): Promise<PaymentRecord | undefined>;
}

/** The holds of accounts, in the payment table. Every method throws {@link ServiceError}. */
export interface Holds {
  /** Strongly consistent; oldest first, empty when the account is not held. */
  read(accountId: string): Promise<readonly Held[]>;
  /** Adds an entry, and holds the account if it is the first one. @param at when, RFC 3339 */
  hold(accountId: string, payment: Held, at: string): Promise<void>;
  /** Adds an entry behind others. @returns false when the account is not held any more */
  park(accountId: string, payment: Held, at: string): Promise<boolean>;
  /** Removes an entry. The account is not held any more after the last one. */
  lift(accountId: string, payment: Held): Promise<void>;
}

/** Publishes outcomes to those who wait for them. */
export interface OutcomeTopic {
  /** In the order of the calls for each account; the topic drops a repetition within five minutes. Throws {@link ServiceError}. */
  publish(outcome: PaymentOutcome): Promise<void>;
}

/** The only parts of a payment that may be logged. */
export interface LogFields {
  readonly message_id?: string;
  readonly transaction_id?: string;
  readonly account_hash?: string;
  readonly status?: string;
  readonly error_code?: string;
  /** How the last call of the fraud API ended: statuses, field names and rules, never a value of the answer. */
  readonly cause?: string | undefined;
  readonly failure_message?: string | undefined;
  readonly receive_count?: number;
  /** The reason that an operator gave. */
  readonly reason?: string | undefined;
  /** ARN of that operator. */
  readonly actor?: string | undefined;
  readonly messages?: number;
  readonly body_sha256?: string;
  readonly body_bytes?: number;
  /** `hash` of the last entry of the payment's history: an edit of the record shows against it. */
  readonly history_hash?: string | undefined;
}

export interface Log {
  info(event: string, fields: LogFields): void;
  warn(event: string, fields: LogFields): void;
}

/** The log fields that identify a payment. */
export function paymentFields(
  { transaction_id, account_id }: Pick<PaymentRecord, 'transaction_id' | 'account_id'>,
  accountHash: AccountHash,
): LogFields {
  return { transaction_id, account_hash: accountHash(account_id) };
}

export type Service = 'payment table' | 'dead-letter queue' | 'payment queue' | 'alert topic' | 'outcome topic';

/**
 * A service did not answer, or refused: it is not known whether the call took effect. The message is for the operator who invoked the
 * DLQ processor; the payment processor logs the code, and returns the payment's message to the queue.
 */
export class ServiceError extends Error {
  override readonly name = 'ServiceError';

  constructor(
    readonly service: Service,
    operation: string,
    /** The name of the AWS or network error. */
    readonly code: string,
  ) {
    super(
      `The ${service} could not ${operation}: ${code}. No payment is lost: send the same event again, or look at the ` +
        "function's permissions.",
    );
  }
}

import type { InvalidPaymentCode, PaymentMessage } from '../contract';

/** The result of sending a payment. */
export type SendResult = Accepted | Refused | Unknown;

/** The payment is in the queue. */
export interface Accepted {
  readonly payment: PaymentMessage;
  readonly status: 'accepted';
  /** The message id that SQS assigned. */
  readonly messageId: string;
  /** The sequence number that SQS assigned, as text. Within an account, a later accepted payment has a greater one. */
  readonly sequenceNumber: string;
}

/** The payment is not in the queue, and does not get there by itself. */
export type Refused = Invalid | NotSent | Blocked | OverLimit | Aborted;

/**
 * The payment breaks a rule of the payment message, or SQS does not carry its text. Correct it. The account's later payments were
 * sent.
 */
export interface Invalid {
  readonly payment: PaymentMessage;
  readonly status: 'refused';
  readonly code: InvalidPaymentCode;
  /** A sentence that names every bad field, or SQS's code, and no value. */
  readonly reason: string;
}

/**
 * SQS refused the call, for example for lack of permission, or throttled every call. Fix the cause, send the payment again, then
 * those that it blocks.
 */
export interface NotSent {
  readonly payment: PaymentMessage;
  readonly status: 'refused';
  readonly code: 'SEND_FAILED';
  /** A sentence with the code of SQS or the SDK, such as `AccessDenied` or `CredentialsProviderError`. */
  readonly reason: string;
  /** The SDK's error, or SQS's answer for this payment. */
  readonly cause: unknown;
}

/** An earlier payment of the account was not sent, and this one must not overtake it. Send it again after that one. */
export interface Blocked {
  readonly payment: PaymentMessage;
  readonly status: 'refused';
  readonly code: 'BLOCKED_BY';
  /** A sentence for people. */
  readonly reason: string;
  /** Transaction id of the earlier payment, whose result is `SEND_FAILED` or `unknown`. */
  readonly blockedBy: string;
}

/**
 * The run has put `maxPaymentsPerAccount` payments of the account into the queue. It sends no later payment of the account, so
 * that the order holds. Send them again, in their order, when those before are decided.
 */
export interface OverLimit {
  readonly payment: PaymentMessage;
  readonly status: 'refused';
  readonly code: 'ACCOUNT_LIMIT';
  /** A sentence for people. */
  readonly reason: string;
}

/** The signal was aborted before the payment was sent. */
export interface Aborted {
  readonly payment: PaymentMessage;
  readonly status: 'refused';
  readonly code: 'ABORTED';
  /** A sentence for people. */
  readonly reason: string;
}

/**
 * The payment may or may not be in the queue: a call got no answer, and no later call succeeded. Send it again unchanged,
 * with the same transaction id, and then the payments that it blocks. Within five minutes SQS ignores the repeat if
 * it has the payment; after that the queue holds it twice, and the processor decides it once.
 */
export interface Unknown {
  readonly payment: PaymentMessage;
  readonly status: 'unknown';
  readonly code: 'ANSWER_LOST';
  /** A sentence with the last failure's code, such as `Timeout` or `ServiceUnavailable`. */
  readonly reason: string;
  /** The SDK's error, or SQS's answer for this payment. */
  readonly cause: unknown;
}

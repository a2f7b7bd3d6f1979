import type { InvalidPaymentCode, PaymentMessage } from '../contract';

/** The result of sending a payment. */
export type SendResult = Accepted | Refused | Unknown;

/** It is in the queue. */
export interface Accepted {
  readonly payment: PaymentMessage;
  readonly status: 'accepted';
  /** The message id that SQS assigned. */
  readonly messageId: string;
  /** The sequence number that SQS assigned, as text. Within an account, a later accepted payment has a greater one. */
  readonly sequenceNumber: string;
}

/** It is not in the queue, and will not get there by itself. */
export type Refused = Invalid | NotSent | Blocked | OverLimit | Aborted;

/** It breaks a rule of the payment message, or SQS does not carry its text: correct it. Its successors are still sent. */
export interface Invalid {
  readonly payment: PaymentMessage;
  readonly status: 'refused';
  readonly code: InvalidPaymentCode;
  /** Names every bad field, or SQS's code, and no value. */
  readonly reason: string;
}

/** SQS refused the call, for example for lack of permission, or throttled every call. Fix the cause before you send it again. */
export interface NotSent {
  readonly payment: PaymentMessage;
  readonly status: 'refused';
  readonly code: 'SEND_FAILED';
  /** Contains the code of SQS or the SDK, such as `AccessDenied` or `CredentialsProviderError`. */
  readonly reason: string;
  /** The SDK's error, or SQS's answer for this payment. */
  readonly cause: unknown;
}

/** An earlier payment of its account was given up, and it must not overtake that one. */
export interface Blocked {
  readonly payment: PaymentMessage;
  readonly status: 'refused';
  readonly code: 'BLOCKED_BY';
  readonly reason: string;
  /** Transaction id of the earlier payment: it is `SEND_FAILED` or `unknown`. Send that one first, then this one. */
  readonly blockedBy: string;
}

/**
 * Its account has had `maxPaymentsPerAccount` payments accepted in this run. No later payment of the account is sent in the
 * run, so that the order holds. Send them, in their order, when those before are decided.
 */
export interface OverLimit {
  readonly payment: PaymentMessage;
  readonly status: 'refused';
  readonly code: 'ACCOUNT_LIMIT';
  readonly reason: string;
}

/** The signal was aborted before it could be sent. */
export interface Aborted {
  readonly payment: PaymentMessage;
  readonly status: 'refused';
  readonly code: 'ABORTED';
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
  /** Contains the last failure's code, such as `Timeout` or `ServiceUnavailable`. */
  readonly reason: string;
  /** The SDK's error, or SQS's answer for this payment. */
  readonly cause: unknown;
}

import type { InvalidPaymentCode, PaymentMessage } from '../contract';

/** What became of a payment. */
export type SendResult = Accepted | Refused | Unknown;

/** It is in the queue. */
export interface Accepted {
  readonly payment: PaymentMessage;
  readonly status: 'accepted';
  /** SQS's own. */
  readonly messageId: string;
  /** SQS's, as text: within an account, what was accepted later has the greater one. */
  readonly sequenceNumber: string;
}

/** It is not in the queue, and will not get there by itself. */
export type Refused = Invalid | NotSent | Blocked | OverLimit | Aborted;

/** It breaks a rule of the payment message, or SQS does not carry its text: correct it. Its successors are sent all the same. */
export interface Invalid {
  readonly payment: PaymentMessage;
  readonly status: 'refused';
  readonly code: InvalidPaymentCode;
  /** Names every bad field, or SQS's code, and no value. */
  readonly reason: string;
}

/** SQS refused the call, as without permission, or throttled it at every try: remove the cause before you send it again. */
export interface NotSent {
  readonly payment: PaymentMessage;
  readonly status: 'refused';
  readonly code: 'SEND_FAILED';
  /** Holds SQS's or the SDK's own code, as `AccessDenied` or `CredentialsProviderError`. */
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
 * It may be in the queue, or not: of some try there was no answer, and none after it succeeded. Send it again, with the
 * same transaction id and unchanged, and after it those that it blocks. Within five minutes SQS ignores the repeat if
 * it has the payment; after that the queue holds it twice, and the processor decides it once.
 */
export interface Unknown {
  readonly payment: PaymentMessage;
  readonly status: 'unknown';
  readonly code: 'ANSWER_LOST';
  /** Holds the last failure's code, as `Timeout` or `ServiceUnavailable`. */
  readonly reason: string;
  /** The SDK's error, or SQS's answer for this payment. */
  readonly cause: unknown;
}

import { deduplicationId, fingerprint, type FraudDecision, type PaymentMessage } from '../../src/contract';
import { aPayment } from '../kit/payments/payments';
import type { Invocation } from './invocation';
import type { Scenario, Sending } from './scenario';

/** The fraud API's answer to each call for a payment; the last is repeated. */
export type Says = readonly (FraudDecision | 'refuse')[];

/** One message that a client has to send. */
export interface ClientMessage {
  readonly groupId: string;
  readonly body: string;
  readonly deduplicationId: string;
  readonly afterMs: number;
  /** Milliseconds that a function needs to read the body. */
  readonly costMs?: number | undefined;
  /** None, if the body is an invalid message. */
  readonly payment?: { readonly message: PaymentMessage; readonly fingerprint: string; readonly says: Says };
}

/** A message that SQS accepted, and what became of its last receive. */
export interface Accepted {
  readonly messageId: string;
  readonly sent: ClientMessage;
  lastReceive?: Invocation | 'lost';
}

/** Characters of white space; the payment processor reads longer ones last. */
const LONG_BODY = 16_384;

const APPROVED: Sending['what'] = { kind: 'payment', says: ['approve'] };

/** The scenario's sendings as messages: the n-th has the transaction id tx-n, unless it takes another's. */
export function messagesOf({ sendings }: Pick<Scenario, 'sendings'>): ClientMessage[] {
  const messages: ClientMessage[] = [];
  sendings.forEach((sending, index) => {
    const refers = sending.what.kind === 'again' || sending.what.kind === 'conflict';
    const what = refers && index === 0 ? APPROVED : sending.what; // there is nothing before the first
    messages.push(messageOf({ ...sending, what }, index, messages));
  });
  return messages;
}

function messageOf(
  { account, afterMs, what }: Sending,
  index: number,
  earlier: readonly ClientMessage[],
): ClientMessage {
  const account_id = `account-${account}`;
  const own = { transaction_id: `tx-${index}`, account_id, amount: 100 + index };
  switch (what.kind) {
    case 'payment':
      return paymentMessage(aPayment(own), what.says, afterMs);
    case 'invalid':
      return { groupId: account_id, ...invalid(index, what.costMs), deduplicationId: `invalid-${index}`, afterMs };
    case 'again':
      return { ...earlier[what.which % index]!, afterMs };
    case 'conflict': {
      const other = earlier[what.which % index]!;
      const taken = other.payment?.message.transaction_id ?? own.transaction_id;
      const whose = what.sameAccount ? other.groupId : account_id;
      return paymentMessage(aPayment({ ...own, transaction_id: taken, account_id: whose }), ['approve'], afterMs);
    }
  }
}

/** A payment that shows whether its account continues. */
export function probeMessage(account: string, index: number, requested_at: string): ClientMessage {
  return paymentMessage(
    aPayment({ transaction_id: `probe-${index}`, account_id: account, amount: 1_000 + index, requested_at }),
    ['approve'],
    0,
  );
}

/** A body that is expensive to read is also one that the function knows as long. */
function invalid(index: number, costMs: number | undefined): Pick<ClientMessage, 'body' | 'costMs'> {
  if (costMs === undefined) return { body: `{"invalid":${index}}` };
  return { body: `{"invalid":${index}${' '.repeat(LONG_BODY)}}`, costMs };
}

function paymentMessage(message: PaymentMessage, says: Says, afterMs: number): ClientMessage {
  return {
    groupId: message.account_id,
    body: JSON.stringify(message),
    deduplicationId: deduplicationId.payment(message),
    afterMs,
    payment: { message, fingerprint: fingerprint(message), says },
  };
}

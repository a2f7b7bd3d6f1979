import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { PaymentMessage } from './payment-message';

/** SHA-256 (hex) of the message's RFC 8785 form: equal for equal payments, whatever their spacing or key order. */
export function fingerprint(message: PaymentMessage): string {
  return sha256(canonicalize(message) ?? '');
}

/** Deduplication ids are stable across the retries of one send, and new for every new send. */
export const deduplicationId = {
  /** A changed body under a known transaction id must reach the processor, not be swallowed for five minutes. */
  payment: (message: PaymentMessage) => sha256(message.transaction_id, fingerprint(message)),
  /**
   * A message whose copy was redriven may fail once more within five minutes: that copy is another one.
   * @param attempt the payment's; 0 of a message that is not, or not yet, tried
   */
  quarantine: (sourceMessageId: string, attempt: number) => sha256('dlq', sourceMessageId, String(attempt)),
  redrive: (deadLetterMessageId: string) => sha256('redrive', deadLetterMessageId),
};

/** What stands for an account wherever its number must not: logs, traces. */
export function accountHash(accountId: string): string {
  return sha256('account', accountId).slice(0, 16);
}

function sha256(...parts: string[]): string {
  return createHash('sha256').update(parts.join('\n')).digest('hex');
}

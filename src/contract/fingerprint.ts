import { createHash, createHmac, randomBytes } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { PaymentMessage } from './payment-message';

/** As long as the hash: RFC 2104, section 3. */
const HASH_KEY_BYTES = 32;

/** SHA-256 (hex) of the message's RFC 8785 form: equal for equal payments, whatever their spacing or key order. */
export function fingerprint(message: PaymentMessage): string {
  return sha256(canonicalize(message)!);
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
  /** @param source message id of the dead letter; of a payment without one, its transaction id and attempt */
  redrive: (source: string) => sha256('redrive', source),
};

/** Names an account wherever its number must not stand: logs, answers, alerts. */
export type AccountHash = (accountId: string) => string;

/**
 * HMAC-SHA-256 of the account, 16 hexadecimal digits. Account numbers are few enough to try them all, so a hash without a secret
 * key would tell them.
 * @param key the pipeline's, from `ACCOUNT_HASH_KEY`; by default a random one, so that the hashes match those of no other process
 */
export function createAccountHash(key = randomBytes(HASH_KEY_BYTES).toString('hex')): AccountHash {
  return (accountId) => createHmac('sha256', key).update(accountId).digest('hex').slice(0, 16);
}

function sha256(...parts: string[]): string {
  return createHash('sha256').update(parts.join('\n')).digest('hex');
}

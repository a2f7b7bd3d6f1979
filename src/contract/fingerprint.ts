import { createHash, createHmac, randomBytes } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { PaymentMessage } from './payment-message';

/** Bytes of the key, as many as the hash has: RFC 2104, section 3. */
const HASH_KEY_BYTES = 32;

/** SHA-256 (hex) of the message's RFC 8785 form: equal for equal payments with any spacing or key order. */
export function fingerprint(message: PaymentMessage): string {
  return sha256(canonicalize(message)!);
}

/** Deduplication ids are stable across the retries of one send, and new for every new send. */
export const deduplicationId = {
  /** A changed body under a known transaction id must reach the processor, not be swallowed for five minutes. */
  payment: (message: PaymentMessage) => sha256(message.transaction_id, fingerprint(message)),
  /**
   * A redriven message may fail again within five minutes: its next copy needs another id.
   * @param attempt the payment's; 0 for a message whose payment was never claimed
   */
  quarantine: (sourceMessageId: string, attempt: number) => sha256('dlq', sourceMessageId, String(attempt)),
  /**
   * The message of an earlier redrive may have ended with a discard within five minutes: the next redrive's needs another id.
   * @param source message id of the dead letter; for a payment without one, its transaction id
   * @param attempt the payment's, which each redrive raises
   */
  redrive: (source: string, attempt: number) => sha256('redrive', source, String(attempt)),
  /** The same for every repetition of an outcome. */
  outcome: (transactionId: string, status: string, attempt: number) =>
    sha256('outcome', transactionId, status, String(attempt)),
};

/** Identifies an account where its number must not appear: logs, answers, alerts. */
export type AccountHash = (accountId: string) => string;

/**
 * HMAC-SHA-256 of the account, 16 hexadecimal digits. There are few enough account numbers to hash them all, so a hash without a
 * secret key would reveal them.
 * @param key the pipeline's, from `ACCOUNT_HASH_KEY`; by default a random one, so that the hashes match those of no other process
 */
export function createAccountHash(key = randomBytes(HASH_KEY_BYTES).toString('hex')): AccountHash {
  return (accountId) => createHmac('sha256', key).update(accountId).digest('hex').slice(0, 16);
}

/** SHA-256 (hex) of the parts as UTF-8, each on a line of its own. */
export function sha256(...parts: string[]): string {
  return createHash('sha256').update(parts.join('\n')).digest('hex');
}

import { holdsCardNumber, maskCardNumbers } from './card-number';

/**
 * A UUID (RFC 9562, section 4) with or without its dashes, or a ULID, as the whole id or as a part of it: no letter or digit
 * stands beside it. Its digits are random, and one UUID in a thousand holds what would else be taken for a card number. A ULID
 * begins with 0 until the year 3084; with another digit it may be a card number with letters behind it.
 */
const UUID_OR_ULID =
  /(?<![0-9a-z])(?:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{32}|0[0-9a-hjkmnp-tv-z]{25})(?![0-9a-z])/gi;

/** Whether the id holds a card number, by the rule of texts. A UUID or a ULID is none, and no part of one. */
export function idHoldsCardNumber(id: string): boolean {
  return holdsCardNumber(id.replace(UUID_OR_ULID, 'x')); // a letter, so that the digits on its sides are no number
}

/** The id, with the digits of its card numbers masked: for ids that have not passed the rule, or did so before it was one. */
export function maskId(id: string): string {
  return idHoldsCardNumber(id) ? maskCardNumbers(id) : id;
}

/**
 * The account of the payments that `payment-pipeline verify --canary` sends, and their beneficiary. Reserved: no client sends for it,
 * and no system that reads records or outcomes moves money for it.
 */
export const CANARY_ACCOUNT = 'payment-pipeline-canary';

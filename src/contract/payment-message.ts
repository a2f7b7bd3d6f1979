import * as v from 'valibot';
import { holdsCardNumber } from './card-number';
import { CURRENCY_CODES } from './currency';
import { idHoldsCardNumber } from './identifier';
import { InvalidPaymentError } from './failure-code';
import { parseStrictJson } from './json';

/** 999 999 999 999 minor units. */
export const LARGEST_AMOUNT = 999_999_999_999;

const CARD_RULE = 'must not hold a card number';

/** The two characters of a well-formed text that SQS refuses and JSON does not escape: SendMessage, SQS API Reference. */
const NOT_CARRIED = /[\uFFFE\uFFFF]/;

/** RFC 3339, section 5.6, with a UTC offset: day, hour and minute, second, fraction. */
const UTC_TIME = /^(\d{4}-\d\d-\d\d)[Tt](\d\d:\d\d):(\d\d)(?:\.(\d+))?(?:[Zz]|[+-]00:00)$/;

/** Ours, so that a record stays small; RFC 3339 has no limit. */
const MOST_FRACTION_DIGITS = 64;

/** A reader's parser may treat these as its own, and drop or obey them. */
const UNSAFE_KEYS = ['__proto__', 'constructor', 'prototype'];

const identifier = v.pipe(
  v.string('must be a text'),
  v.regex(/^[A-Za-z0-9._-]{1,64}$/, 'must be 1 to 64 characters of A-Z a-z 0-9 . _ -'),
  v.check((id) => !/^\d{13,19}$/.test(id), 'must not be 13 to 19 bare digits, which could be a card number'),
  v.check((id) => !idHoldsCardNumber(id), CARD_RULE),
);

const freeText = (longest: number) =>
  v.pipe(
    v.string('must be a text'),
    v.maxLength(longest * 2, `must have at most ${longest} characters`), // before the costlier rules
    v.check((text) => Array.from(text).length <= longest, `must have at most ${longest} characters`),
    v.check((text) => text.isWellFormed(), 'must be well-formed Unicode'),
    v.check((text) => !NOT_CARRIED.test(text), 'must not hold U+FFFE or U+FFFF, which SQS does not carry'),
    v.check((text) => !holdsCardNumber(text), CARD_RULE),
  );

const metadata = v.pipe(
  v.custom<object>(
    (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
    'must be an object of texts',
  ),
  v.check((values) => Object.keys(values).length <= 10, 'must have at most 10 values'), // before the costlier rules
  v.record(freeText(256), freeText(256)),
);

/** The rules of a payment message. docs/reference/payment-message.md lists them. */
export const paymentMessage = v.strictObject(
  {
    schema_version: v.literal(1, 'must be 1'),
    transaction_id: identifier,
    account_id: identifier,
    amount: v.pipe(
      v.number('must be a number'),
      v.integer('must be a whole number of minor units'),
      v.minValue(1, 'must be at least 1'),
      v.maxValue(LARGEST_AMOUNT, `must be at most ${LARGEST_AMOUNT}`),
    ),
    currency: v.pipe(
      v.string('must be a text'),
      v.check((code) => CURRENCY_CODES.has(code), 'must be an ISO 4217 code in force'),
    ),
    beneficiary_id: identifier,
    requested_at: v.pipe(
      v.string('must be a text'),
      v.check(isUtcTime, 'must be an RFC 3339 time in UTC'),
      v.check(
        (time) => fractionDigits(time) <= MOST_FRACTION_DIGITS,
        `must have at most ${MOST_FRACTION_DIGITS} digits in its fraction of a second`,
      ),
    ),
    reference: v.exactOptional(freeText(140)),
    metadata: v.exactOptional(metadata),
  },
  'must be given',
);

/** A payment as its client sends it: the body of the queue's message. */
export interface PaymentMessage {
  /** The version of this format. */
  readonly schema_version: 1;
  /** Chosen by the client; the idempotency key. */
  readonly transaction_id: string;
  /** The payer; always the message group, so the account's payments keep their order. */
  readonly account_id: string;
  /** Whole minor units of the currency, 1 to 999 999 999 999. */
  readonly amount: number;
  /** ISO 4217 code of the currency. */
  readonly currency: string;
  /** The payee. */
  readonly beneficiary_id: string;
  /** When the client asked for the payment: RFC 3339 in UTC. Stored as given. */
  readonly requested_at: string;
  /** Free text for people. */
  readonly reference?: string;
  /** Texts of the client. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/**
 * Reads a payment from a message's body.
 * @throws InvalidPaymentError naming every bad field, and no value
 */
export function parsePaymentMessage(body: string): PaymentMessage {
  return validatePaymentMessage(parseStrictJson(body));
}

/** The payment of an SQS message, whose account has to be the message group; the error if the message is invalid. */
export function readPaymentMessage(body: string, messageGroup: string): PaymentMessage | InvalidPaymentError {
  try {
    const payment = parsePaymentMessage(body);
    if (payment.account_id === messageGroup) return payment;
    return new InvalidPaymentError('MESSAGE_GROUP_MISMATCH', ['account_id must be the message group']);
  } catch (error) {
    if (error instanceof InvalidPaymentError) return error;
    throw error;
  }
}

/** Does what {@link parsePaymentMessage} does, for a value that is parsed already. */
export function validatePaymentMessage(value: unknown): PaymentMessage {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new InvalidPaymentError('INVALID_PAYMENT', ['it is not an object']);
  }
  const result = v.safeParse(paymentMessage, value, { abortPipeEarly: true });
  const faults = [...unsafeKeys(value), ...(result.issues ?? []).map(describe)];
  if (result.success && faults.length === 0) return result.output;
  const cardsOnly = faults.every((fault) => fault.endsWith(CARD_RULE));
  throw new InvalidPaymentError(cardsOnly ? 'CARD_NUMBER' : 'INVALID_PAYMENT', faults);
}

/** The schema library passes over such keys without a word, so a payment could hold more than was checked. */
function unsafeKeys(value: object): string[] {
  const nested = (value as Partial<PaymentMessage>).metadata ?? {};
  const found = UNSAFE_KEYS.some((key) => Object.hasOwn(value, key) || Object.hasOwn(nested, key));
  return found ? [`it uses a reserved name as a key (${UNSAFE_KEYS.join(', ')})`] : [];
}

/** Names the field, unless the name itself was made up by the sender. */
function describe(issue: v.BaseIssue<unknown>): string {
  const field = String(issue.path![0].key);
  return Object.hasOwn(paymentMessage.entries, field) ? `${field} ${issue.message}` : 'an unknown field is given';
}

/** When the client asked for the payment, in milliseconds since the epoch, to the second. A leap second counts as the one before it. */
export function requestedAt({ requested_at }: Pick<PaymentMessage, 'requested_at'>): number {
  const [, day = '', minute = '', second = ''] = UTC_TIME.exec(requested_at)!;
  return Date.parse(`${day}T${minute}:${second === '60' ? '59' : second}Z`);
}

function isUtcTime(text: string): boolean {
  const [, day = '', minute, second] = UTC_TIME.exec(text) ?? [];
  // Until now at the end of June or December alone: RFC 3339, sections 5.6 and 5.7. JavaScript's Date knows none.
  const isLeapSecond = second === '60' && minute === '23:59' && /-(06-30|12-31)/.test(day);
  const time = `${day}T${minute}:${isLeapSecond ? '59' : second}.000Z`;
  const read = new Date(time);
  // A day that the month lacks rolls over into the next one.
  return !Number.isNaN(read.getTime()) && read.toISOString() === time;
}

function fractionDigits(time: string): number {
  return UTC_TIME.exec(time)![4]?.length ?? 0;
}

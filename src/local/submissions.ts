import { readFileSync } from 'node:fs';
import { InvalidPaymentError, parsePaymentMessage, type PaymentMessage } from '../contract';
import { POISON_PREFIX } from './embedded/fraud-api';
import { seededRandom } from './random';
import { systemErrorCode } from './system-error';

/** A line of the input that is no payment. */
export interface BadLine {
  readonly line: number;
  readonly code: string;
  readonly message: string;
}

export interface Submissions {
  /** In the order in which they are to be sent. */
  readonly payments: readonly PaymentMessage[];
  readonly badLines: readonly BadLine[];
}

/** The input cannot be used at all. */
export class InputError extends Error {
  override readonly name = 'InputError';
}

/**
 * Reads JSON lines, one payment each. A bad line does not stop the good ones.
 * @throws InputError when the file cannot be read, or has no line
 */
export function readSubmissions(file: string): Submissions {
  const lines = readLines(file);
  const payments: PaymentMessage[] = [];
  const badLines: BadLine[] = [];
  lines.forEach((text, index) => {
    try {
      payments.push(parsePaymentMessage(text));
    } catch (error) {
      if (!(error instanceof InvalidPaymentError)) throw error;
      badLines.push({ line: index + 1, code: error.code, message: error.message });
    }
  });
  return { payments, badLines };
}

function readLines(file: string): string[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new InputError(`The input ${file} cannot be read (${systemErrorCode(error)}): give a file of JSON lines, one payment each.`);
  }
  const lines = text.replace(/\s+$/, '').split(/\r?\n/);
  if (lines.length === 1 && lines[0] === '') {
    throw new InputError(`The input ${file} is empty: give a file of JSON lines, one payment each.`);
  }
  return lines;
}

export interface GeneratorOptions {
  readonly payments: number;
  readonly accounts: number;
  /** How many of the payments the fraud API refuses for good. */
  readonly poison: number;
  readonly seed: number;
}

const CURRENCIES = ['SGD', 'USD', 'EUR', 'JPY', 'IDR'];
const FIRST_REQUEST = Date.UTC(2026, 0, 5);

/** Made-up payments, the same for the same seed. A few accounts are much busier than the rest, as in life. */
export function generateSubmissions({ payments, accounts, poison, seed }: GeneratorOptions): Submissions {
  const random = seededRandom(seed);
  const poisoned = pick(poison, payments, random);
  const one = (index: number): PaymentMessage => ({
    schema_version: 1,
    transaction_id: `demo-${seed}-${index + 1}`,
    account_id: `account-${Math.floor(accounts * random.next() ** 1.5) + 1}`,
    amount: random.between(100, 500_000),
    currency: CURRENCIES[random.between(0, CURRENCIES.length - 1)]!,
    beneficiary_id: `${poisoned.has(index) ? POISON_PREFIX : ''}shop-${random.between(1, 200)}`,
    requested_at: new Date(FIRST_REQUEST + index * 1_000).toISOString(),
    reference: `Order ${index + 1}`,
  });
  return { payments: Array.from({ length: payments }, (_, index) => one(index)), badLines: [] };
}

/** `count` different indexes below `total`. */
function pick(count: number, total: number, random: ReturnType<typeof seededRandom>): Set<number> {
  const picked = new Set<number>();
  while (picked.size < count) picked.add(random.between(0, total - 1));
  return picked;
}

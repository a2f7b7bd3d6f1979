import { readPaymentFile } from '../../src/cli/payment-file';
import type { PaymentMessage } from '../../src/contract';
import { generatedPayment } from '../kit/payments/generated-payment';
import { seededRandom } from '../kit/random';

/** An invalid line of the input. */
export interface BadLine {
  readonly line: number;
  readonly code: string;
  readonly message: string;
}

export interface Submissions {
  /** The payments in the order in which to send them. */
  readonly payments: readonly PaymentMessage[];
  readonly badLines: readonly BadLine[];
}

/**
 * Reads JSON lines, one payment each. A bad line does not stop the good ones.
 * @throws UsageError when the file cannot be read, or holds no line
 */
export async function readSubmissions(file: string): Promise<Submissions> {
  const payments: PaymentMessage[] = [];
  const badLines: BadLine[] = [];
  for await (const read of readPaymentFile(file)) {
    if ('payment' in read) payments.push(read.payment);
    else badLines.push({ line: read.line, code: read.fault.code, message: read.fault.message });
  }
  return { payments, badLines };
}

export interface GeneratorOptions {
  readonly payments: number;
  readonly accounts: number;
  /** How many of the payments the fraud API refuses permanently. */
  readonly poison: number;
  readonly seed: number;
}

const FIRST_REQUEST = Date.UTC(2026, 0, 5);

/** Made-up payments, the same for the same seed. */
export function generateSubmissions({ payments, accounts, poison, seed }: GeneratorOptions): Submissions {
  const random = seededRandom(seed);
  const poisoned = pick(poison, payments, random);
  const one = (index: number) =>
    generatedPayment(random, {
      transaction_id: `demo-${seed}-${index + 1}`,
      accounts,
      isPoison: poisoned.has(index),
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

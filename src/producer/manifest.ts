import { type FileHandle, open } from 'node:fs/promises';
import { fingerprint, type PaymentMessage } from '../contract';
import type { SendResult } from './send-result';

/** A line of a manifest, as JSON. */
export type ManifestLine = ManifestRun | ManifestSending | ManifestResult | ManifestRefusal | ManifestTotals;

/** Begins what one run has sent. A file has several if more was sent into it, as after an interruption. */
export interface ManifestRun {
  /** Tells the lines apart. */
  readonly kind: 'run';
  /** Version of the format: 1. */
  readonly manifest: 1;
  /** RFC 3339, UTC, milliseconds. */
  readonly at: string;
  /** URL of the payment queue. */
  readonly queue_url: string;
  /** Who sends: the ARN of the credentials, as the caller of the producer knows it. */
  readonly actor: string;
}

/** A valid payment, written before its first call. Without a result it may be in the queue. */
export interface ManifestSending {
  /** Tells the lines apart. */
  readonly kind: 'sending';
  /** The payment's. */
  readonly transaction_id: string;
  /** The fingerprint of its record, SHA-256 (hex), which identifies the payment. */
  readonly fingerprint: string;
  /** Minor units. */
  readonly amount: number;
  /** ISO 4217 code. */
  readonly currency: string;
}

/** The result of a payment that a line `sending` names. */
export interface ManifestResult {
  /** Tells the lines apart. */
  readonly kind: 'result';
  /** RFC 3339, UTC, milliseconds. */
  readonly at: string;
  /** The payment's, which identifies it. */
  readonly fingerprint: string;
  /** The status of the producer's result. */
  readonly status: SendResult['status'];
  /** Why it was not accepted. */
  readonly code?: string;
  /** SQS's sequence number of an accepted payment. */
  readonly sequence_number?: string;
}

/** An invalid payment. It has no fingerprint, and its id may hold a card number. */
export interface ManifestRefusal {
  /** Tells the lines apart. */
  readonly kind: 'invalid';
  /** RFC 3339, UTC, milliseconds. */
  readonly at: string;
  /** Why it is invalid. */
  readonly code: string;
}

/** Ends a run that was not interrupted. */
export interface ManifestTotals {
  /** Tells the lines apart. */
  readonly kind: 'totals';
  /** RFC 3339, UTC, milliseconds. */
  readonly at: string;
  /** Results `accepted`. */
  readonly accepted: number;
  /** Results `refused`, and invalid payments. */
  readonly refused: number;
  /** Results `unknown`. */
  readonly unknown: number;
  /** Of the accepted payments, by currency. */
  readonly amounts: Readonly<Record<string, Amount>>;
}

/** A number of payments, and the sum of their amounts. */
export interface Amount {
  /** Number of payments. */
  readonly count: number;
  /** Minor units, as text: a sum may be larger than a double holds. */
  readonly sum: string;
}

/** Adds payments up by their currency. */
export class Amounts {
  private readonly sums = new Map<string, { count: number; sum: bigint }>();

  add({ currency, amount }: Pick<PaymentMessage, 'currency' | 'amount'>): void {
    const { count, sum } = this.sums.get(currency) ?? { count: 0, sum: 0n };
    this.sums.set(currency, { count: count + 1, sum: sum + BigInt(amount) });
  }

  toJSON(): Readonly<Record<string, Amount>> {
    const sorted = [...this.sums].sort(([one], [other]) => (one < other ? -1 : 1));
    return Object.fromEntries(sorted.map(([currency, { count, sum }]) => [currency, { count, sum: String(sum) }]));
  }
}

/** What a manifest says of its run. */
export interface ManifestOptions {
  /** URL of the payment queue. */
  readonly queueUrl: string;
  /** Who sends: the ARN of the credentials, as `sts:GetCallerIdentity` answers it. */
  readonly actor: string;
}

/**
 * A file that says which payments were sent, with their fingerprints, amounts and results, as JSON lines. It has no account numbers, and
 * nothing else of a payment. Each payment is on the disk before it is sent, so that a crash leaves nothing unknown: a payment
 * without a result may be in the queue. `payment-pipeline reconcile` compares the file with the payment table.
 */
export class Manifest {
  private readonly counts = { accepted: 0, refused: 0, unknown: 0 };
  private readonly amounts = new Amounts();
  private waiting = '';
  /** The write that takes what waits. */
  private next: Promise<void> | undefined;
  private last: Promise<void> = Promise.resolve();
  private isClosed = false;

  /** Opens the file, and begins a run. What the file has already stays. @throws the file system's errors */
  static async open(file: string, { queueUrl, actor }: ManifestOptions): Promise<Manifest> {
    const handle = await open(file, 'a+', 0o600);
    const manifest = new Manifest(handle);
    // A crash may have cut the last line.
    if (!(await endsItsLine(handle))) manifest.waiting = '\n';
    await manifest.append({ kind: 'run', manifest: 1, at: now(), queue_url: queueUrl, actor });
    return manifest;
  }

  private constructor(private readonly handle: FileHandle) {}

  /** To be awaited before the payment's first call. @throws the file system's errors */
  async sending(payment: PaymentMessage): Promise<void> {
    const { transaction_id, amount, currency } = payment;
    await this.append({ kind: 'sending', transaction_id, fingerprint: fingerprint(payment), amount, currency });
  }

  /** Notes the result of a payment. A failure to write it shows at the next payment, or at `close`. */
  result(payment: PaymentMessage, result: Pick<SendResult, 'status'> & Partial<SendResult>): void {
    const { status, code, sequenceNumber } = result as { code?: string; sequenceNumber?: string } & typeof result;
    this.counts[status]++;
    if (status === 'accepted') this.amounts.add(payment);
    const more = { ...(code && { code }), ...(sequenceNumber && { sequence_number: sequenceNumber }) };
    void this.append({ kind: 'result', at: now(), fingerprint: fingerprint(payment), status, ...more });
  }

  /** Notes an invalid payment. */
  invalid(code: string): void {
    this.counts.refused++;
    void this.append({ kind: 'invalid', at: now(), code });
  }

  /** Ends the run with its totals. Results of calls that still run are lost. @throws the file system's errors */
  async close(): Promise<void> {
    try {
      await this.append({ kind: 'totals', at: now(), ...this.counts, amounts: this.amounts.toJSON() });
    } finally {
      this.isClosed = true;
      await this.handle.close();
    }
  }

  /** Lines that come while a write runs share the next one. */
  private append(line: ManifestLine): Promise<void> {
    if (this.isClosed) return this.last;
    this.waiting += `${JSON.stringify(line)}\n`;
    if (this.next === undefined) {
      this.next = this.last = this.last.then(() => this.write());
      this.last.catch(() => undefined); // the next append gets it
    }
    return this.next;
  }

  private async write(): Promise<void> {
    const text = this.waiting;
    this.waiting = '';
    this.next = undefined;
    await this.handle.appendFile(text);
    await this.handle.datasync();
  }
}

async function endsItsLine(handle: FileHandle): Promise<boolean> {
  const { size } = await handle.stat();
  if (size === 0) return true;
  const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer.toString() === '\n';
}

function now(): string {
  return new Date().toISOString();
}

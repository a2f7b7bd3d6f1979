import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import * as v from 'valibot';
import { UsageError } from '../cli/command-error';
import type { ManifestLine, ManifestResult, ManifestSending, ManifestTotals, SendResult } from '../producer';
import { Amounts } from '../producer/manifest';

/** A payment of a manifest, with its best result of all runs: accepted before unknown, and unknown before refused. */
export interface ManifestPayment extends Omit<ManifestSending, 'kind'> {
  readonly status: SendResult['status'];
}

/** What a manifest says beside its payments. */
export interface ManifestFacts {
  /** Who sent, each once. */
  readonly actors: readonly string[];
  /** When the first run began. RFC 3339. */
  readonly since: string | undefined;
  /** Runs without totals: they were interrupted, or still run. */
  readonly unended_runs: number;
  /** Invalid payments, each as often as it was given. */
  readonly invalid: number;
}

const hash = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
const status = v.picklist(['accepted', 'refused', 'unknown']);
const count = v.pipe(v.number(), v.safeInteger());
const line: v.GenericSchema<unknown, ManifestLine> = v.variant('kind', [
  v.object({
    kind: v.literal('run'),
    manifest: v.literal(1),
    at: v.string(),
    queue_url: v.string(),
    actor: v.string(),
  }),
  v.object({
    kind: v.literal('sending'),
    transaction_id: v.string(),
    fingerprint: hash,
    amount: count,
    currency: v.string(),
  }),
  v.object({
    kind: v.literal('result'),
    at: v.string(),
    fingerprint: hash,
    status,
    code: v.exactOptional(v.string()),
    sequence_number: v.exactOptional(v.string()),
  }),
  v.object({ kind: v.literal('invalid'), at: v.string(), code: v.string() }),
  v.object({
    kind: v.literal('totals'),
    at: v.string(),
    accepted: count,
    refused: count,
    unknown: count,
    amounts: v.record(v.string(), v.object({ count, sum: v.string() })),
  }),
]);

/**
 * Reads a manifest. A payment comes once, whatever the number of runs: as soon as it was accepted, or else at the end. Takes about 100 bytes of
 * memory for each accepted payment, and 500 for each other one.
 */
export class ManifestFile {
  private readonly accepted = new Set<string>();
  /** Payments that no run has put into the queue for certain. */
  private readonly others = new Map<string, ManifestPayment>();
  private readonly actors = new Set<string>();
  private since: string | undefined;
  private runs = 0;
  private ended = 0;
  private invalid = 0;
  private run = new RunTotals();

  constructor(private readonly file: string) {}

  /** What the lines that were read say. */
  get facts(): ManifestFacts {
    const { actors, since, runs, ended, invalid } = this;
    return { actors: [...actors], since, unended_runs: runs - ended, invalid };
  }

  /** @throws UsageError when the file cannot be read, is no manifest, or was changed */
  async *payments(): AsyncGenerator<ManifestPayment, void, undefined> {
    let number = 0;
    let torn: number | undefined;
    for await (const text of this.lines()) {
      number++;
      if (text === '') continue;
      const read = v.safeParse(v.pipe(v.string(), v.parseJson(), line), text);
      // A crash cuts the last line of its run, and nothing but another run comes behind it.
      if (torn !== undefined && !(read.success && read.output.kind === 'run')) this.refuse(torn, 'is no line of one');
      torn = read.success ? undefined : number;
      if (!read.success) continue;
      if (this.runs === 0 && read.output.kind !== 'run') this.refuse(number, 'comes before any run');
      const accepted = this.take(read.output, number);
      if (accepted !== undefined) yield accepted;
    }
    if (this.runs === 0) throw new UsageError(`${this.file} is no manifest: give one that send --manifest wrote.`);
    yield* this.others.values();
  }

  /** @returns the payment when it is accepted for the first time */
  private take(read: ManifestLine, number: number): ManifestPayment | undefined {
    switch (read.kind) {
      case 'run':
        this.runs++;
        this.since ??= read.at;
        this.actors.add(read.actor);
        this.run = new RunTotals();
        return undefined;
      case 'invalid':
        this.invalid++;
        this.run.refused++;
        return undefined;
      case 'totals':
        this.ended++;
        if (!this.run.equal(read)) this.refuse(number, 'has other totals than its run');
        return undefined;
      case 'sending': {
        const { kind, ...payment } = read;
        this.run.begin(payment);
        const key = keyOf(payment);
        // Without a result it may be in the queue.
        if (!this.accepted.has(key)) this.others.set(key, { ...payment, status: 'unknown' });
        return undefined;
      }
      case 'result': {
        const begun = this.run.end(read);
        if (begun === undefined) return this.refuse(number, 'has the result of a payment that its run did not begin');
        const key = keyOf(read);
        if (this.accepted.has(key)) return undefined;
        if (read.status !== 'accepted') {
          this.others.set(key, { ...begun, status: read.status });
          return undefined;
        }
        this.others.delete(key);
        this.accepted.add(key);
        return { ...begun, status: 'accepted' };
      }
    }
  }

  private refuse(number: number, fault: string): never {
    throw new UsageError(
      `${this.file}, line ${number} ${fault}: the file was changed, or two programs wrote into it at a time.`,
    );
  }

  private async *lines(): AsyncGenerator<string> {
    try {
      yield* createInterface({ input: createReadStream(this.file), crlfDelay: Infinity });
    } catch (error) {
      throw new UsageError(`${this.file} cannot be read (${(error as NodeJS.ErrnoException).code}).`);
    }
  }
}

/** What the lines of one run add up to. */
class RunTotals {
  refused = 0;
  private accepted = 0;
  private unknown = 0;
  private readonly amounts = new Amounts();
  /** Payments without a result yet, which the producer has read ahead. One may be given more than once. */
  private readonly begun = new Map<string, { readonly payment: Omit<ManifestSending, 'kind'>; times: number }>();

  begin(payment: Omit<ManifestSending, 'kind'>): void {
    const { times } = this.begun.get(payment.fingerprint) ?? { times: 0 };
    this.begun.set(payment.fingerprint, { payment, times: times + 1 });
  }

  /** @returns the payment, if it was begun */
  end({ fingerprint, status }: ManifestResult): Omit<ManifestSending, 'kind'> | undefined {
    const begun = this.begun.get(fingerprint);
    if (begun === undefined) return undefined;
    if (--begun.times === 0) this.begun.delete(fingerprint);
    this[status]++;
    if (status === 'accepted') this.amounts.add(begun.payment);
    return begun.payment;
  }

  equal({ accepted, refused, unknown, amounts }: ManifestTotals): boolean {
    const isEqual = accepted === this.accepted && refused === this.refused && unknown === this.unknown;
    return isEqual && JSON.stringify(amounts) === JSON.stringify(this.amounts);
  }
}

/** The fingerprint in a quarter of the memory. */
function keyOf({ fingerprint }: { readonly fingerprint: string }): string {
  return Buffer.from(fingerprint, 'hex').toString('latin1');
}

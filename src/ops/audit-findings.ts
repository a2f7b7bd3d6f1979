import { isOutcome, type PaymentRecord, type RecordFault, recordFaults } from '../contract';
import type { LoggedHash } from './services';

/** A fault of one payment. */
export interface AuditFault {
  readonly transaction_id: string;
  readonly kind: RecordFault['kind'] | 'missing record' | 'entry not in the log';
  /** The field or the entry; no value. */
  readonly what: string;
}

/**
 * How long after its entry a line may come. A function that dies between the two leaves the line to the next delivery of the message, after the
 * visibility timeout.
 */
export const LATEST_LINE_MS = 3_600_000;
/** A line may be stamped a moment before its entry, by another clock. */
export const CLOCK_SKEW_MS = 60_000;
const HOUR_MS = 3_600_000;
/** Faults that are named; the others are counted. */
const MOST_FAULTS = 10_000;

export interface AuditPeriod {
  readonly from: number;
  readonly to: number;
  /** When the log begins. */
  readonly keptFrom: number;
  readonly now: number;
}

interface Waiting {
  readonly transactionId: string;
  readonly what: string;
  readonly at: number;
  /** The hash of the entry, and of those after it: each of them covers it. */
  readonly hashes: ReadonlySet<string>;
}

/** What the comparison of table and log has found so far. Its memory is bounded by one slice, and by an hour of entries without a line. */
export class AuditFindings {
  records = 0;
  lines = 0;
  faultCount = 0;
  readonly faults: AuditFault[] = [];
  readonly notProved = { earlier_release: 0, before_log: 0, too_recent: 0 };
  /** The hashes that the lines of the slice name, by payment, until its record is checked. */
  private readonly logged = new Map<string, Set<string>>();
  /** Entries without a line so far, by payment. */
  private readonly waiting = new Map<string, Waiting>();
  /** Payments of later slices whose line came before their entry. */
  private readonly provedAhead = new Set<string>();
  private readonly faulty = new Set<string>();

  constructor(private readonly period: AuditPeriod) {}

  get keptFrom(): number {
    return this.period.keptFrom;
  }

  /** Hours of the period for which there is no log. */
  get missingHours(): number {
    return Math.max(0, Math.min(this.period.keptFrom, this.period.to) - this.period.from) / HOUR_MS;
  }

  get isWaiting(): boolean {
    return this.waiting.size > 0;
  }

  /** When the oldest entry without a line was made. */
  get oldestWaiting(): number | undefined {
    return this.isWaiting ? Math.min(...[...this.waiting.values()].map(({ at }) => at)) : undefined;
  }

  /** Takes lines of the slice. */
  takeLines(lines: readonly LoggedHash[]): void {
    this.lines += lines.length;
    this.takeLateLines(lines);
    for (const { transactionId, hash } of lines) {
      const hashes = this.logged.get(transactionId);
      if (hashes === undefined) this.logged.set(transactionId, new Set([hash]));
      else hashes.add(hash);
    }
  }

  /** Takes lines for the entries that wait for one. */
  takeLateLines(lines: readonly LoggedHash[]): void {
    for (const { transactionId, hash } of lines)
      if (this.waiting.get(transactionId)?.hashes.has(hash) === true) this.waiting.delete(transactionId);
  }

  /** Checks a record whose last transition is in the slice. */
  checkRecord(record: PaymentRecord): void {
    this.records++;
    this.check(record, this.logged.get(record.transaction_id) ?? new Set());
    this.logged.delete(record.transaction_id);
  }

  /** Payments that lines of the slice name, and whose last transition is not in it. */
  uncheckedIds(): readonly string[] {
    return [...this.logged.keys()];
  }

  /** Checks the record of such a payment. @param sliceEnd of the slice */
  checkLogged(transactionId: string, record: PaymentRecord | undefined, sliceEnd: number): void {
    const hashes = this.logged.get(transactionId)!;
    this.logged.delete(transactionId);
    if (record === undefined) {
      this.addFault({ transaction_id: transactionId, kind: 'missing record', what: 'the log names it' });
      return;
    }
    const isProved = this.check(record, hashes);
    const ahead = record.timestamp === undefined ? -1 : Date.parse(record.timestamp) - sliceEnd;
    if (isProved && ahead >= 0 && ahead < CLOCK_SKEW_MS) this.provedAhead.add(transactionId);
  }

  /** Judges the entries whose lines should have come by now. */
  endSlice(sliceEnd: number): void {
    for (const waiting of this.waiting.values()) if (waiting.at + LATEST_LINE_MS < sliceEnd) this.judgeWaiting(waiting);
  }

  /** Judges all entries that are left. */
  end(): void {
    for (const waiting of this.waiting.values()) this.judgeWaiting(waiting);
  }

  /** @returns whether the log has the last outcome of the period, or a later entry */
  private check(record: PaymentRecord, hashes: ReadonlySet<string>): boolean {
    const { transaction_id, history } = record;
    for (const fault of recordFaults(record, [...hashes])) this.addFault({ transaction_id, ...fault });
    if (history.at(-1)?.hash === undefined) {
      this.notProved.earlier_release++;
      return false;
    }
    const { from, to, keptFrom } = this.period;
    const index = history.findLastIndex(({ status, at }) => isOutcome(status) && Date.parse(at) < to);
    const entry = history[index];
    if (entry === undefined || Date.parse(entry.at) < from) return false;
    const covering = new Set(history.slice(index).flatMap(({ hash }) => hash ?? []));
    if ([...hashes].some((hash) => covering.has(hash)) || this.provedAhead.delete(transaction_id)) {
      this.waiting.delete(transaction_id);
      return true;
    }
    const at = Date.parse(entry.at);
    if (at < keptFrom) this.notProved.before_log++;
    else
      this.waiting.set(transaction_id, {
        transactionId: transaction_id,
        what: `entry ${index + 1}`,
        at,
        hashes: covering,
      });
    return false;
  }

  private judgeWaiting({ transactionId, what, at }: Waiting): void {
    this.waiting.delete(transactionId);
    if (at + LATEST_LINE_MS > this.period.now) this.notProved.too_recent++;
    else this.addFault({ transaction_id: transactionId, kind: 'entry not in the log', what });
  }

  /** A record is checked once for each slice with a line of it, and has its faults each time. */
  private addFault(fault: AuditFault): void {
    const key = JSON.stringify(fault);
    if (this.faulty.has(key)) return;
    this.faultCount++;
    if (this.faults.length === MOST_FAULTS) return;
    this.faulty.add(key);
    this.faults.push(fault);
  }
}

import { type FailureCode, maskId } from '../../contract';
import type { FailedPayment } from './ports';

/** Longest pause between two failures of one incident. */
export const INCIDENT_GAP_MS = 30 * 60_000;

/** Time until a failed payment's message expires in the dead-letter queue, by default. */
const RETENTION_MS = 14 * 24 * 3_600_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export type Cause = FailureCode | 'UNKNOWN';
export type Age = 'underAnHour' | 'underADay' | 'under14Days' | 'over14Days';

/** Failures that have something in common. They are added as they are read: the latest first. */
export class Group {
  failed = 0;
  /** RFC 3339. */
  firstSeen: string;
  readonly lastSeen: string;
  readonly accounts = new Map<string, number>();
  /** Transaction id of the latest one, fit to be logged and mailed. */
  readonly exampleId: string;

  constructor({ transaction_id, timestamp }: FailedPayment) {
    this.firstSeen = timestamp;
    this.lastSeen = timestamp;
    this.exampleId = maskId(transaction_id);
  }

  add({ account_id, timestamp }: FailedPayment): void {
    this.failed++;
    this.accounts.set(account_id, (this.accounts.get(account_id) ?? 0) + 1);
    this.firstSeen = timestamp;
  }
}

/** Failures without a long pause between them, of any cause. */
export interface Incident {
  readonly all: Group;
  readonly byCause: ReadonlyMap<Cause, Group>;
  readonly byRelease: ReadonlyMap<string, Group>;
  readonly byAccount: ReadonlyMap<string, Group>;
}

/** Failed payments, counted as they are read: the latest failure first. */
export class Failures {
  total = 0;
  readonly byCause = new Map<Cause, number>();
  readonly byRelease = new Map<string, number>();
  readonly byAge = new Map<Age, number>();
  readonly byAccount = new Map<string, { failed: number; readonly exampleId: string }>();
  firstSeen: string | undefined;
  lastSeen: string | undefined;
  private readonly closed: Incident[] = [];
  private current: OpenIncident | undefined;

  /** @param now milliseconds since the epoch; ages are counted from here */
  constructor(private readonly now: number) {}

  add(payment: FailedPayment): void {
    this.total++;
    increment(this.byCause, causeOf(payment));
    increment(this.byRelease, payment.release_id);
    increment(this.byAge, ageOf(this.now - Date.parse(payment.timestamp)));
    const account = this.byAccount.get(payment.account_id) ?? { failed: 0, exampleId: maskId(payment.transaction_id) };
    account.failed++;
    this.byAccount.set(payment.account_id, account);
    this.lastSeen ??= payment.timestamp;
    this.firstSeen = payment.timestamp;
    this.addToIncident(payment);
  }

  /** The latest first. */
  get incidents(): readonly Incident[] {
    return [...this.closed, ...(this.current ? [this.current] : [])];
  }

  private addToIncident(payment: FailedPayment): void {
    if (this.current && Date.parse(this.current.all.firstSeen) - Date.parse(payment.timestamp) > INCIDENT_GAP_MS) {
      this.closed.push(this.current);
      this.current = undefined;
    }
    this.current ??= new OpenIncident(payment);
    this.current.add(payment);
  }
}

class OpenIncident implements Incident {
  readonly all: Group;
  readonly byCause = new Map<Cause, Group>();
  readonly byRelease = new Map<string, Group>();
  readonly byAccount = new Map<string, Group>();

  constructor(latest: FailedPayment) {
    this.all = new Group(latest);
  }

  add(payment: FailedPayment): void {
    this.all.add(payment);
    groupOf(this.byCause, causeOf(payment), payment).add(payment);
    groupOf(this.byRelease, payment.release_id, payment).add(payment);
    groupOf(this.byAccount, payment.account_id, payment).add(payment);
  }
}

function causeOf({ failure_code }: FailedPayment): Cause {
  return failure_code ?? 'UNKNOWN';
}

function ageOf(milliseconds: number): Age {
  if (milliseconds < HOUR_MS) return 'underAnHour';
  if (milliseconds < DAY_MS) return 'underADay';
  return milliseconds < RETENTION_MS ? 'under14Days' : 'over14Days';
}

function groupOf<K>(groups: Map<K, Group>, key: K, payment: FailedPayment): Group {
  const group = groups.get(key) ?? new Group(payment);
  groups.set(key, group);
  return group;
}

function increment<K>(counts: Map<K, number>, key: K): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

import { isDecision, type PaymentRecord } from '../../src/contract';
import type { MemoryStore } from './memory-store';

/** Sees every change of every record of a store, and notes those that no transition allows. */
export class AuditTrail {
  readonly faults: string[] = [];
  /** Transaction ids in the order in which their payments came to their end. */
  readonly settled: string[] = [];
  private readonly seen = new Map<string, PaymentRecord>();

  constructor(store: MemoryStore) {
    const put = store.records.set.bind(store.records);
    store.records.set = (id, record) => {
      this.look(id, record);
      return put(id, record);
    };
  }

  private look(id: string, record: PaymentRecord): void {
    const before = this.seen.get(id);
    const fault = before === undefined ? faultOfFirst(record) : faultOfChange(before, record);
    if (before?.payment_status === 'PROCESSING' && record.payment_status !== 'PROCESSING') this.settled.push(id);
    if (fault !== undefined) this.faults.push(`${id}: ${fault}, at ${JSON.stringify(record.history)}`);
    this.seen.set(id, structuredClone(record));
  }
}

function faultOfFirst({ payment_status, attempts, history }: PaymentRecord): string | undefined {
  if (payment_status !== 'PROCESSING' || attempts !== 1 || history.length !== 1) return 'it does not begin with one claim';
  return undefined;
}

function faultOfChange(before: PaymentRecord, after: PaymentRecord): string | undefined {
  const added = after.history.slice(before.history.length);
  if (JSON.stringify(after.history.slice(0, before.history.length)) !== JSON.stringify(before.history)) return 'its history was rewritten';
  if (before.payment_status === 'FAILED') return faultOfFailed(before, after);
  if (isDecision(before.payment_status)) return 'a decided payment was changed';
  const [entry] = added;
  if (added.length !== 1 || entry === undefined) return 'a change that is not one entry of the history';
  const takenOver = entry.status === 'PROCESSING';
  if (after.attempts !== before.attempts + (takenOver ? 1 : 0)) return 'the attempts do not follow';
  if (entry.attempt !== after.attempts || entry.status !== after.payment_status || entry.at !== after.timestamp) return 'the entry is not what the record says';
  return undefined;
}

function faultOfFailed(before: PaymentRecord, after: PaymentRecord): string | undefined {
  const { dead_lettered_at, ...rest } = after;
  if (before.dead_lettered_at !== undefined || dead_lettered_at === undefined) return 'a failed payment was changed';
  return JSON.stringify(rest) === JSON.stringify(before) ? undefined : 'a failed payment was changed beside its dead letter';
}

import { FAILURES, type HistoryEntry, isDecided, type PaymentRecord } from '../../../src/contract';
import type { MemoryStore } from './memory-store';

/** Sees every change of every record of a store, and notes those that no transition allows. */
export class RecordAudit {
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
    for (const field of misplacedFields(record)) this.faults.push(`${id} is ${record.payment_status} with ${field}`);
    this.seen.set(id, structuredClone(record));
  }
}

/**
 * Whether a write added entries to the history, and took none but claims from between its first and its last, each of them
 * counted. @returns what it added; undefined when the history was rewritten otherwise
 */
export function addedEntries(before: PaymentRecord, after: PaymentRecord): readonly HistoryEntry[] | undefined {
  const isSame = (one: HistoryEntry | undefined, other: HistoryEntry) => textOf(one) === textOf(other);
  const left: HistoryEntry[] = [];
  let kept = 0;
  for (const entry of before.history) {
    if (isSame(after.history[kept], entry)) kept++;
    else left.push(entry);
  }
  const counted = (after.history_omitted ?? 0) - (before.history_omitted ?? 0);
  const isKept =
    isSame(after.history[0], before.history[0]!) &&
    left.every(({ status }) => status === 'PROCESSING') &&
    left.length === counted;
  return isKept ? after.history.slice(kept) : undefined;
}

/** Without the hash that an entry gets when the one before it is lost: `recordFaults` judges that. */
function textOf(entry: HistoryEntry | undefined): string {
  return JSON.stringify({ ...entry, previous_hash: undefined });
}

const FIELDS_OF_STATUS = {
  PROCESSING: ['parked_behind'],
  decided: ['fraud'],
  FAILED: ['failure_code', 'failure_message', 'dead_lettered_at', 'discarded_at'],
} as const satisfies Readonly<Record<string, readonly (keyof PaymentRecord)[]>>;

/** Violations of a record's type. The compiler cannot find these, because the table changes single fields of a record. */
export function misplacedFields(record: PaymentRecord): string[] {
  const own: readonly string[] = FIELDS_OF_STATUS[isDecided(record) ? 'decided' : record.payment_status];
  const misplaced = Object.values(FIELDS_OF_STATUS)
    .flat()
    .filter((field) => record[field] !== undefined && !own.includes(field));
  const required = isDecided(record) ? 'fraud' : record.payment_status === 'FAILED' ? 'failure_code' : 'history';
  const { failure_code: code } = record;
  const isElsewhere = code !== undefined && !FAILURES[code].appearsIn.includes('payment record');
  return [
    ...misplaced,
    ...(record[required] === undefined ? [`no ${required}`] : []),
    ...(isFirstAttempt(record) === (record.timestamp === undefined) ? [] : [`the timestamp ${record.timestamp}`]),
    ...(isElsewhere ? [`the code ${code}, which is for other places`] : []),
  ];
}

/** Whether the payment is in its first attempt, which is not in the status index. */
function isFirstAttempt({ payment_status, attempts, history }: PaymentRecord): boolean {
  return payment_status === 'PROCESSING' && attempts === 1 && history.at(-1)!.reason === undefined;
}

function faultOfFirst({ payment_status, attempts, history }: PaymentRecord): string | undefined {
  if (payment_status !== 'PROCESSING' || attempts !== 1 || history.length !== 1)
    return 'it does not begin with one claim';
  return undefined;
}

function faultOfChange(before: PaymentRecord, after: PaymentRecord): string | undefined {
  const added = addedEntries(before, after);
  if (added === undefined) return 'its history was rewritten';
  if (before.payment_status === 'FAILED') return faultOfFailed(before, after);
  if (isDecided(before)) return 'a decided payment was changed';
  const [entry] = added;
  if (added.length !== 1 || entry === undefined) return 'a change that is not one entry of the history';
  const takenOver = entry.status === 'PROCESSING';
  if (after.attempts !== before.attempts + (takenOver ? 1 : 0)) return 'the attempts do not follow';
  if (entry.attempt !== after.attempts || entry.status !== after.payment_status || entry.at !== after.timestamp)
    return 'the entry is not what the record says';
  return undefined;
}

function faultOfFailed(before: PaymentRecord, after: PaymentRecord): string | undefined {
  const { dead_lettered_at, ...rest } = after;
  if (before.dead_lettered_at !== undefined || dead_lettered_at === undefined) return 'a failed payment was changed';
  return JSON.stringify(rest) === JSON.stringify(before)
    ? undefined
    : 'a failed payment was changed beside its dead letter';
}

import { type Held, heldKey, heldKeyOf, type PaymentIdentity, type PaymentRecord } from '../../contract';
import type { Invocation } from '../../runtime/ports';
import type { AccountHolds } from './account-holds';
import type { BulkRequest } from './event';
import type { ScanAction, ScanResult, StoppedBy } from './dead-letter-scanner';
import { codeOf, type Services, timeIsLeft } from './ports';

/** The dead letters that the scan has seen. A letter of another payment with the same transaction id does not count as the payment's. */
export class SeenPayments {
  private readonly ids = new Set<string>();
  private readonly payments = new Set<string>();
  private readonly conflicting = new Set<string>();

  /** @param identity undefined for an invalid message */
  add(messageId: string, identity: PaymentIdentity | undefined): void {
    this.ids.add(messageId);
    if (identity === undefined) return;
    this.ids.add(identity.transaction_id);
    this.payments.add(heldKeyOf(identity));
  }

  /** The transaction id of a letter belongs to another payment, which may have lost its own letter. */
  addConflict({ transaction_id }: PaymentIdentity): void {
    this.conflicting.add(transaction_id);
  }

  /** @param id of a message or a payment */
  has(id: string): boolean {
    return this.ids.has(id);
  }

  hasConflict(id: string): boolean {
    return this.conflicting.has(id);
  }

  /** @param key of the payment's entry in a hold */
  hasPayment(key: string): boolean {
    return this.payments.has(key);
  }
}

/** The results of the targets whose dead letters were not seen. */
export interface RecordScanResult {
  /** Transaction ids without a record. They may be behind other dead letters of their account, past which SQS shows nothing. */
  readonly unreachable: readonly string[];
  /** There is nothing to do for them. */
  readonly notFound: readonly string[];
  /** The error that ended the scan, if one did. */
  readonly error?: string;
  readonly stoppedBy?: StoppedBy;
}

/**
 * Scans the records of the event's targets whose dead letters were not seen: their letters have expired, were purged, or cannot be
 * received. Each transaction id of the event is a target; without transaction ids, each entry in the holds of its accounts.
 */
export class RecordScanner {
  private readonly unreachable: string[] = [];
  private readonly notFound: string[] = [];

  constructor(
    private readonly request: BulkRequest,
    private readonly seen: SeenPayments,
    private readonly letters: ScanResult,
    private readonly holds: AccountHolds,
    private readonly services: Services,
    private readonly invocation: Invocation,
    private readonly visit: (record: PaymentRecord) => Promise<ScanAction | 'nothing to do'>,
  ) {}

  /** Throws nothing: the answer must say what was done before. */
  async scan(): Promise<RecordScanResult> {
    const { unreachable, notFound, letters } = this;
    // A scan that was stopped may have missed any letter.
    if (letters.stoppedBy !== undefined) return { unreachable, notFound, stoppedBy: letters.stoppedBy };
    try {
      const stoppedBy =
        this.request.transactionIds === undefined
          ? await this.visitAccounts()
          : await this.visitIds(this.request.transactionIds);
      return { unreachable, notFound, ...(stoppedBy && { stoppedBy }) };
    } catch (error) {
      this.services.telemetry.warn('Answer incomplete', { error_code: codeOf(error) });
      return { unreachable, notFound, stoppedBy: 'error', error: codeOf(error) };
    }
  }

  private async visitIds(ids: ReadonlySet<string>): Promise<StoppedBy | undefined> {
    for (const id of ids) {
      if (this.seen.has(id) && !this.seen.hasConflict(id)) continue;
      if (!timeIsLeft(this.services, this.invocation)) return 'deadline';
      const record = await this.services.payments.read(id);
      if (this.seen.has(id) && (record === undefined || this.seen.hasPayment(heldKeyOf(record)))) continue;
      if (record === undefined && this.letters.blockedAccounts.size > 0) this.unreachable.push(id);
      else if (record === undefined || !this.isSelected(record.account_id)) this.notFound.push(id);
      else if (!this.letters.stoppedAccounts.has(record.account_id)) {
        const action = await this.visit(record);
        if (action === 'limit') return 'limit';
        if (action === 'nothing to do' && !this.seen.has(id)) this.notFound.push(id);
      }
    }
    return undefined;
  }

  private async visitAccounts(): Promise<StoppedBy | undefined> {
    for (const account of this.request.accountIds ?? []) {
      if (this.letters.stoppedAccounts.has(account)) continue;
      for (const entry of await this.holds.entriesOf(account)) {
        if (this.seen.hasPayment(heldKey(entry))) continue;
        if (!timeIsLeft(this.services, this.invocation)) return 'deadline';
        const record = await this.holds.blockingRecord(entry);
        if (record === undefined) await this.lift(account, entry);
        else if ((await this.visit(record)) === 'limit') return 'limit';
      }
    }
    return undefined;
  }

  private async lift(account: string, entry: Held): Promise<void> {
    if (!this.request.dryRun) await this.holds.remove(account, entry);
  }

  private isSelected(account: string): boolean {
    return this.request.accountIds?.has(account) ?? true;
  }
}

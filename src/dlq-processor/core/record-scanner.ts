import { type Held, heldKey, heldPayment, type PaymentIdentity, type PaymentRecord } from '../../contract';
import type { AccountHolds } from './account-holds';
import type { BulkRequest } from './event';
import { type Invocation, type Services, timeIsLeft } from './invocation';
import { codeOf, type StoppedBy, type ScanAction, type ScanResult } from './dead-letter-scanner';

/** What the walk through the dead letters has met. A letter of another payment under the same transaction id is not the payment's. */
export class SeenPayments {
  private readonly ids = new Set<string>();
  private readonly payments = new Set<string>();
  private readonly conflicting = new Set<string>();

  /** @param identity undefined for an invalid message */
  add(messageId: string, identity: PaymentIdentity | undefined): void {
    this.ids.add(messageId);
    if (identity === undefined) return;
    this.ids.add(identity.transaction_id);
    this.payments.add(heldKey(heldPayment(identity, '')));
  }

  /** The transaction id of a letter that was met belongs to another payment, which may have lost its own letter. */
  conflicts({ transaction_id }: PaymentIdentity): void {
    this.conflicting.add(transaction_id);
  }

  /** @param id of a message or a payment */
  has(id: string): boolean {
    return this.ids.has(id);
  }

  hasConflict(id: string): boolean {
    return this.conflicting.has(id);
  }

  hasPayment(payment: Held): boolean {
    return this.payments.has(heldKey(payment));
  }
}

/** What came of the targets whose dead letters were not seen. */
export interface RecordScanResult {
  /** Without a record, maybe behind other dead letters of their account: SQS does not show past those. */
  readonly unreachable: readonly string[];
  /** There is nothing to do for them. */
  readonly notFound: readonly string[];
  /** What ended the walk, if an error did. */
  readonly error?: string;
  readonly stoppedBy?: StoppedBy;
}

/**
 * A walk through the records of the event's targets that the walk through the dead letters did not meet: their letters have expired,
 * were purged, or cannot be seen. Each transaction id of the event is a target; without such, each payment that holds an account of it.
 */
export class RecordScanner {
  private readonly unreachable: string[] = [];
  private readonly notFound: string[] = [];

  constructor(
    private readonly request: BulkRequest,
    private readonly met: SeenPayments,
    private readonly letters: ScanResult,
    private readonly holds: AccountHolds,
    private readonly services: Services,
    private readonly invocation: Invocation,
    private readonly visit: (record: PaymentRecord) => Promise<ScanAction | 'nothing to do'>,
  ) {}

  /** Throws nothing: what was done before must be told. */
  async scan(): Promise<RecordScanResult> {
    const { unreachable, notFound, letters } = this;
    // A walk that was stopped may have missed any letter.
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
      if (this.met.has(id) && !this.met.hasConflict(id)) continue;
      if (!timeIsLeft(this.services, this.invocation)) return 'deadline';
      const record = await this.services.payments.read(id, this.invocation.signal);
      if (this.met.has(id) && (record === undefined || this.met.hasPayment(heldPayment(record, '')))) continue;
      if (record === undefined && this.letters.blockedAccounts.size > 0) this.unreachable.push(id);
      else if (record === undefined || !this.isSelected(record.account_id)) this.notFound.push(id);
      else if (!this.letters.stoppedAccounts.has(record.account_id)) {
        const visit = await this.visit(record);
        if (visit === 'limit') return 'limit';
        if (visit === 'nothing to do' && !this.met.has(id)) this.notFound.push(id);
      }
    }
    return undefined;
  }

  private async visitAccounts(): Promise<StoppedBy | undefined> {
    for (const account of this.request.accountIds ?? []) {
      if (this.letters.stoppedAccounts.has(account)) continue;
      for (const entry of await this.holds.entriesOf(account)) {
        if (this.met.hasPayment(entry)) continue;
        if (!timeIsLeft(this.services, this.invocation)) return 'deadline';
        const blocker = await this.holds.blockerOf(entry);
        if (blocker === undefined) await this.lift(account, entry);
        else if ((await this.visit(blocker.record)) === 'limit') return 'limit';
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

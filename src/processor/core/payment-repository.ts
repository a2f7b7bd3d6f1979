import {
  type DecidedRecord,
  type FailedRecord,
  isOwnWrite,
  type HistoryEntry,
  isDecided,
  isDiscarded,
  mayBeHeld,
  METRICS,
  newRecord,
  PAYMENT_STATUSES,
  type PaymentMessage,
  type PaymentRecord,
  type PaymentStatus,
  shortenedHistory,
} from '../../contract';
import type { PaymentDelivery } from './payment-delivery';
import type { Invocation, Services, Settings } from './invocation';
import { type QueueMessage, StoreError, type Transition } from './ports';

/** What a delivery of a payment meets in the table. */
export type Claim =
  /** Ours to decide; `attempt` fences every write from here on. */
  | { readonly kind: 'owned'; readonly attempt: number; readonly mayBeHeld: boolean }
  /** Decided or discarded before: nothing is left to do. */
  | { readonly kind: 'ended'; readonly mayBeHeld: boolean }
  /** Failed before, and its message is in the dead-letter queue. */
  | { readonly kind: 'quarantined'; readonly record: FailedRecord }
  /** Failed before, but its message may not be in the dead-letter queue yet. */
  | { readonly kind: 'unquarantined'; readonly record: FailedRecord }
  /** The transaction id belongs to another payment. */
  | { readonly kind: 'conflict' }
  /** Another invocation is at it. */
  | { readonly kind: 'lost' };

/** What the end of a payment writes. */
type Settlement =
  | Pick<DecidedRecord, 'payment_status' | 'fraud'>
  | (Pick<FailedRecord, 'payment_status'> & Required<Pick<FailedRecord, 'failure_code' | 'failure_message'>>);

/** One invocation's hand in the payment table: claims payments, and settles those that it owns. */
export class PaymentRepository {
  constructor(
    private readonly services: Services,
    private readonly settings: Settings,
    private readonly invocation: Invocation,
  ) {}

  /**
   * Claims a payment, to be checked or to be parked: either way a late write of its former owner meets a new fence.
   * @param parkedBehind transaction id of the payment behind which it is to be parked
   * @throws StoreError when the table did not answer
   */
  async claim(
    { payment, identity: { fingerprint }, message }: PaymentDelivery,
    parkedBehind: string | undefined,
  ): Promise<Claim> {
    const entry = this.claimEntry(1, parkedBehind);
    const record = {
      ...newRecord(payment, fingerprint, message.sequenceNumber, entry),
      ...(parkedBehind !== undefined && { parked_behind: parkedBehind }),
    };
    if (await this.services.store.insert(record, this.invocation.signal))
      return { kind: 'owned', attempt: 1, mayBeHeld: false };
    const found = await this.read(payment.transaction_id);
    if (found === undefined) throw new StoreError('claim the payment', 'RecordVanished');
    if (found.fingerprint === fingerprint && isOwnWrite(found, entry))
      return { kind: 'owned', attempt: 1, mayBeHeld: false };
    return terminalState(found, fingerprint) ?? this.takeOver(found, message, parkedBehind);
  }

  /** Writes the payment's end, and counts it if the write was ours. */
  async settle(
    payment: PaymentMessage,
    attempt: number,
    { payment_status: status, ...changes }: Settlement,
  ): Promise<'settled' | 'settled-elsewhere' | 'lost'> {
    const entry = this.entry(status, attempt);
    const result = await this.write({ transactionId: payment.transaction_id, fence: attempt, entry, changes });
    if (result === 'written') {
      this.services.telemetry.count(METRICS.processed);
      this.services.telemetry.count(PAYMENT_STATUSES[status].metric);
      return 'settled';
    }
    return result !== undefined && isDecided(result) ? 'settled-elsewhere' : 'lost';
  }

  /** @returns whether this call was the one that noted it */
  async markDeadLettered(record: Pick<PaymentRecord, 'transaction_id' | 'attempts'>): Promise<boolean> {
    return this.services.store.markDeadLettered(record, this.time(), this.invocation.signal);
  }

  /**
   * The former owner crashed, returned the payment to the queue, or still runs: then its late writes meet our fence. While the
   * fence holds, the history is the one that was read, so that it can be shortened.
   */
  private async takeOver(
    found: PaymentRecord,
    message: QueueMessage,
    parkedBehind: string | undefined,
  ): Promise<Claim> {
    const attempt = found.attempts + 1;
    const entry = this.claimEntry(attempt, parkedBehind);
    const result = await this.write({
      transactionId: found.transaction_id,
      fence: found.attempts,
      entry,
      parkedBehind,
      changes: { sequence_number: message.sequenceNumber, ...shortenedHistory(found, entry) },
    });
    if (result === 'written') return { kind: 'owned', attempt, mayBeHeld: mayBeHeld(found) };
    return result !== undefined && isDecided(result)
      ? { kind: 'ended', mayBeHeld: mayBeHeld(result) }
      : { kind: 'lost' };
  }

  /** @returns the record that stood in the way */
  private async write(transition: Transition): Promise<'written' | PaymentRecord | undefined> {
    if (await this.services.store.transition(transition, this.invocation.signal)) return 'written';
    const found = await this.read(transition.transactionId);
    return isOwnWrite(found, transition.entry) ? 'written' : found;
  }

  private read(transactionId: string): Promise<PaymentRecord | undefined> {
    return this.services.store.read(transactionId, this.invocation.signal);
  }

  private claimEntry(attempt: number, parkedBehind: string | undefined): HistoryEntry {
    const entry = this.entry('PROCESSING', attempt);
    return parkedBehind === undefined ? entry : { ...entry, reason: `parked behind ${parkedBehind}` };
  }

  private entry(status: PaymentStatus, attempt: number): HistoryEntry {
    const { requestId: request_id } = this.invocation;
    return { status, at: this.time(), attempt, request_id, release_id: this.settings.releaseId };
  }

  private time(): string {
    return new Date(this.services.clock.now()).toISOString();
  }
}

function terminalState(found: PaymentRecord, fingerprint: string): Claim | undefined {
  if (found.fingerprint !== fingerprint) return { kind: 'conflict' };
  if (isDecided(found) || isDiscarded(found)) return { kind: 'ended', mayBeHeld: mayBeHeld(found) };
  if (found.payment_status === 'PROCESSING') return undefined;
  return { kind: found.dead_lettered_at === undefined ? 'unquarantined' : 'quarantined', record: found };
}

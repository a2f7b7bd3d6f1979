import { type Held, heldKey, heldKeyOf, isBlocking, type PaymentIdentity, type PaymentRecord } from '../../contract';
import type { Services } from './ports';

/** The holds of the accounts of one run. An account's hold is read once, and again when it may have changed. */
export class AccountHolds {
  private readonly known = new Map<string, readonly Held[]>();
  /** Payments that no longer block their account, or are in the payment queue: SQS delivers them before later messages. */
  private readonly onTheirWay = new Set<string>();

  constructor(private readonly services: Pick<Services, 'holds' | 'payments'>) {}

  /** Oldest first. */
  async entriesOf(accountId: string): Promise<readonly Held[]> {
    return this.known.get(accountId) ?? this.read(accountId);
  }

  /**
   * The record of the payment behind which this one would be parked again, if it were sent now.
   * @param hasPlace whether an entry of its own counts: a discard takes that out of the hold, after its record says so
   * @param onItsWay called, once a run, for each older one that is in the payment queue, or should be
   */
  async blockerOf(
    payment: PaymentIdentity,
    hasPlace: boolean,
    onItsWay: (record: PaymentRecord) => Promise<void>,
  ): Promise<PaymentRecord | undefined> {
    const own = heldKeyOf(payment);
    for (const entry of await this.entriesOf(payment.account_id)) {
      const key = heldKey(entry);
      if (key === own) {
        if (hasPlace) return undefined;
        continue;
      }
      if (this.onTheirWay.has(key)) continue;
      const record = await this.blockingRecord(entry);
      if (record !== undefined && isAwayFromQueue(record)) return record;
      if (record !== undefined) await onItsWay(record);
      this.onTheirWay.add(key);
    }
    return undefined;
  }

  /** The entry's record; undefined if the account does not wait for the entry. */
  async blockingRecord(entry: Held): Promise<PaymentRecord | undefined> {
    const record = await this.services.payments.read(entry.transactionId);
    return isBlocking(entry, record) ? record : undefined;
  }

  /** Forgets the account's hold, which another run may have changed. It is read again when it is needed. */
  forget(accountId: string): void {
    this.known.delete(accountId);
  }

  /** Marks the payment as sent to the payment queue: others of its account may follow it. */
  markOnItsWay(payment: PaymentIdentity): void {
    this.onTheirWay.add(heldKeyOf(payment));
  }

  isOnItsWay(payment: PaymentIdentity): boolean {
    return this.onTheirWay.has(heldKeyOf(payment));
  }

  /** Removes the payment's entry, if it has one: it no longer blocks its account. */
  async lift(payment: PaymentIdentity): Promise<void> {
    const { account_id } = payment;
    const own = heldKeyOf(payment);
    const isOwn = (entry: Held) => heldKey(entry) === own;
    // The entry may have been added after the hold was read.
    const entry = this.known.get(account_id)?.find(isOwn) ?? (await this.read(account_id)).find(isOwn);
    if (entry !== undefined) await this.remove(account_id, entry);
  }

  /** Removes an entry that does not block its account. */
  async remove(accountId: string, entry: Held): Promise<void> {
    await this.services.holds.lift(accountId, entry);
    this.known.set(
      accountId,
      (await this.entriesOf(accountId)).filter((other) => other !== entry),
    );
  }

  private async read(accountId: string): Promise<readonly Held[]> {
    const entries = await this.services.holds.read(accountId);
    this.known.set(accountId, entries);
    return entries;
  }
}

/** FAILED, or parked: only a redrive sends it to the payment queue again. */
export function isAwayFromQueue({ payment_status, parked_behind }: PaymentRecord): boolean {
  return payment_status === 'FAILED' || parked_behind !== undefined;
}

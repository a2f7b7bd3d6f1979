import {
  type DecidedRecord,
  type EndedFields,
  type EndedRecord,
  type FailedRecord,
  isOwnWrite,
  hashed,
  type HashedEntry,
  addEntry,
  isDecided,
  isDiscarded,
  METRICS,
  newRecord,
  PAYMENT_STATUSES,
  type PaymentMessage,
  type PaymentRecord,
  type PaymentStatus,
  type ProcessingRecord,
  recordStateOf,
  parkingReason,
  type NewEntry,
  type Sending,
  transitionFields,
} from '../../contract';
import { historyEntry, type Invocation, isoTime, ServiceError } from '../../runtime/ports';
import type { PaymentDelivery } from './payment-delivery';
import type { QueueMessage, Services, Transition } from './ports';

/** The record of a payment that this invocation has claimed. */
export type OwnedRecord = Omit<ProcessingRecord, 'parked_behind'>;

/** The result of a claim: the payment's state in the table. */
export type Claim =
  /** This invocation owns the payment, whose `attempts` fence every later write. */
  | { readonly kind: 'owned'; readonly record: OwnedRecord }
  /** Decided or discarded before: nothing is left to do. */
  | { readonly kind: 'ended'; readonly record: EndedRecord }
  /** Failed before, and its message is in the dead-letter queue. */
  | { readonly kind: 'quarantined'; readonly record: FailedRecord }
  /** Failed before, but its message may not be in the dead-letter queue yet. */
  | { readonly kind: 'unquarantined'; readonly record: FailedRecord }
  /** The transaction id belongs to another payment. */
  | { readonly kind: 'conflict' }
  /** Another invocation owns the payment. */
  | { readonly kind: 'lost' };

/** The fields that settle a payment's record. */
type Settlement =
  | Pick<DecidedRecord, 'payment_status' | 'fraud'>
  | (Pick<FailedRecord, 'payment_status'> & Required<Pick<FailedRecord, 'failure_code' | 'failure_message'>>);

/** The result of settling a payment. */
export type SettleResult =
  /** It has an outcome, by this call or by another invocation. */
  | { readonly kind: 'settled' | 'settled-elsewhere'; readonly record: EndedFields }
  /** Another invocation owns the payment. */
  | { readonly kind: 'lost' };

/** Claims payments in the payment table for one invocation, and settles those that it owns. */
export class PaymentRepository {
  constructor(
    private readonly services: Services,
    private readonly invocation: Invocation,
  ) {}

  /**
   * Claims a payment, to be checked or to be parked: either way the fence refuses a late write of its former owner.
   * @param parkedBehind transaction id of the payment behind which it is to be parked
   * @throws ServiceError when the table did not answer
   */
  async claim(
    { payment, identity: { fingerprint }, message }: PaymentDelivery,
    parkedBehind: string | undefined,
  ): Promise<Claim> {
    const record = newRecord(payment, fingerprint, sendingOf(message), this.claimEntry(1, parkedBehind));
    const owned = { kind: 'owned', record } as const;
    const parking = parkedBehind === undefined ? {} : { parked_behind: parkedBehind };
    if (await this.services.store.insert({ ...record, ...parking })) return owned;
    const state = recordStateOf(await this.services.store.read(payment.transaction_id), fingerprint);
    switch (state.kind) {
      case 'unrecorded':
        throw new ServiceError('payment table', 'claim a payment', 'RecordVanished');
      case 'conflicting':
        return { kind: 'conflict' };
      case 'settled':
        return { kind: 'ended', record: state.record };
      case 'failed':
        return claimOfFailed(state.record);
      case 'open':
        return isOwnWrite(state.record, lastEntry(record)) ? owned : this.takeOver(state.record, message, parkedBehind);
    }
  }

  /** Writes the payment's end, and counts it if the write was ours. */
  async settle(record: OwnedRecord, { payment_status: status, ...changes }: Settlement): Promise<SettleResult> {
    const failure = 'failure_code' in changes ? changes : {};
    const ending = { ...this.entry(status, record.attempts), ...failure };
    const entry = hashed(ending, record.history.at(-1)?.hash, { ...record, ...changes });
    const result = await this.write({
      transactionId: record.transaction_id,
      fence: record.attempts,
      entry,
      changes: { ...transitionFields(entry), ...changes },
    });
    if (result === 'written') {
      this.services.telemetry.count(METRICS.processed);
      this.services.telemetry.count(PAYMENT_STATUSES[status].metric);
      const ended = { ...record, ...transitionFields(entry), payment_status: status, timestamp: entry.at, ...changes };
      return { kind: 'settled', record: { ...ended, history: [...record.history, entry] } };
    }
    if (result === undefined || !isDecided(result)) return { kind: 'lost' };
    return { kind: 'settled-elsewhere', record: result };
  }

  /** @returns whether this call was the one that noted it */
  markDeadLettered({ transaction_id }: PaymentMessage, attempts: number): Promise<boolean> {
    return this.services.store.markDeadLettered({ transaction_id, attempts }, isoTime(this.services.clock));
  }

  /**
   * The former owner crashed, returned the payment to the queue, or still runs: then our fence refuses its late writes. While the
   * fence holds, the history is the one that was read, so that it can be shortened.
   */
  private async takeOver(
    found: ProcessingRecord,
    message: QueueMessage,
    parkedBehind: string | undefined,
  ): Promise<Claim> {
    const change = addEntry(found, this.claimEntry(found.attempts + 1, parkedBehind));
    const { entry, shortenedHistory } = change;
    const changes = { ...transitionFields(entry), ...sequenceNumbers(found, message.sequenceNumber) };
    const result = await this.write({
      transactionId: found.transaction_id,
      fence: found.attempts,
      ...change,
      parkedBehind,
      changes,
    });
    if (result === 'written') {
      const history = shortenedHistory ?? { history: [...found.history, entry] };
      return { kind: 'owned', record: { ...found, ...changes, payment_status: 'PROCESSING', ...history } };
    }
    return result !== undefined && isDecided(result) ? { kind: 'ended', record: result } : { kind: 'lost' };
  }

  /** @returns the record that prevented the write */
  private async write(transition: Transition): Promise<'written' | PaymentRecord | undefined> {
    if (await this.services.store.transition(transition)) return 'written';
    const found = await this.services.store.read(transition.transactionId);
    return isOwnWrite(found, transition.entry) ? 'written' : found;
  }

  private claimEntry(attempt: number, parkedBehind: string | undefined): NewEntry {
    return this.entry('PROCESSING', attempt, parkedBehind === undefined ? undefined : parkingReason(parkedBehind));
  }

  private entry(status: PaymentStatus, attempt: number, reason?: string): NewEntry {
    return historyEntry(this.invocation, this.services.clock, status, attempt, reason === undefined ? {} : { reason });
  }
}

function sendingOf({ sequenceNumber, senderId, sentAt }: QueueMessage): Sending {
  return {
    sequence_number: sequenceNumber,
    ...(senderId !== undefined && { sender_id: senderId }),
    ...(sentAt !== undefined && { sent_at: new Date(sentAt).toISOString() }),
  };
}

/** The latest sequence number, and the first one if that is another. */
function sequenceNumbers(
  { sequence_number, first_sequence_number = sequence_number }: ProcessingRecord,
  latest: string,
) {
  const isFirst = latest === first_sequence_number;
  return { sequence_number: latest, ...(!isFirst && { first_sequence_number }) };
}

function lastEntry({ history }: OwnedRecord): HashedEntry {
  return history.at(-1) as HashedEntry; // this release has written it
}

function claimOfFailed(record: FailedRecord): Claim {
  if (isDiscarded(record)) return { kind: 'ended', record };
  return { kind: record.dead_lettered_at === undefined ? 'unquarantined' : 'quarantined', record };
}

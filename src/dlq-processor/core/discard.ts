import {
  addEntry,
  type EndedFields,
  hasEnded,
  type FailedRecord,
  type NewEntry,
  isDecided,
  isDiscarded,
  newRecord,
  type PaymentMessage,
  type PaymentRecord,
  type RecordState,
  sha256,
  transitionFields,
} from '../../contract';
import { historyEntry, type Invocation, type LogFields, paymentFields } from '../../runtime/ports';
import type { BulkAnswer } from './bulk-answer';
import { BulkOperation, type Target } from './bulk-operation';
import type { ParsedDeadLetter } from './dead-letter';
import type { ScanAction } from './dead-letter-scanner';
import type { DiscardRequest } from './event';
import type { DeadLetter, Services } from './ports';

/** `attempts` of a payment that no invocation of the payment processor ever claimed. */
const UNCLAIMED = 0;

/**
 * Ends payments undecided. The reason goes into the payment's record, or into the log if the message has no record of its own; then the
 * message is deleted. The record stays, and keeps the transaction id: the same payment sent again is a duplicate.
 */
export function discard(request: DiscardRequest, services: Services, invocation: Invocation): Promise<BulkAnswer> {
  const operation = new BulkOperation(request, services, invocation);
  return operation.run(new Discard(request, operation, services, invocation));
}

type Undecided = Exclude<RecordState, { kind: 'settled' | 'conflicting' }>;

interface Source extends Target {
  /** Message id of the dead letter. */
  readonly payment?: PaymentMessage;
}

/** What the log keeps of a message that has no record, as it is in the dead-letter queue: there card numbers are masked. */
function bodyOf({ body }: DeadLetter): LogFields {
  return { body_sha256: sha256(body), body_bytes: Buffer.byteLength(body) };
}

class Discard {
  constructor(
    private readonly request: DiscardRequest,
    private readonly operation: BulkOperation,
    private readonly services: Services,
    private readonly invocation: Invocation,
  ) {}

  async visitLetter(letter: DeadLetter, parsed: ParsedDeadLetter): Promise<ScanAction> {
    if (parsed.kind === 'payment') return this.discard({ ...parsed, letter });
    return this.discardMessage(letter, { error_code: parsed.code });
  }

  async visitRecord(record: PaymentRecord): Promise<ScanAction | 'nothing to do'> {
    if (hasEnded(record) && (isDecided(record) || isDiscarded(record))) {
      await this.operation.publishOutcome(record);
      return 'nothing to do';
    }
    return this.discard({ identity: record });
  }

  private discard(source: Source): Promise<ScanAction> {
    return this.operation.actOn(source, (state) => this.discardAs(state, source));
  }

  private async discardAs(state: RecordState, source: Source): Promise<ScanAction | 'changed'> {
    const { identity } = source;
    if (state.kind === 'settled') return this.operation.dropCopy(source, state.record);
    if (state.kind === 'conflicting') return this.discardConflicting(source);
    if (!this.operation.takeOne(identity.transaction_id)) return 'limit';
    if (this.request.dryRun) return this.operation.leave('discarded', identity.transaction_id);
    const record = await this.giveUp(source, state);
    if (record === undefined) return 'changed';
    await this.operation.publishOutcome(record);
    await this.operation.holds.lift(identity);
    const fields = { status: 'FAILED', reason: this.request.reason, history_hash: record.history.at(-1)?.hash };
    await this.operation.deleteLetter(source, 'Payment discarded', fields);
    this.operation.results.add('discarded', identity.transaction_id);
    return 'deleted';
  }

  /** An invalid message, or a conflicting payment: it touches no record. */
  private async discardMessage(letter: DeadLetter, fields: LogFields): Promise<ScanAction> {
    const { messageId: message_id } = letter;
    if (!this.operation.takeOne(message_id)) return 'limit';
    if (this.request.dryRun) return this.operation.leave('discarded', message_id);
    this.services.telemetry.info('Message discarded', { message_id, ...fields, ...bodyOf(letter), ...this.why });
    await this.services.deadLetters.delete(letter);
    this.operation.results.add('discarded', message_id);
    return 'deleted';
  }

  private async discardConflicting({ identity, letter }: Source): Promise<ScanAction> {
    this.operation.addConflict(identity);
    if (letter === undefined) return this.operation.leave('conflicting', identity.transaction_id);
    if (!this.request.dryRun) await this.operation.holds.lift(identity);
    return this.discardMessage(letter, {
      ...paymentFields(identity, this.services.accountHash),
      error_code: 'CONFLICTING_TRANSACTION',
    });
  }

  /** @returns undefined when the record has changed, maybe by our own write, whose answer was lost: the next read shows it */
  private async giveUp(source: Source, state: Undecided): Promise<EndedFields | undefined> {
    if (state.kind === 'unrecorded') return this.record(source);
    const { record } = state;
    if (hasEnded(record) && this.isNoted(record)) return record; // by a run before us, or by a write of ours whose answer was lost
    const change = addEntry(record, this.entry(record.attempts));
    if (!(await this.services.payments.giveUp({ record, ...change }))) return undefined;
    const history = [...record.history, change.entry];
    if (hasEnded(record)) return { ...record, history };
    return {
      ...record,
      ...transitionFields(change.entry),
      timestamp: change.entry.at,
      payment_status: 'FAILED',
      failure_code: 'DISCARDED',
      history,
    };
  }

  /** The record takes the transaction id, so that the payment is not decided when it is sent again. */
  private async record({ payment, identity, letter }: Source): Promise<FailedRecord | undefined> {
    if (payment === undefined || letter === undefined) return undefined;
    const entry = this.entry(UNCLAIMED);
    const record: FailedRecord = {
      ...newRecord(payment, identity.fingerprint, { sequence_number: letter.sequenceNumber }, entry),
      payment_status: 'FAILED',
      timestamp: entry.at,
      failure_code: 'DISCARDED',
      failure_message: this.request.reason,
      dead_lettered_at: entry.at,
      discarded_at: entry.at,
    };
    return (await this.services.payments.insert(record)) ? record : undefined;
  }

  private entry(attempt: number): NewEntry {
    return historyEntry(this.invocation, this.services.clock, 'FAILED', attempt, this.why);
  }

  private isNoted({ history }: PaymentRecord): boolean {
    const last = history.at(-1);
    const { reason, actor } = this.request;
    return last?.status === 'FAILED' && last.reason === reason && last.actor === actor;
  }

  private get why() {
    return { reason: this.request.reason, ...this.operation.by };
  }
}

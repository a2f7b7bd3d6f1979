import {
  type DecidedRecord,
  type EndedFields,
  type PaymentIdentity,
  type PaymentRecord,
  type RecordState,
} from '../../contract';
import { type Invocation, type LogFields, paymentFields, ServiceError } from '../../runtime/ports';
import { AccountHolds } from './account-holds';
import { type BulkAnswer, BulkResults, type Result } from './bulk-answer';
import { parseDeadLetter, type ParsedDeadLetter, stateOf } from './dead-letter';
import { DeadLetterScanner, type ScanAction, type ScanResult } from './dead-letter-scanner';
import type { BulkRequest } from './event';
import { actOnRecord, codeOf, type DeadLetter, type Depth, type Services, publishOutcome, timeIsLeft } from './ports';
import { type RecordScanResult, RecordScanner, SeenPayments } from './record-scanner';

const DRY_RUN_NOTE =
  'A dry run changes nothing, so it sees at most the first ten messages of each account; it hid them while it looked, and they are visible again.';

/** A payment with its dead letter, or known by its record alone. */
export interface Target {
  readonly identity: PaymentIdentity;
  readonly letter?: DeadLetter;
}

/** Redrive and discard: the two ways to end what the event selects. */
interface Action {
  visitLetter(letter: DeadLetter, parsed: ParsedDeadLetter): Promise<ScanAction>;
  /** Treats a payment whose dead letter was not seen. */
  visitRecord(record: PaymentRecord): Promise<ScanAction | 'nothing to do'>;
}

/** One redrive or discard: the payments that it selects, its limit, and the result for each payment. */
export class BulkOperation {
  readonly holds: AccountHolds;
  readonly results = new BulkResults();
  private readonly seen = new SeenPayments();
  private readonly taken = new Set<string>();

  constructor(
    private readonly request: BulkRequest,
    private readonly services: Services,
    private readonly invocation: Invocation,
  ) {
    this.holds = new AccountHolds(services);
  }

  /** Scans the queue, and then the records of the targets that were not seen there. */
  async run(action: Action): Promise<BulkAnswer> {
    const { request, seen, holds, services, invocation } = this;
    const letters = await new DeadLetterScanner(services, invocation, (letter) => {
      const parsed = parseDeadLetter(letter);
      return this.isSelected(letter, parsed)
        ? action.visitLetter(letter, parsed)
        : Promise.resolve(this.leave('notSelected', letter.messageId));
    }).scan();
    const records = await new RecordScanner(request, seen, letters, holds, services, invocation, (record) =>
      action.visitRecord(record),
    ).scan();
    return this.answer(letters, records);
  }

  /**
   * Acts on a payment as its record stands, and again when the record has changed meanwhile.
   * @throws ServiceError when the record keeps changing
   */
  actOn(
    { identity, letter }: Target,
    act: (state: RecordState) => Promise<ScanAction | 'changed'>,
  ): Promise<ScanAction> {
    return actOnRecord(this.services, identity.transaction_id, async (record) => {
      const action = await act(stateOf(identity, letter, record));
      if (action === 'changed') this.holds.forget(identity.account_id);
      return action;
    });
  }

  /** The operator, for histories, log and answer. Empty when the event names none. */
  get by(): Pick<BulkAnswer, 'actor'> {
    const { actor } = this.request;
    return actor === undefined ? {} : { actor };
  }

  /** Whether the event names this very payment, or message. */
  isAskedForById(...ids: readonly (string | undefined)[]): boolean {
    return ids.some((id) => id !== undefined && this.request.transactionIds?.has(id));
  }

  /** Whether the limit leaves room for this payment, or message; one counts once. */
  takeOne(id: string): boolean {
    if (!this.taken.has(id) && this.taken.size >= this.request.limit) return false;
    this.taken.add(id);
    return true;
  }

  /** The transaction id of a dead letter belongs to another payment. */
  addConflict(identity: PaymentIdentity): void {
    this.seen.addConflict(identity);
  }

  leave(result: Result, id: string): ScanAction {
    this.results.add(result, id);
    return 'kept';
  }

  /** Publishes the outcome of a payment, unless this is a dry run. */
  async publishOutcome(record: EndedFields): Promise<void> {
    if (!this.request.dryRun) await publishOutcome(this.services, record);
  }

  /** Ends a decided payment's dead letter, which is only a copy. */
  async dropCopy(target: Target, record: DecidedRecord): Promise<ScanAction> {
    const { identity } = target;
    if (this.request.dryRun) return this.leave('settled', identity.transaction_id);
    await this.publishOutcome(record);
    await this.holds.lift(identity);
    const fields = { history_hash: record.history.at(-1)?.hash };
    await this.deleteLetter(target, 'Copy of a decided payment deleted', fields);
    this.results.add('settled', identity.transaction_id);
    return 'deleted';
  }

  /** Logs the result for a payment, and deletes its dead letter. */
  async deleteLetter({ identity, letter }: Target, event: string, fields: LogFields = {}): Promise<void> {
    const { telemetry, deadLetters, accountHash } = this.services;
    const about = { ...(letter && { message_id: letter.messageId }), ...paymentFields(identity, accountHash) };
    telemetry.info(event, { ...about, ...fields, ...this.by });
    if (letter !== undefined) await deadLetters.delete(letter);
  }

  private isSelected({ messageId, groupId }: DeadLetter, parsed: ParsedDeadLetter): boolean {
    const { transactionIds, accountIds } = this.request;
    const identity = parsed.kind === 'payment' ? parsed.identity : undefined;
    this.seen.add(messageId, identity);
    return (
      (transactionIds === undefined || this.isAskedForById(identity?.transaction_id, messageId)) &&
      (accountIds === undefined || accountIds.has(groupId))
    );
  }

  private async answer(
    { seen, errors }: ScanResult,
    { unreachable, notFound, error, stoppedBy }: RecordScanResult,
  ): Promise<BulkAnswer> {
    const { action, dryRun } = this.request;
    const allErrors = error === undefined ? errors : { ...errors, [error]: (errors[error] ?? 0) + 1 };
    return {
      action,
      ...this.by,
      dryRun,
      seen,
      ...this.results.counts,
      unreachable,
      notFound,
      errors: allErrors,
      deadLetters: await this.depth(),
      more: stoppedBy !== undefined || Object.keys(allErrors).length > 0 || this.results.haveOpenedTheWay,
      ...(stoppedBy && { stoppedBy }),
      ...(dryRun && { note: DRY_RUN_NOTE }),
    };
  }

  /** Returns null after an error: the answer must report what was done even if the queue no longer answers. */
  private async depth(): Promise<Depth | null> {
    if (!timeIsLeft(this.services, this.invocation)) return null;
    try {
      return await this.services.deadLetters.depth();
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      this.services.telemetry.warn('Answer incomplete', { error_code: codeOf(error) });
      return null;
    }
  }
}

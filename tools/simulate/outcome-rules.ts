import { hasEnded, type PaymentOutcome, type PaymentRecord } from '../../src/contract';
import type { Endings } from './endings';
import type { SimulatedServices } from './services';

/** An outcome that the table has held. */
interface Recorded {
  /** What the topic has to get, each time. */
  readonly message: string;
  readonly record: PaymentRecord;
  readonly by: 'payment processor' | 'operator';
  isPublished: boolean;
}

/**
 * A subscriber of the outcome topic gets every outcome, after its record's write, in the order of the account, each repetition the same. SQS moves a
 * message to the dead-letter queue when the function crashes again and again: its account continues without it, and so do the outcomes. An operator
 * writes at any time, so the outcomes of discards keep only the order of their own payment.
 */
export class OutcomeRules {
  /** In the table's order. */
  private readonly recorded = new Map<string, Recorded>();
  private readonly keyOf = new Map<string, string>();
  /** Payments, by fingerprint, whose message SQS has moved. */
  private readonly moved = new Set<string>();

  constructor(
    private readonly services: SimulatedServices,
    private readonly endings: Endings,
    private readonly areOn: boolean,
  ) {}

  /** The table has a new status of a payment. */
  onWritten(before: PaymentRecord | undefined, record: PaymentRecord, by: Recorded['by']): void {
    if (before !== undefined && hasEnded(before) && before.payment_status !== record.payment_status)
      this.mustBePublished(before, `${record.transaction_id} is ${record.payment_status} again`);
    const hasNewOutcome = hasEnded(record) && before?.payment_status !== record.payment_status;
    if (hasNewOutcome) this.recorded.set(keyOf(record), { message: messageOf(record), record, by, isPublished: false });
  }

  /** The topic has taken an outcome. */
  onPublished(outcome: PaymentOutcome, deduplicationId: string): void {
    const { transaction_id, status, attempt } = outcome;
    const key = `${transaction_id} ${status} ${attempt}`;
    const recorded = this.recorded.get(key);
    if (recorded === undefined) {
      this.violated(`${key} is published before the table has it`);
      return;
    }
    if (JSON.stringify(outcome) !== recorded.message)
      this.violated(`${key} is published as ${JSON.stringify(outcome)}, not as ${recorded.message}`);
    const other = this.keyOf.get(deduplicationId) ?? key;
    if (other !== key) this.violated(`${key} has the deduplication id of ${other}`);
    this.keyOf.set(deduplicationId, key);
    if (!recorded.isPublished) this.judgeOrder(key, recorded);
    recorded.isPublished = true;
  }

  /** SQS has moved a message of the payment to the dead-letter queue. */
  onMoved(fingerprint: string): void {
    this.moved.add(fingerprint);
  }

  /** A message of the payment is acknowledged, after its account's next payment may be processed. */
  onAcknowledged(record: PaymentRecord | undefined, messageId: string): void {
    if (record !== undefined && this.recorded.get(keyOf(record))?.by === 'payment processor')
      this.mustBePublished(record, `${messageId} is acknowledged`);
  }

  /** The DLQ processor deletes a dead letter of the payment. */
  onDeleting(record: PaymentRecord | undefined, letterId: string): void {
    if (record !== undefined && !this.endings.isQueued(record.fingerprint))
      this.mustBePublished(record, `the dead letter ${letterId} is deleted`);
  }

  /** An operator is told that the payment has been decided. */
  onAnswered(record: PaymentRecord, requestId: string): void {
    this.mustBePublished(record, `${requestId} answers`);
  }

  /** Checks the end of a run: what is not published waits in the dead-letter queue, or a person removed it. */
  judge(): void {
    for (const [key, { record, by, isPublished }] of this.recorded) {
      const { transaction_id, fingerprint } = record;
      const isLeft =
        this.endings.isDead(transaction_id, fingerprint) || this.endings.isGone(transaction_id, fingerprint);
      if (this.areOn && !isPublished && by === 'payment processor' && !isLeft)
        this.violated(`${key} is never published`);
    }
  }

  private judgeOrder(key: string, { record, by }: Recorded): void {
    for (const [earlier, other] of this.recorded) {
      if (earlier === key) return;
      if (other.isPublished || other.record.account_id !== record.account_id) continue;
      const isOwn = other.record.transaction_id === record.transaction_id;
      const isByOperator = by === 'operator' || other.by === 'operator';
      if (isOwn || !(isByOperator || this.moved.has(other.record.fingerprint)))
        this.violated(`${key} is published before ${earlier}, which came before it`);
    }
  }

  private mustBePublished(record: PaymentRecord, when: string): void {
    const key = keyOf(record);
    if (this.areOn && this.recorded.get(key)?.isPublished === false)
      this.violated(`${when} before ${key} is published`);
  }

  private violated(what: string): void {
    this.services.log.violated('outcomes published', what);
  }
}

function keyOf({ transaction_id, payment_status, attempts }: PaymentRecord): string {
  return `${transaction_id} ${payment_status} ${attempts}`;
}

/** From the entry with which the payment reached the status. */
function messageOf({ transaction_id, account_id, amount, currency, failure_code, history }: PaymentRecord): string {
  const { status, attempt, at } = history.at(-1)!;
  return JSON.stringify({
    schema_version: 1,
    transaction_id,
    account_id,
    amount,
    currency,
    status,
    attempt,
    at,
    ...(failure_code !== undefined && { failure_code }),
  });
}

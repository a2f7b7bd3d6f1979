import type { Held } from '../../src/contract';
import type { LogFields } from '../../src/runtime/ports';
import type { AcceptedMessages } from './accepted-messages';
import type { ClientMessage } from './client-messages';
import type { Endings } from './endings';
import type { DlqInvocation } from './invocation';
import type { SimulatedServices } from './services';

type Payment = NonNullable<ClientMessage['payment']>;

interface Resent {
  readonly by: DlqInvocation;
  readonly fingerprint: string;
  /** Older entries of the account's hold whose payments were not in the payment queue. */
  readonly blockers: readonly Held[];
  isTold: boolean;
}

/**
 * What the DLQ processor says it did, for each letter in its log and in sum in its answer, against what comes of it: a payment that was
 * redriven is not parked again behind what was blocking it already, and one that was discarded is never decided later.
 */
export class AnswerRules {
  private readonly resent = new Map<string, Resent>();
  /** Payments that an operator was told are discarded, by fingerprint. */
  private readonly discarded = new Map<string, Payment>();
  /** The time of a payment's last redrive by id. */
  private readonly askedBack = new Map<string, number>();
  private readonly lastOnWay = new Map<string, number>();

  constructor(
    private readonly services: SimulatedServices,
    private readonly accepted: AcceptedMessages,
    private readonly endings: Endings,
  ) {}

  /** A message of the payment is in the payment queue, or has just left it. */
  onWay({ fingerprint }: Payment): void {
    this.lastOnWay.set(fingerprint, this.services.time.now());
  }

  onResent(messageId: string, payment: Payment, by: DlqInvocation): void {
    this.onTouched(by);
    const held = this.services.table.held.read(payment.message.account_id);
    const own = held.findIndex(({ content }) => payment.fingerprint.startsWith(content));
    const elders = own < 0 ? held : held.slice(0, own);
    this.resent.set(messageId, {
      by,
      fingerprint: payment.fingerprint,
      isTold: false,
      blockers: elders.filter((one) => this.stands(one, by)),
    });
    this.onReopened(payment, by);
  }

  /** A payment that was reopened is known by its dead letter until its message is sent. */
  onDeleting(letterId: string, { event }: DlqInvocation): void {
    const payment = this.accepted.sourceOf(letterId)?.payment;
    if (
      event.action !== 'redrive' ||
      payment === undefined ||
      !this.services.table.unsent.includes(payment.message.transaction_id)
    )
      return;
    const record = this.services.table.read(payment.message.transaction_id)!;
    const isSent =
      this.endings.isQueued(payment.fingerprint) ||
      (this.lastOnWay.get(payment.fingerprint) ?? -Infinity) >= Date.parse(record.timestamp!);
    if (!isSent)
      this.services.log.violated(
        'nothing lost',
        `${letterId} is deleted before the message of ${record.transaction_id} is sent`,
      );
  }

  /** Its dead letters keep their order: behind one that could not be redriven the others stay. */
  onResending(accountId: string, source: string, by: DlqInvocation): void {
    if (!by.stoppedAccounts.has(accountId)) return;
    this.services.log.violated(
      'order per account',
      `${source} is redriven past a dead letter of ${accountId} that could not be`,
    );
  }

  /** A message that is sent once more counts for nothing: its payment was redriven before. */
  private onTouched({ event, requestId }: DlqInvocation): void {
    if (event.dryRun === true) this.violated(`${requestId} is a dry run, and changes something`);
  }

  /** The DLQ processor has changed the payment's record. */
  onChanged({ fingerprint }: Payment, by: DlqInvocation): void {
    this.onTouched(by);
    by.changed.add(fingerprint);
    const limit = (by.event.limit ?? Infinity) as number;
    if (by.changed.size > limit)
      this.violated(`${by.requestId} changes ${by.changed.size} payments, with a limit of ${limit}`);
  }

  /** A redrive that names a payment by its id ends its discard. */
  onReopened(payment: Payment, by: DlqInvocation): void {
    if (!this.isNamed(payment, by)) return;
    this.discarded.delete(payment.fingerprint);
    this.askedBack.set(payment.fingerprint, this.services.time.now());
  }

  onLogged(event: string, { message_id, transaction_id }: LogFields, by: DlqInvocation): void {
    if (event === 'Dead letter left' && message_id !== undefined)
      by.stoppedAccounts.add(this.accepted.sourceOf(message_id)!.groupId);
    if (event !== 'Payment redriven' && event !== 'Payment discarded') return;
    const payment =
      message_id === undefined
        ? this.accepted.paymentOf(this.services.table.read(transaction_id!)!)
        : this.accepted.sourceOf(message_id)!.payment!;
    // Of two operators who disagree, the one who came last in the table has the last word.
    if (event === 'Payment discarded' && (this.askedBack.get(payment.fingerprint) ?? -Infinity) < by.beganAt)
      this.discarded.set(payment.fingerprint, payment);
    for (const one of this.resent.values())
      if (one.by === by && one.fingerprint === payment.fingerprint) one.isTold = true;
  }

  onParked(messageId: string, behind: string): void {
    const resent = this.resent.get(messageId);
    if (!resent?.isTold) return;
    const blocker = resent.blockers.find((one) => one.transactionId === behind && this.stands(one, resent.by));
    if (blocker !== undefined)
      this.violated(
        `${messageId} was answered as redriven, and is parked again behind ${behind}, which was blocking then`,
      );
  }

  onDecided(transactionId: string, fingerprint: string): void {
    if (this.discarded.has(fingerprint))
      this.violated(`${transactionId} was answered as discarded, and is decided afterwards`);
  }

  /** Checks the state at the end. */
  judge(): void {
    for (const { message, fingerprint } of this.discarded.values()) {
      const record = this.services.table.read(message.transaction_id);
      const isFailed = record?.fingerprint === fingerprint && record.payment_status === 'FAILED';
      const what =
        record === undefined
          ? 'without a record'
          : record.fingerprint === fingerprint
            ? record.payment_status
            : 'of a conflicting payment';
      if (!isFailed) this.violated(`${message.transaction_id} was answered as discarded, and is ${what}`);
    }
  }

  /** Whether the entry has been in the hold since the invocation began, without a message in the payment queue. */
  private stands({ content }: Held, { beganAt }: DlqInvocation): boolean {
    const isQueued = this.services.queue.messages.some(({ messageId }) =>
      this.accepted.get(messageId)!.sent.payment?.fingerprint.startsWith(content),
    );
    const left = [...this.lastOnWay].find(([fingerprint]) => fingerprint.startsWith(content))?.[1] ?? -Infinity;
    return !isQueued && left <= beganAt;
  }

  private isNamed({ message, fingerprint }: Payment, { asksFor, event }: DlqInvocation): boolean {
    if (event.action !== 'redrive') return false;
    return (
      asksFor.has(message.transaction_id) ||
      [...asksFor].some((id) => this.accepted.sourceOf(id)?.payment?.fingerprint === fingerprint)
    );
  }

  private violated(what: string): void {
    this.services.log.violated('answers true', what);
  }
}

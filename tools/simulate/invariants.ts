import type { RetryDelay } from '../../src/processor/core/batch';
import type { LogFields } from '../../src/runtime/ports';
import { type Held, identityOf, isDecision, type PaymentMessage, type PaymentRecord } from '../../src/contract';
import { AcceptedMessages } from './accepted-messages';
import type { ClientMessage } from './client-messages';
import { AnswerRules } from './answer-rules';
import { type DeadLetter, isOfRecord, type Loss } from './dead-letter-queue';
import { judgeDeadLetters } from './dead-letter-rules';
import { judgeActor, judgeLogLine, judgeProof, judgeSending } from './evidence-rules';
import { ExpiryRules } from './expiry-rules';
import { judgeFailure } from './failure-rules';
import { judgeFirstClaim, judgeOperation, judgeTransition } from './history-rules';
import { Endings } from './endings';
import type { Queued } from '../kit/fifo-queue';
import { FraudRules } from './fraud-rules';
import { HoldRules } from './hold-rules';
import { type Answer, type DlqInvocation, Invocation } from './invocation';
import { judgeMetrics } from './metric-rules';
import { OutcomeRules } from './outcome-rules';
import type { TableObserver } from './payment-table';
import { ReviewRules } from './review-rules';
import { isBlip, isPromisedOutage, type Scenario } from './scenario';
import type { SimulatedServices } from './services';
import { judgeBlip, judgeOutage, judgeReceives, judgeRetryDelays, judgeTime } from './time-rules';

/** Checks the guarantees at each step and at the end of a run. Sees the services and queues, not the core. */
export class Invariants implements TableObserver {
  private readonly accepted: AcceptedMessages;
  readonly answers: AnswerRules;
  private readonly endings: Endings;
  private readonly expiry: ExpiryRules;
  readonly fraud: FraudRules;
  readonly outcomes: OutcomeRules;
  readonly reviews: ReviewRules;
  private readonly held = new HoldRules();
  /** Payments by fingerprint, with a code with which they have failed. */
  private readonly failures = new Set<string>();

  constructor(
    private readonly services: SimulatedServices,
    private readonly scenario: Scenario,
  ) {
    this.accepted = new AcceptedMessages(services);
    this.endings = new Endings(services, this.accepted);
    this.answers = new AnswerRules(services, this.accepted, this.endings);
    this.expiry = new ExpiryRules(scenario.maxPaymentAgeHours);
    this.fraud = new FraudRules(services, this.accepted, this.endings, this.expiry);
    this.outcomes = new OutcomeRules(services, this.endings, scenario.outcomes);
    this.reviews = new ReviewRules(services, this.outcomes);
  }

  onAccepted(messageId: string, message: ClientMessage): void {
    this.accepted.set(messageId, { messageId, sent: message });
    if (message.payment === undefined) return;
    this.held.onAccepted(messageId, message.payment);
    this.answers.onWay(message.payment);
  }

  /** @param by the invocation that received the messages; 'lost' when the answer was lost */
  onReceived(messages: readonly Queued[], by: Invocation | 'lost'): void {
    for (const { messageId } of messages) this.accepted.get(messageId)!.lastReceive = by;
  }

  onHoldWritten(payment: Held): void {
    this.held.onHoldWritten(payment);
  }

  onParked(messageId: string, behind: string): void {
    const { payment } = this.accepted.get(messageId)!.sent;
    if (payment === undefined) this.violated('held in order', `${messageId} is parked, and is an invalid message`);
    else if (this.services.onFailedPayment === 'hold') this.held.onHeld(payment);
    this.answers.onParked(messageId, behind);
  }

  /** The deployment has changed the pipeline's `onFailedPayment`. */
  onSwitch(): void {
    if (this.services.onFailedPayment === 'continue') this.held.onContinue();
  }

  /** An operator has redriven a payment. */
  onResent(messageId: string, body: string, by: DlqInvocation): void {
    const payment = this.accepted.paymentOf(identityOf(JSON.parse(body) as PaymentMessage));
    const { account_id: groupId } = payment.message;
    this.onSentAgain(messageId, { groupId, body, payment, deduplicationId: '', afterMs: 0 }, true);
    this.answers.onResent(messageId, payment, by);
  }

  /** A dead letter is in the payment queue again, as a new message. */
  private onSentAgain(messageId: string, message: ClientMessage, isOurCopy: boolean): void {
    this.onAccepted(messageId, message);
    if (message.payment !== undefined) this.endings.onSentAgain(message.payment.fingerprint, isOurCopy);
  }

  /** @param isOurCopy whether the processors sent the letter, not SQS itself */
  onMovedByHand(messageId: string, sourceMessageId: string, isOurCopy: boolean): void {
    const { sent } = this.accepted.get(sourceMessageId)!;
    this.endings.onMoved(sourceMessageId);
    this.onSentAgain(messageId, sent, isOurCopy);
  }

  /** A dead letter is gone without the DLQ processor. If the payment processor sent it, the payment must have a record. */
  onLost(letter: DeadLetter, how: Loss): void {
    this.endings.onGone(letter);
    const payment = this.accepted.sourceOf(letter.messageId)?.payment;
    const { parkedBehind, failureCode } = letter;
    const isOurs = parkedBehind !== undefined || (failureCode !== undefined && isOfRecord(failureCode));
    if (payment === undefined || !isOurs) return;
    const record = this.services.table.read(payment.message.transaction_id);
    if (record?.fingerprint !== payment.fingerprint)
      this.violated(
        'nothing lost',
        `${payment.message.transaction_id} ${how === 'expired' ? 'has' : 'was'} ${how} in the dead-letter queue, and has no record`,
      );
  }

  /** The payment processor has logged an event. */
  onProcessorLogged(event: string, fields: LogFields): void {
    const record = fields.transaction_id === undefined ? undefined : this.services.table.read(fields.transaction_id);
    for (const what of judgeLogLine(event, fields, record)) this.violated('edits show', what);
  }

  /** The DLQ processor has logged an event. */
  onLogged(event: string, fields: LogFields, by: DlqInvocation): void {
    this.onProcessorLogged(event, fields);
    for (const what of judgeActor(event, fields, by.event.actor)) this.violated('edits show', what);
    if (event === 'Message discarded') this.onMessageDiscarded(fields.message_id!);
    this.answers.onLogged(event, fields, by);
  }

  /** An operator has discarded a message without a payment record. */
  private onMessageDiscarded(letterId: string): void {
    const origin = this.services.deadLetters.originOf(letterId);
    this.endings.onGone(origin);
    this.onRefused(origin.sourceMessageId);
  }

  /** An invocation that got a refusal for the payment may call the fraud API again. */
  private onReopened(payment: NonNullable<ClientMessage['payment']>, by: DlqInvocation): void {
    this.answers.onReopened(payment, by);
    this.expiry.onRedriven(by);
    for (const { lastReceive } of this.accepted.values())
      if (lastReceive instanceof Invocation) lastReceive.refused.delete(payment.message.transaction_id);
  }

  onOperated(before: PaymentRecord | undefined, after: PaymentRecord, by: DlqInvocation): void {
    for (const what of judgeProof(before, after)) this.violated('edits show', what);
    this.outcomes.onWritten(before, after, 'operator');
    const payment = this.accepted.paymentOf(after);
    if (isDecision(after.payment_status)) {
      this.answers.onChanged(payment, by);
      this.reviews.onResolved(before, after, by);
      return;
    }
    for (const what of judgeOperation(before, after, by)) this.violated('history without gaps', what);
    if (after.failure_code !== undefined) this.failures.add(`${after.fingerprint} ${after.failure_code}`);
    this.answers.onChanged(payment, by);
    if (after.payment_status === 'PROCESSING') this.onReopened(payment, by);
    else this.held.onDiscarded(after.fingerprint);
  }

  /** An invalid or conflicting message holds no account. */
  onRefused(messageId: string): void {
    this.held.onFreed(this.accepted.get(messageId)!.sent.payment?.fingerprint ?? '');
  }

  onClaimed(record: PaymentRecord, by: Invocation): void {
    for (const what of judgeFirstClaim(record, by)) this.violated('history without gaps', what);
    for (const what of [...judgeProof(undefined, record), ...judgeSending(record, by.messages)])
      this.violated('edits show', what);
  }

  onTransition(before: PaymentRecord, after: PaymentRecord, by: Invocation): void {
    for (const what of judgeTransition(before, after)) this.violated('history without gaps', what);
    for (const what of judgeProof(before, after)) this.violated('edits show', what);
    this.outcomes.onWritten(before, after, 'payment processor');
    if (after.payment_status === 'PROCESSING') return;
    by.done[after.payment_status]++;
    by.settled.add(after.transaction_id);
    this.fraud.judgeOrder(after);
    const { accepted, expiry, fraud, services } = this;
    const evidence = { accepted, expiry, said: fraud.said, now: services.time.now() };
    if (isDecision(after.payment_status)) {
      this.fraud.onDecided(after);
      this.answers.onDecided(after.transaction_id, after.fingerprint);
    } else for (const what of judgeFailure(after, by, evidence)) this.violated('dead letters exact', what);
    if (after.failure_code !== undefined) this.failures.add(`${after.fingerprint} ${after.failure_code}`);
    this.lookAtHold(after, by);
  }

  onDeadLetterNoted({ transaction_id, fingerprint }: PaymentRecord, by: Invocation): void {
    by.done.deadLettered++;
    if (
      !this.endings.isDead(transaction_id, fingerprint) &&
      !this.endings.isGone(transaction_id, fingerprint) &&
      !this.endings.isQueued(fingerprint)
    )
      this.violated('nothing lost', `${transaction_id} is noted as dead-lettered, but is not in the dead-letter queue`);
  }

  onHide(retryDelays: readonly RetryDelay[], by: Invocation): void {
    for (const what of judgeRetryDelays(retryDelays, by, this.services.queue))
      this.violated('retry delays within limits', what);
    for (const what of judgeReceives(by, retryDelays.length, this.accepted)) this.violated('no receive wasted', what);
  }

  onEnded(invocation: Invocation, answer: Answer): void {
    for (const what of judgeTime(invocation, this.accepted)) this.violated('large bodies leave time', what);
    for (const what of judgeReceives(invocation, 0, this.accepted)) this.violated('no receive wasted', what);
    if (answer === 'failed' || invocation.ending !== 'answered') return;
    const { returned } = answer;
    const acknowledged = invocation.messages.filter(({ messageId }) => !returned.has(messageId));
    const payments = acknowledged.flatMap(
      ({ messageId }) => this.accepted.get(messageId)!.sent.payment?.message.transaction_id ?? [],
    );
    for (const what of judgeMetrics(invocation, returned.size, payments))
      this.violated('metrics equal transitions', `${invocation.requestId}: ${what}`);
  }

  onDeleted({ messageId }: Queued): void {
    const one = this.accepted.get(messageId)!;
    if (one.sent.payment !== undefined) {
      this.answers.onWay(one.sent.payment);
      this.outcomes.onAcknowledged(this.recordOf(one.sent.payment), messageId);
    }
    if (!this.endings.hasEnded(one) && !this.endings.isQueued(one.sent.payment?.fingerprint))
      this.violated('nothing lost', `${messageId} was acknowledged before it had an end`);
  }

  onRedriven(message: Queued): void {
    const {
      lastReceive,
      sent: { payment },
    } = this.accepted.get(message.messageId)!;
    if (payment !== undefined) {
      this.answers.onWay(payment);
      this.outcomes.onMoved(payment.fingerprint);
    }
    const isHeld =
      payment &&
      this.services.table.held
        .read(payment.message.account_id)
        .some(({ content }) => payment.fingerprint.startsWith(content));
    if (payment && !isHeld) this.held.onMoved(message.messageId, payment);
    const isExplained =
      lastReceive === 'lost' ||
      lastReceive?.ending !== 'answered' ||
      lastReceive.isDisturbed ||
      lastReceive.isOverdue ||
      this.endings.hasEnded(this.accepted.get(message.messageId)!);
    if (!isExplained)
      this.violated(
        'dead letters exact',
        `${message.messageId} went to the dead-letter queue, though nothing but the fraud API went wrong at its last receive`,
      );
  }

  /** Checks the end of a run. @param mayBeOpen whether an operator knows that the payment's redrive was cut short */
  judge(mayBeOpen: (transactionId: string) => boolean): void {
    const { log, table, deadLetters } = this.services;
    if (log.violations.length > 0) return;
    for (const violation of this.endings.judge(mayBeOpen)) this.violated(...violation);
    for (const what of this.held.judge(table.held)) this.violated('held in order', what);
    for (const what of judgeDeadLetters(deadLetters.letters, this.accepted, table, this.failures))
      this.violated('dead letters exact', what);
    this.answers.judge();
    this.outcomes.judge();
    if (this.scenario.troubles.length === 0 || isPromisedOutage(this.scenario))
      for (const what of judgeOutage(deadLetters.letters, this.accepted)) this.violated('outage outlasted', what);
    if (isBlip(this.scenario))
      for (const what of judgeBlip(this.accepted, table)) this.violated('a blip costs nothing', what);
  }

  /** A dead letter is about to be deleted by the DLQ processor. */
  onDeletingLetter(letterId: string, by: DlqInvocation): void {
    this.answers.onDeleting(letterId, by);
    const payment = this.accepted.sourceOf(letterId)?.payment;
    if (payment !== undefined) this.outcomes.onDeleting(this.recordOf(payment), letterId);
  }

  /** The record of a payment, not of another one under its transaction id. */
  private recordOf({ message, fingerprint }: NonNullable<ClientMessage['payment']>): PaymentRecord | undefined {
    const record = this.services.table.read(message.transaction_id);
    return record?.fingerprint === fingerprint ? record : undefined;
  }

  private lookAtHold(record: PaymentRecord, by: Invocation): void {
    const { transaction_id, fingerprint, payment_status } = record;
    const elders = by.onFailedPayment === 'hold' ? this.held.elders(record) : [];
    if (elders.length > 0)
      this.violated(
        'held in order',
        `${transaction_id} became ${payment_status}, though ${elders.join(', ')} of its account wait`,
      );
    if (payment_status === 'FAILED' && by.onFailedPayment === 'hold' && this.services.onFailedPayment === 'hold')
      this.held.onHeld(this.accepted.paymentOf(record));
    if (payment_status !== 'FAILED') this.held.onFreed(fingerprint);
  }

  private violated(...violation: Parameters<SimulatedServices['log']['violated']>): void {
    this.services.log.violated(...violation);
  }
}

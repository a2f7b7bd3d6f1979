import {
  type EndedFields,
  type FailedRecord,
  type FailureCode,
  type Held,
  heldPayment,
  identityOf,
  InvalidPaymentError,
  mayBeHeld,
  mayBeOfAnyAge,
  METRICS,
  outcomeOf,
  type PaymentMessage,
  readPaymentMessage,
  requestedAt,
  STATUS_OF_DECISION,
} from '../../contract';
import { type Invocation, paymentFields } from '../../runtime/ports';
import { AccountHolds } from './account-holds';
import { ACKNOWLEDGED, FENCE_LOST, type Outcome, type PaymentDelivery, type Returned } from './payment-delivery';
import { type OwnedRecord, PaymentRepository } from './payment-repository';
import { type FraudCheck, NO_ATTEMPT, type QueueMessage, type Services, type Settings } from './ports';

const HOUR_MS = 3_600_000;

type Failure = Required<Pick<FailedRecord, 'failure_code' | 'failure_message'>>;

/**
 * Processes a payment message: reads it, waits for its turn in the account, claims the payment, checks it, and decides it. A message that
 * cannot succeed is quarantined, so that the payments behind it continue. SQS's own redrive would take up to nine healthy ones along: each
 * return to the queue costs them a receive too.
 */
export class PaymentProcessor {
  private readonly payments: PaymentRepository;
  private readonly holds: AccountHolds;
  /** When the fraud API last gave an answer (ms since the epoch). */
  lastAnswerAt = -Infinity;

  constructor(
    private readonly services: Services,
    private readonly settings: Settings,
    invocation: Invocation,
  ) {
    this.payments = new PaymentRepository(services, invocation);
    this.holds = new AccountHolds(services, settings);
  }

  /**
   * @param checkDeadline when the fraud check must have ended, in ms since the epoch
   * @throws ServiceError when the message must return to the queue
   */
  async process(message: QueueMessage, checkDeadline: number): Promise<Outcome> {
    const payment = readPaymentMessage(message.body, message.groupId);
    if (payment instanceof InvalidPaymentError) return this.quarantineMessage(message, payment.code);

    const identity = identityOf(payment);
    const delivery = { message, payment, identity, held: heldPayment(identity, message.sequenceNumber) };
    const blocker = await this.holds.blockerOf(delivery);
    const claim = await this.payments.claim(delivery, blocker?.transactionId);
    switch (claim.kind) {
      case 'owned':
        if (blocker !== undefined && (await this.holds.park(delivery)))
          return this.park(delivery, blocker, claim.record);
        return this.check(delivery, claim.record, checkDeadline);
      case 'ended':
        if (mayBeHeld(claim.record)) await this.holds.lift(delivery);
        return this.ignoreDuplicate(claim.record);
      case 'unquarantined':
        return this.quarantine(delivery, claim.record);
      case 'quarantined':
        this.holds.forget(payment.account_id); // another invocation failed it, and has held the account since
        return message.isDeadLetterCopy ? this.quarantine(delivery, claim.record) : this.ignoreDuplicate(claim.record);
      case 'conflict':
        await this.quarantineMessage(message, 'CONFLICTING_TRANSACTION');
        await this.holds.lift(delivery);
        return ACKNOWLEDGED;
      case 'lost':
        return FENCE_LOST;
    }
  }

  private async check(delivery: PaymentDelivery, record: OwnedRecord, deadline: number): Promise<Outcome> {
    const { message, payment } = delivery;
    if (this.isTooOld(payment, record)) return this.expire(delivery, record);
    const { clock, fraudApi, telemetry } = this.services;
    const lastReceive = message.receiveCount >= this.settings.maxReceiveCount;
    const check = await telemetry.trace('fraud check', () => fraudApi.check(payment, { deadline, lastReceive }));
    if (check.kind !== 'unavailable') this.lastAnswerAt = clock.now();

    switch (check.kind) {
      case 'decided':
        return this.decide(delivery, record, check);
      case 'refused':
        return this.fail(delivery, record, {
          failure_code: 'FRAUD_CHECK_REFUSED',
          failure_message: `The fraud API refused the payment permanently: HTTP ${check.httpStatus}.`,
        });
      case 'unavailable':
        // Without a call of its own a payment does not fail: another payment or the clock took its time.
        if (!lastReceive || check.failedAt === undefined) return returned(check);
        return this.fail(delivery, record, {
          failure_code: 'FRAUD_CHECK_UNAVAILABLE',
          failure_message: `The fraud API brought no decision in ${message.receiveCount} receives; the last call: ${check.cause}.`,
        });
    }
  }

  /**
   * By `requested_at`, which is a part of the payment: SQS's own time starts again with each redrive, and with each move to the dead-letter
   * queue of a FIFO queue. An operator who redrives a payment by its id, with a reason, allows it any age.
   * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/setting-up-dead-letter-queue-retention.html
   */
  private isTooOld(payment: PaymentMessage, record: OwnedRecord): boolean {
    const { maxPaymentAgeHours = Infinity } = this.settings;
    const age = this.services.clock.now() - requestedAt(payment);
    return age > maxPaymentAgeHours * HOUR_MS && !mayBeOfAnyAge(record);
  }

  private expire(delivery: PaymentDelivery, record: OwnedRecord): Promise<Outcome> {
    return this.fail(delivery, record, {
      failure_code: 'PAYMENT_EXPIRED',
      failure_message: `The payment was requested at ${delivery.payment.requested_at}, more than ${this.settings.maxPaymentAgeHours} h before its turn.`,
    });
  }

  private async decide(
    delivery: PaymentDelivery,
    record: OwnedRecord,
    { answer }: Extract<FraudCheck, { kind: 'decided' }>,
  ): Promise<Outcome> {
    const status = STATUS_OF_DECISION[answer.decision];
    const result = await this.payments.settle(record, { payment_status: status, fraud: answer });
    if (result.kind === 'lost') return FENCE_LOST;
    if (result.kind === 'settled') {
      const fields = { ...this.fieldsOf(delivery), status, history_hash: result.record.history.at(-1)?.hash };
      this.services.telemetry.info('Payment decided', fields);
    }
    if (mayBeHeld(record)) await this.holds.lift(delivery);
    return this.publish(result.record);
  }

  /** Fails a payment that this invocation owns. Writes the record first, so that a redelivery after a crash can continue. */
  private async fail(delivery: PaymentDelivery, record: OwnedRecord, failure: Failure): Promise<Outcome> {
    const result = await this.payments.settle(record, { payment_status: 'FAILED', ...failure });
    if (result.kind === 'lost') return FENCE_LOST;
    if (result.kind === 'settled-elsewhere') return this.publish(result.record);
    return this.quarantine(delivery, result.record);
  }

  /** The steps after the record is FAILED; a redelivery after a crash between them repeats them. */
  private async quarantine(delivery: PaymentDelivery, record: EndedFields): Promise<Outcome> {
    const { attempts, failure_code = 'FRAUD_CHECK_UNAVAILABLE', failure_message, history } = record;
    const { deadLetters, telemetry } = this.services;
    await this.holds.hold(delivery);
    await deadLetters.send(delivery.message, failure_code, attempts);
    if (await this.payments.markDeadLettered(delivery.payment, attempts)) telemetry.count(METRICS.quarantined);
    telemetry.warn('Payment quarantined', {
      ...this.fieldsOf(delivery),
      status: 'FAILED',
      error_code: failure_code,
      failure_message,
      history_hash: history.at(-1)?.hash,
    });
    return this.publish(record);
  }

  /** An invalid message, or a conflicting payment, touches no record: the transaction id may belong to another payment. */
  private async quarantineMessage(message: QueueMessage, code: FailureCode): Promise<Outcome> {
    await this.services.deadLetters.send(message, code, NO_ATTEMPT);
    this.services.telemetry.count(METRICS.quarantined);
    this.services.telemetry.warn('Message quarantined', { message_id: message.messageId, error_code: code });
    return ACKNOWLEDGED;
  }

  /** Parks a payment that has not failed but has to wait. Its record says so from its claim on. */
  private async park(delivery: PaymentDelivery, blocker: Held, { history }: OwnedRecord): Promise<Outcome> {
    await this.services.deadLetters.park(delivery.message, blocker.transactionId);
    this.services.telemetry.count(METRICS.parked);
    const fields = { ...this.fieldsOf(delivery), history_hash: history.at(-1)?.hash };
    this.services.telemetry.info('Payment parked behind a failed one', fields);
    return ACKNOWLEDGED;
  }

  /** Publishes the outcome again, and logs its hash: the delivery that decided the payment may have ended before it did. */
  private async ignoreDuplicate(record: EndedFields): Promise<Outcome> {
    const acknowledged = await this.publish(record);
    const { telemetry, accountHash } = this.services;
    telemetry.count(METRICS.duplicatesIgnored);
    const fields = { ...paymentFields(record, accountHash), status: record.payment_status };
    telemetry.info('Duplicate ignored', { ...fields, history_hash: record.history.at(-1)?.hash });
    return acknowledged;
  }

  /**
   * The last step of a payment that has an outcome: a message is acknowledged after its payment's outcome was published, and the account's
   * next payment is processed after that.
   */
  private async publish(record: EndedFields): Promise<Outcome> {
    const { outcomes, telemetry } = this.services;
    if (outcomes === undefined) return ACKNOWLEDGED;
    try {
      await outcomes.publish(outcomeOf(record));
    } catch (error) {
      telemetry.count(METRICS.outcomesFailed);
      throw error;
    }
    telemetry.count(METRICS.outcomesPublished);
    return ACKNOWLEDGED;
  }

  private fieldsOf({ payment }: PaymentDelivery) {
    return paymentFields(payment, this.services.accountHash);
  }
}

function returned(check: Extract<FraudCheck, { kind: 'unavailable' }>): Returned {
  return {
    kind: 'returned',
    errorCode: 'FRAUD_CHECK_UNAVAILABLE',
    cause: check.cause,
    fraudCheckFailedAt: check.failedAt,
    retryAfterSeconds: check.retryAfterSeconds,
  };
}

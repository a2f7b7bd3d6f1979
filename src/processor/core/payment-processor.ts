import {
  type FailedRecord,
  heldPayment,
  identityOf,
  InvalidPaymentError,
  METRICS,
  parsePaymentMessage,
  type PaymentMessage,
  STATUS_OF_DECISION,
} from '../../contract';
import { AccountHolds } from './account-holds';
import type { Invocation, Services, Settings } from './invocation';
import { type Claim, PaymentRepository } from './payment-repository';
import { ACKNOWLEDGED, FENCE_LOST, type Returned, type Outcome, type PaymentDelivery } from './payment-delivery';
import type { FraudCheck, QueueMessage } from './ports';
import { Quarantine } from './quarantine';

type Owned = Extract<Claim, { kind: 'owned' }>;

/** One message's way: read, wait for its turn, claim, check, decide. */
export class PaymentProcessor {
  private readonly payments: PaymentRepository;
  private readonly quarantine: Quarantine;
  private readonly holds: AccountHolds;

  constructor(
    private readonly services: Services,
    private readonly settings: Settings,
    private readonly invocation: Invocation,
  ) {
    this.payments = new PaymentRepository(services, settings, invocation);
    this.holds = new AccountHolds(services, settings, invocation);
    this.quarantine = new Quarantine(services, this.payments, this.holds, invocation);
  }

  /**
   * @param checkDeadline when the fraud check must have ended, in ms since the epoch
   * @throws StoreError, DeadLetterError: the message is to be returned to the queue
   */
  async process(message: QueueMessage, checkDeadline: number): Promise<Outcome> {
    const payment = readPayment(message);
    if (payment instanceof InvalidPaymentError) return this.quarantine.refuse(message, payment.code);

    const identity = identityOf(payment);
    const delivery = { message, payment, identity, held: heldPayment(identity, message.sequenceNumber) };
    const blocker = await this.holds.blockerOf(payment.account_id, delivery.held);
    const claim = await this.payments.claim(delivery, blocker?.transactionId);
    // Only what is still to be done waits: a redelivery of what has come to its end would else be parked for ever.
    if (blocker !== undefined && claim.kind === 'owned' && (await this.holds.park(payment.account_id, delivery.held))) {
      return this.quarantine.park(delivery, blocker);
    }
    return this.processClaim(delivery, claim, checkDeadline);
  }

  private async processClaim(delivery: PaymentDelivery, claim: Claim, checkDeadline: number): Promise<Outcome> {
    const { message, payment } = delivery;
    switch (claim.kind) {
      case 'owned':
        return this.check(delivery, claim, checkDeadline);
      case 'conflict':
        await this.quarantine.refuse(message, 'CONFLICTING_TRANSACTION');
        await this.lift(delivery, true);
        return ACKNOWLEDGED;
      case 'unquarantined':
        return this.finishQuarantine(delivery, claim.record);
      case 'quarantined':
        this.holds.forget(payment.account_id); // another invocation failed it, and has held the account since
        return message.isDeadLetterCopy ? this.finishQuarantine(delivery, claim.record) : this.ignore();
      case 'ended':
        await this.lift(delivery, claim.mayBeHeld);
        return this.ignore();
      case 'lost':
        return FENCE_LOST;
    }
  }

  private finishQuarantine(
    delivery: PaymentDelivery,
    { attempts, failure_code: code = 'FRAUD_CHECK_UNAVAILABLE', failure_message: message }: FailedRecord,
  ): Promise<Outcome> {
    return this.quarantine.finish(delivery, attempts, { code, message });
  }

  private ignore(): Outcome {
    this.services.telemetry.count(METRICS.duplicatesIgnored);
    return ACKNOWLEDGED;
  }

  private async check(delivery: PaymentDelivery, claim: Owned, deadline: number): Promise<Outcome> {
    const { message, payment } = delivery;
    const { attempt } = claim;
    const lastReceive = message.receiveCount >= this.settings.maxReceiveCount;
    const { fraudApi, telemetry } = this.services;
    const limits = { deadline, lastReceive, signal: this.invocation.signal };
    const check = await telemetry.trace('fraud check', () => fraudApi.check(payment, limits));

    switch (check.kind) {
      case 'decided':
        return this.decide(delivery, claim, check);
      case 'refused':
        return this.quarantine.fail(delivery, attempt, {
          code: 'FRAUD_CHECK_REFUSED',
          message: `The fraud API refused the payment permanently: HTTP ${check.httpStatus}.`,
        });
      case 'unavailable':
        // Without a call of its own a payment is not failed: a neighbour or the clock took its time.
        if (!lastReceive || check.failedAt === undefined) return returned(check);
        return this.quarantine.fail(delivery, attempt, {
          code: 'FRAUD_CHECK_UNAVAILABLE',
          message: `The fraud API brought no decision in ${message.receiveCount} receives; the last call: ${check.cause}.`,
        });
    }
  }

  private async decide(
    delivery: PaymentDelivery,
    { attempt, mayBeHeld }: Owned,
    { answer }: Extract<FraudCheck, { kind: 'decided' }>,
  ): Promise<Outcome> {
    const { payment } = delivery;
    const status = STATUS_OF_DECISION[answer.decision];
    const result = await this.payments.settle(payment, attempt, { payment_status: status, fraud: answer });
    if (result === 'lost') return FENCE_LOST;
    if (result === 'settled') {
      this.services.telemetry.info('Payment decided', {
        transaction_id: payment.transaction_id,
        account_hash: this.services.accountHash(payment.account_id),
        status,
      });
    }
    await this.lift(delivery, mayBeHeld);
    return ACKNOWLEDGED;
  }

  /** The account waits for this payment no more. */
  private async lift({ payment, held }: PaymentDelivery, mayBeHeld: boolean): Promise<void> {
    if (mayBeHeld) await this.holds.lift(payment.account_id, held);
  }
}

function readPayment(message: QueueMessage): PaymentMessage | InvalidPaymentError {
  try {
    const payment = parsePaymentMessage(message.body);
    if (payment.account_id === message.groupId) return payment;
    return new InvalidPaymentError('MESSAGE_GROUP_MISMATCH', ['account_id must be the message group']);
  } catch (error) {
    if (error instanceof InvalidPaymentError) return error;
    throw error;
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

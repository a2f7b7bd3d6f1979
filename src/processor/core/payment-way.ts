import {
  accountHash,
  InvalidPaymentError,
  METRICS,
  parsePaymentMessage,
  type PaymentMessage,
  STATUS_OF_DECISION,
} from '../../contract';
import type { Invocation, Services, Settings } from './invocation';
import { Ledger } from './ledger';
import { ACKNOWLEDGED, FENCE_LOST, type HandedBack, type Outcome } from './outcome';
import type { FraudCheck, QueueMessage } from './ports';
import { Quarantine } from './quarantine';

/** One message's way: read, claim, check, decide. */
export class PaymentWay {
  private readonly ledger: Ledger;
  private readonly quarantine: Quarantine;

  constructor(
    private readonly services: Services,
    private readonly settings: Settings,
    private readonly invocation: Invocation,
  ) {
    this.ledger = new Ledger(services, settings, invocation);
    this.quarantine = new Quarantine(services, this.ledger, invocation);
  }

  /**
   * @param checkDeadline when the fraud check must have ended, in ms since the epoch
   * @throws StoreError, DeadLetterError: the message is to be handed back
   */
  async go(message: QueueMessage, checkDeadline: number): Promise<Outcome> {
    const payment = readPayment(message);
    if (payment instanceof InvalidPaymentError) return this.quarantine.refuse(message, payment.code);

    const claim = await this.ledger.claim(payment, message);
    switch (claim.kind) {
      case 'owned':
        return this.check(message, payment, claim.attempt, checkDeadline);
      case 'conflict':
        return this.quarantine.refuse(message, 'CONFLICTING_TRANSACTION');
      case 'unquarantined':
        return this.quarantine.finish(
          message,
          payment,
          claim.record.attempts,
          claim.record.failure_code ?? 'FRAUD_CHECK_UNAVAILABLE',
        );
      case 'settled':
        this.services.telemetry.count(METRICS.duplicatesIgnored);
        return ACKNOWLEDGED;
      case 'lost':
        return FENCE_LOST;
    }
  }

  private async check(message: QueueMessage, payment: PaymentMessage, attempt: number, deadline: number): Promise<Outcome> {
    const lastReceive = message.receiveCount >= this.settings.maxReceiveCount;
    const { fraudApi, telemetry } = this.services;
    const limits = { deadline, lastReceive, signal: this.invocation.signal };
    const check = await telemetry.trace('fraud check', () => fraudApi.check(payment, limits));

    switch (check.kind) {
      case 'decided':
        return this.decide(payment, attempt, check);
      case 'refused':
        return this.quarantine.fail(message, payment, attempt, {
          code: 'FRAUD_CHECK_REFUSED',
          message: `The fraud API refused the payment for good: HTTP ${check.httpStatus}.`,
        });
      case 'unavailable':
        // Without a try of its own a payment is not failed: a neighbour or the clock took its time.
        if (!lastReceive || check.failedAt === undefined) return handedBack(check);
        return this.quarantine.fail(message, payment, attempt, {
          code: 'FRAUD_CHECK_UNAVAILABLE',
          message: `The fraud API brought no decision in ${message.receiveCount} receives; the last try: ${check.cause}.`,
        });
    }
  }

  private async decide(
    payment: PaymentMessage,
    attempt: number,
    { answer }: Extract<FraudCheck, { kind: 'decided' }>,
  ): Promise<Outcome> {
    const status = STATUS_OF_DECISION[answer.decision];
    const result = await this.ledger.settle(payment, attempt, status, { fraud: answer });
    if (result === 'lost') return FENCE_LOST;
    if (result === 'settled') {
      this.services.telemetry.info('Payment decided', {
        transaction_id: payment.transaction_id,
        account_hash: accountHash(payment.account_id),
        status,
      });
    }
    return ACKNOWLEDGED;
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

function handedBack(check: Extract<FraudCheck, { kind: 'unavailable' }>): HandedBack {
  return {
    kind: 'handed-back',
    errorCode: 'FRAUD_CHECK_UNAVAILABLE',
    fraudCheckFailedAt: check.failedAt,
    retryAfterSeconds: check.retryAfterSeconds,
  };
}

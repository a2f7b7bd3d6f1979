import { type FailureCode, type Held, METRICS } from '../../contract';
import type { AccountHolds } from './account-holds';
import type { Invocation, Services } from './invocation';
import type { PaymentRepository } from './payment-repository';
import { ACKNOWLEDGED, FENCE_LOST, type Outcome, type PaymentDelivery } from './payment-delivery';
import type { QueueMessage } from './ports';

const NOT_TRIED = 0;

export interface Failure {
  readonly code: FailureCode;
  /** For the person who reads the record or the log; holds nothing of the payment. */
  readonly message: string;
}

/**
 * Takes a message that cannot succeed out of its account's way, so that the payments behind it go on. SQS's own
 * redrive would take up to nine healthy ones along: each return costs them a receive too.
 */
export class Quarantine {
  constructor(
    private readonly services: Services,
    private readonly payments: PaymentRepository,
    private readonly holds: AccountHolds,
    private readonly invocation: Invocation,
  ) {}

  /** Fails a payment that we own: record first, so that a crash anywhere leaves a redelivery that can go on. */
  async fail(delivery: PaymentDelivery, attempt: number, failure: Failure): Promise<Outcome> {
    const result = await this.payments.settle(delivery.payment, attempt, {
      payment_status: 'FAILED',
      failure_code: failure.code,
      failure_message: failure.message,
    });
    if (result === 'lost') return FENCE_LOST;
    if (result === 'settled-elsewhere') return ACKNOWLEDGED;
    return this.finish(delivery, attempt, failure);
  }

  /** The steps after the record is FAILED; a redelivery after a crash between them repeats them. */
  async finish(
    { message, payment, held }: PaymentDelivery,
    attempt: number,
    { code, message: failure_message }: { code: FailureCode; message?: string | undefined },
  ): Promise<Outcome> {
    await this.holds.fail(payment.account_id, held);
    await this.services.deadLetters.send(message, code, attempt, this.invocation.signal);
    if (await this.payments.markDeadLettered({ transaction_id: payment.transaction_id, attempts: attempt })) {
      this.services.telemetry.count(METRICS.quarantined);
    }
    this.services.telemetry.warn('Payment quarantined', {
      transaction_id: payment.transaction_id,
      account_hash: this.services.accountHash(payment.account_id),
      status: 'FAILED',
      error_code: code,
      failure_message,
    });
    return ACKNOWLEDGED;
  }

  /** A payment that is healthy as far as anybody knows, but has to wait. Its record says so from its claim on. */
  async park({ message, payment }: PaymentDelivery, blocker: Held): Promise<Outcome> {
    await this.services.deadLetters.park(message, blocker.transactionId, this.invocation.signal);
    this.services.telemetry.count(METRICS.parked);
    this.services.telemetry.info('Payment parked behind a failed one', {
      transaction_id: payment.transaction_id,
      account_hash: this.services.accountHash(payment.account_id),
    });
    return ACKNOWLEDGED;
  }

  /** A message that is invalid, or conflicts with the payment of its id, touches no record: the id may be another's. */
  async refuse(message: QueueMessage, code: FailureCode): Promise<Outcome> {
    await this.services.deadLetters.send(message, code, NOT_TRIED, this.invocation.signal);
    this.services.telemetry.count(METRICS.quarantined);
    this.services.telemetry.warn('Message quarantined', { message_id: message.messageId, error_code: code });
    return ACKNOWLEDGED;
  }
}

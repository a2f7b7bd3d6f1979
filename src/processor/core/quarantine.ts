import { accountHash, type FailureCode, METRICS, type PaymentMessage } from '../../contract';
import type { Invocation, Services } from './invocation';
import type { Ledger } from './ledger';
import { ACKNOWLEDGED, FENCE_LOST, type Outcome } from './outcome';
import type { QueueMessage } from './ports';

export interface Failure {
  readonly code: FailureCode;
  /** For the person who reads the record; holds nothing of the payment. */
  readonly message: string;
}

/**
 * Takes a message that cannot succeed out of its account's way, so that the payments behind it go on. SQS's own
 * redrive would take up to nine healthy ones along: each hand-back costs them a receive too.
 */
export class Quarantine {
  constructor(
    private readonly services: Services,
    private readonly ledger: Ledger,
    private readonly invocation: Invocation,
  ) {}

  /** Fails a payment that we own: record first, so that a crash anywhere leaves a redelivery that can go on. */
  async fail(message: QueueMessage, payment: PaymentMessage, attempt: number, failure: Failure): Promise<Outcome> {
    const result = await this.ledger.settle(payment, attempt, 'FAILED', {
      failure_code: failure.code,
      failure_message: failure.message,
    });
    if (result === 'lost') return FENCE_LOST;
    if (result === 'settled-elsewhere') return ACKNOWLEDGED;
    return this.finish(message, payment, attempt, failure.code);
  }

  /** The steps after the record is FAILED; a redelivery after a crash between them repeats them. */
  async finish(message: QueueMessage, payment: PaymentMessage, attempt: number, code: FailureCode): Promise<Outcome> {
    await this.services.deadLetters.send(message, code, this.invocation.signal);
    if (await this.ledger.markDeadLettered({ transaction_id: payment.transaction_id, attempts: attempt })) {
      this.services.telemetry.count(METRICS.quarantined);
    }
    this.services.telemetry.warn('Payment quarantined', {
      transaction_id: payment.transaction_id,
      account_hash: accountHash(payment.account_id),
      status: 'FAILED',
      error_code: code,
    });
    return ACKNOWLEDGED;
  }

  /** A message that is no payment, or not the one its id says, touches no record: the id may be another's. */
  async refuse(message: QueueMessage, code: FailureCode): Promise<Outcome> {
    await this.services.deadLetters.send(message, code, this.invocation.signal);
    this.services.telemetry.count(METRICS.quarantined);
    this.services.telemetry.warn('Message quarantined', { message_id: message.messageId, error_code: code });
    return ACKNOWLEDGED;
  }
}

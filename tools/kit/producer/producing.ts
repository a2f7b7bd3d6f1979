import type { PaymentMessage } from '../../../src/contract';
import { PaymentProducer, type SendOptions, type SendResult } from '../../../src/producer';
import { VirtualTime } from '../virtual-time';
import { aPayment } from '../payments/payments';
import { FaultySqs, type Fates } from './faulty-sqs';
import { inVirtualTime } from './virtual-world';

export const QUEUE_URL = 'https://sqs.test/payments.fifo';

/** payment-0 of account-0, payment-1 of account-1, and so on, round the accounts. */
export function payments(count: number, accounts: number, fields: Partial<PaymentMessage> = {}): PaymentMessage[] {
  return Array.from({ length: count }, (_, index) =>
    aPayment({ transaction_id: `payment-${index}`, account_id: `account-${index % accounts}`, ...fields }),
  );
}

/** A producer before a queue in memory, in virtual time. */
export class Producing {
  readonly time = new VirtualTime();
  readonly sqs: FaultySqs;
  readonly producer: PaymentProducer;

  constructor(fates: Partial<Fates> = {}) {
    this.sqs = new FaultySqs(this.time, 1, { call: () => 'answered', entry: () => 'stored', ...fates });
    this.producer = new PaymentProducer(this.sqs.client, QUEUE_URL);
  }

  send(
    sent: Iterable<PaymentMessage> | AsyncIterable<PaymentMessage>,
    options: SendOptions = {},
  ): Promise<SendResult[]> {
    return this.run(() => this.producer.send(sent, options));
  }

  run<T>(work: () => Promise<T>): Promise<T> {
    return inVirtualTime(this.time, work);
  }

  /** The bodies in the queue. */
  get queued(): PaymentMessage[] {
    return this.sqs.messages.map(({ body }) => JSON.parse(body) as PaymentMessage);
  }
}

/** Transaction ids of the account, or of all, in the queue's order. */
export function idsOf(queued: readonly PaymentMessage[], account?: string): string[] {
  return queued
    .filter(({ account_id }) => account === undefined || account_id === account)
    .map(({ transaction_id }) => transaction_id);
}

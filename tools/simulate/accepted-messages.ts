import type { PaymentRecord } from '../../src/contract';
import type { Accepted, ClientMessage } from './client-messages';
import type { Origin } from './dead-letter-queue';
import type { SimulatedServices } from './services';

/** The messages that SQS has accepted, by message id. */
export class AcceptedMessages extends Map<string, Accepted> {
  constructor(private readonly services: Pick<SimulatedServices, 'deadLetters'>) {
    super();
  }

  paymentOf({ fingerprint }: Pick<PaymentRecord, 'fingerprint'>): NonNullable<ClientMessage['payment']> {
    return [...this.values()].find(({ sent }) => sent.payment?.fingerprint === fingerprint)!.sent.payment!;
  }

  /** Returns the message that a client sent. @param letterId of the message in the dead-letter queue; an operator may name any id */
  sourceOf(letterId: string): ClientMessage | undefined {
    const origin = this.services.deadLetters.originOf(letterId) as Origin | undefined;
    return origin && this.get(origin.sourceMessageId)!.sent;
  }
}

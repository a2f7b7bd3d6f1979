import { isDecision, type PaymentRecord, STATUS_OF_DECISION } from '../../src/contract';
import type { AcceptedMessages } from './accepted-messages';
import type { Says } from './client-messages';
import type { Endings } from './endings';
import type { ExpiryRules } from './expiry-rules';
import type { Invocation } from './invocation';
import type { SimulatedServices } from './services';

/** Checks the calls of the fraud API, and the decisions that follow from its answers. */
export class FraudRules {
  /** All answers of the fraud API, by transaction id. */
  readonly said = new Map<string, Set<Says[number]>>();

  constructor(
    private readonly services: SimulatedServices,
    private readonly accepted: AcceptedMessages,
    private readonly endings: Endings,
    private readonly expiry: ExpiryRules,
  ) {}

  onCall(
    { transaction_id, amount }: { transaction_id: string; amount: number },
    headers: Record<string, string>,
    by: Invocation | undefined,
  ): void {
    const { log, time, table } = this.services;
    const violated = (what: string) => {
      log.violated('fraud API called correctly', what);
    };
    if (by === undefined) {
      violated(`the fraud API was called for ${transaction_id} outside of an invocation`);
      return;
    }
    by.fraudCalls++;
    const called = by.called.get(transaction_id) ?? { calls: 0, firstAt: time.now() };
    by.called.set(transaction_id, { ...called, calls: called.calls + 1 });
    const claim = table.read(transaction_id);
    if (headers['idempotency-key'] !== transaction_id)
      violated(`the call for ${transaction_id} has another idempotency key`);
    if (claim?.amount !== amount || !claim.history.some(({ request_id }) => request_id === by.requestId))
      violated(`the fraud API was called for ${transaction_id} before it was claimed`);
    else if (this.expiry.mustExpire(claim, by))
      violated(`the fraud API was called for ${transaction_id}, which is too old`);
    if (by.refused.has(transaction_id))
      violated(`the fraud API was called again for ${transaction_id}, which it had refused permanently`);
  }

  onSaid(transactionId: string, says: Says[number]): void {
    this.said.set(transactionId, (this.said.get(transactionId) ?? new Set()).add(says));
  }

  onDecided(record: PaymentRecord): void {
    const { transaction_id, payment_status, fraud, history } = record;
    const { log } = this.services;
    if (history.filter(({ status }) => isDecision(status)).length > 1)
      log.violated('decided once', `${transaction_id} was decided twice`);
    const isAsSaid =
      fraud !== undefined &&
      STATUS_OF_DECISION[fraud.decision] === payment_status &&
      this.said.get(transaction_id)?.has(fraud.decision);
    if (!isAsSaid)
      log.violated('decided once', `${transaction_id} is ${payment_status}, which the fraud API never said`);
  }

  /** A payment has ended in the table. Each message that came earlier from its account has ended, unless it lost its place. */
  judgeOrder({ transaction_id, account_id, payment_status, sequence_number }: PaymentRecord): void {
    const { log, queue } = this.services;
    for (const elder of queue.messages) {
      const one = this.accepted.get(elder.messageId)!;
      if (
        elder.groupId === account_id &&
        elder.sequenceNumber < sequence_number &&
        !this.endings.hasEnded(one) &&
        !this.endings.isRedriven(one)
      )
        log.violated(
          'order per account',
          `${transaction_id} was ${payment_status} before ${elder.messageId}, which its account had sent earlier`,
        );
    }
  }
}

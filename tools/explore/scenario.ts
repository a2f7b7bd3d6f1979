import { fingerprint, type OnFailedPayment, type PaymentMessage, type Resolution } from '../../src/contract';
import { aPayment } from '../kit/payments/payments';

/** The fraud API's answer: a decision, a permanent refusal, or a transient failure. */
export type Says = 'approve' | 'review' | 'refuse' | 'unavailable';

/** A payment of the scenario. Each of its checks has one of several answers, and every one of them is explored. */
export interface ExploredPayment {
  readonly message: PaymentMessage;
  readonly fingerprint: string;
  readonly body: string;
  readonly says: readonly Says[];
  /** Sent at any time, rather than before everything else. */
  readonly isLate: boolean;
}

/** An action that an operator may take once, at any time. */
export type Operation =
  | {
      readonly kind: 'invoke';
      readonly event: Readonly<Record<string, unknown>> & { readonly action: 'redrive' | 'discard' | 'resolve' };
    }
  /** All messages of the dead-letter queue are deleted; they expire just so. */
  | { readonly kind: 'purge' }
  /** `onFailedPayment` of the deployed function is changed. */
  | { readonly kind: 'switch'; readonly to: OnFailedPayment };

/**
 * What keeps the states few and loses no violation; each says where it is made why. `known states` enters no state twice. `ends first` and
 * `alone` leave out orders of steps that lead to the same worlds. `how decided` counts worlds as one in which the same can happen.
 */
export const REDUCTIONS = ['known states', 'ends first', 'alone', 'how decided'] as const;

export type Reduction = (typeof REDUCTIONS)[number];

/** A small world, and what may happen in it. */
export interface Scenario {
  readonly name: string;
  readonly onFailedPayment: OnFailedPayment;
  /** An account's in the order in which it sends them. */
  readonly payments: readonly ExploredPayment[];
  /** Each list is done from its front, each operation at any time or never; the lists beside each other. */
  readonly operators: readonly (readonly (readonly Operation[])[])[];
  /** Invocations of the payment processor that run at the same time. */
  readonly invocations: number;
  /** Batches that are delivered while an operator's run lasts, at most: a run that was slower could meet a payment that fails again and again. */
  readonly batchesDuringRun: number;
  /** An account whose steps come before the others' that could be next, so that their order is not varied. */
  readonly bystander?: string;
  /** Early redeliveries in one execution at most, each of them a fault. */
  readonly redeliveries: number;
  /** Faults in one execution at most: refused calls, lost answers, crashes, early redeliveries. */
  readonly faults: number;
  readonly maxReceiveCount: number;
  /** @default all */
  readonly reductions?: readonly Reduction[];
}

export function isReduced({ reductions = REDUCTIONS }: Scenario, reduction: Reduction): boolean {
  return reductions.includes(reduction);
}

export function payment(
  account: string,
  transactionId: string,
  says: readonly Says[] = ['approve'],
  isLate = false,
): ExploredPayment {
  const message = aPayment({ transaction_id: transactionId, account_id: account });
  return { message, fingerprint: fingerprint(message), body: JSON.stringify(message), says, isLate };
}

export const redriving = (fields: Readonly<Record<string, unknown>> = {}): Operation => ({
  kind: 'invoke',
  event: { action: 'redrive', ...fields },
});
export const discarding = (fields: Readonly<Record<string, unknown>> = {}): Operation => ({
  kind: 'invoke',
  event: { action: 'discard', reason: 'given up', ...fields },
});
export const resolving = (decision: Resolution, transactionIds: readonly string[]): Operation => ({
  kind: 'invoke',
  event: {
    action: 'resolve',
    decision,
    transactionIds,
    reason: 'looked at',
    actor: `arn:aws:iam::123456789012:user/to-${decision}`,
  },
});
export const PURGE: Operation = { kind: 'purge' };
export const switching = (to: OnFailedPayment): Operation => ({ kind: 'switch', to });

/** Whether two accounts use one transaction id, so that what happens to one account may matter to the other. */
export function sharesIds({ payments }: Scenario): boolean {
  const ids = new Map(payments.map(({ message }) => [message.transaction_id, message.account_id]));
  return payments.some(({ message }) => ids.get(message.transaction_id) !== message.account_id);
}

export function inWords(operation: Operation): string {
  switch (operation.kind) {
    case 'purge':
      return 'the dead-letter queue is purged';
    case 'switch':
      return `onFailedPayment is now "${operation.to}"`;
    case 'invoke': {
      const { action, decision, accountIds, transactionIds } = operation.event;
      const selected = [transactionIds, accountIds].filter(Array.isArray).map((ids) => ids.join(', '));
      return `${typeof decision === 'string' ? decision : action} ${selected.length === 0 ? 'all' : selected.join(' of ')}`;
    }
  }
}

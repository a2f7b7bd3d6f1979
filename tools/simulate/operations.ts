import type { Resolution } from '../../src/contract';

/** An operator's event for the DLQ processor. */
export interface Operation {
  readonly atMs: number;
  readonly operator: 1 | 2;
  readonly action: 'redrive' | 'discard' | 'resolve' | 'analyze';
  /** Of a resolution. @default 'approve' */
  readonly decision?: Resolution;
  readonly of: Selection;
  readonly limit?: number | undefined;
  readonly dryRun: boolean;
}

/** Numbers count from 0 and wrap around: of what was sent, of the accounts, or of the letters that are there then. */
export type Selection =
  | { readonly kind: 'all' }
  | { readonly kind: 'transactions'; readonly which: readonly number[] }
  | { readonly kind: 'accounts'; readonly which: readonly number[] }
  | { readonly kind: 'messages'; readonly which: readonly number[] };

/** An operator's action in the console of SQS. */
export interface ByHand {
  readonly atMs: number;
  /** `move`: back to the payment queue, as "start DLQ redrive" does. */
  readonly does: 'purge' | 'delete' | 'move';
  /** Index of the dead letter, among those that are in the queue at that time. */
  readonly which: number;
}

/** The operations with which an operator unblocks held accounts. */
export const RECOVERIES = ['redrive by account', 'discard by account', 'redrive by id', 'discard by id'] as const;

export type Recovery = (typeof RECOVERIES)[number];

/** Some hour after the last receive of most. */
export const LATEST_OPERATION_MS = 7_200_000;

/** The event that the operator sends. @param letterIds of the dead letters that are there now */
export function eventOf(
  { action, operator, decision = 'approve', of, limit, dryRun }: Operation,
  sent: readonly string[],
  letterIds: readonly string[],
): Record<string, unknown> {
  const common = { action, dryRun, ...(limit !== undefined && { limit }) };
  if (action === 'analyze') return common;
  const why = { reason: `an operator's ${action}`, actor: `arn:aws:iam::123456789012:user/operator-${operator}` };
  if (action === 'resolve') return { ...common, ...why, decision, transactionIds: idsOf(of, sent) };
  return { ...common, ...why, ...selected(of, sent, letterIds) };
}

function selected(of: Selection, sent: readonly string[], letterIds: readonly string[]): Record<string, unknown> {
  switch (of.kind) {
    case 'all':
      return {};
    case 'accounts':
      return { accountIds: of.which.map((account) => `account-${account}`) };
    case 'transactions':
      return { transactionIds: idsOf(of, sent) };
    case 'messages':
      return { transactionIds: of.which.map((which) => letterIds[which % letterIds.length] ?? 'none') };
  }
}

/** The transaction ids that an operator names: all, unless the selection is of some. */
function idsOf(of: Selection, sent: readonly string[]): readonly string[] {
  return of.kind === 'transactions' ? of.which.map((which) => sent[which % sent.length]!) : sent;
}

export function inWords({ atMs, operator, action, decision = 'approve', of, limit, dryRun }: Operation): string {
  const which = of.kind === 'all' ? 'all' : `${of.kind} ${of.which.join(', ')}`;
  const more = `${limit === undefined ? '' : `, ${limit} at most`}${dryRun ? ', as a dry run' : ''}`;
  return `at ${atMs / 1_000} s operator ${operator}: ${action === 'resolve' ? decision : action} ${action === 'analyze' ? '' : which}${more}`;
}

import type { StackGraph } from '../kit/stacks/stack-graph';
import { DAYS_PER_MONTH, type Parts, PRICED_REGION, PRICES_AS_OF } from './prices';
import { paymentParts, type Traffic } from './payment-parts';
import { fixedParts, unpricedTypes } from './fixed-parts';
import type { UsageFile } from './usage';

interface Sum {
  readonly total: number;
  readonly parts: Parts;
}

/** What a stack costs, in US dollars. The names are those of `npx projen cost -- --json`. */
export interface Bill {
  readonly region: string;
  readonly prices_as_of: string;
  readonly payments_per_day: number;
  readonly batch_fill: number;
  /** What the stack costs without a payment. */
  readonly fixed_per_month: Sum;
  readonly per_million_payments: Sum;
  /** Both for a month of these payments. */
  readonly per_month: number;
  /** Types of resources in the stack that no price is known for. */
  readonly not_priced: readonly string[];
}

export function billOf(stack: StackGraph, traffic: Traffic, usage: UsageFile): Bill {
  const fixed = sumOf(fixedParts(stack));
  const perMillion = sumOf(paymentParts(stack, traffic, usage));
  return {
    region: PRICED_REGION,
    prices_as_of: PRICES_AS_OF,
    payments_per_day: traffic.paymentsPerDay,
    batch_fill: traffic.batchFill,
    fixed_per_month: fixed,
    per_million_payments: perMillion,
    per_month: fixed.total + (perMillion.total * traffic.paymentsPerDay * DAYS_PER_MONTH) / 1e6,
    not_priced: unpricedTypes(stack),
  };
}

/** Parts that cost nothing are left out. */
function sumOf(parts: Parts): Sum {
  const billed = Object.entries(parts).filter(([, usd]) => usd > 0);
  return { total: billed.reduce((sum, [, usd]) => sum + usd, 0), parts: Object.fromEntries(billed) };
}

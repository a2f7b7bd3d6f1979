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

/** Lists what a change of the stack costs: both sums with their differences, and each part that differs by a cent or more. */
export function differenceBetween(before: Bill, after: Bill): string[] {
  const sums = [
    { per: 'a month fixed', was: before.fixed_per_month, is: after.fixed_per_month },
    { per: 'a million payments', was: before.per_million_payments, is: after.per_million_payments },
  ];
  const parts = sums.flatMap(({ per, was, is }) =>
    Object.keys({ ...was.parts, ...is.parts })
      .map((name) => ({ name, from: dollars(was.parts[name] ?? 0), to: dollars(is.parts[name] ?? 0) }))
      .filter(({ from, to }) => from !== to)
      .map(({ name, from, to }) => `${name}: ${from} -> ${to} USD ${per}`),
  );
  const total = ({ per, was, is }: (typeof sums)[number]) =>
    `${dollars(is.total)} USD ${per} (${is.total < was.total ? '' : '+'}${dollars(is.total - was.total)})`;
  return [
    `Costs ${sums.map(total).join(', ')}`,
    ...parts,
    ...after.not_priced.map((type) => `no price is known of ${type}`),
  ];
}

/** Two digits behind the point. */
export function dollars(value: number): string {
  return value.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
}

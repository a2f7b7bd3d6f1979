import { barChart } from '../kit/chart';
import type { Bill } from './bill';

/** Both sums of a bill, by part. */
export function billChart({
  fixed_per_month: fixed,
  per_million_payments: payments,
  batch_fill,
  region,
}: Bill): string {
  return barChart(
    {
      title: `What the pipeline costs in ${region}`,
      x: { label: '' },
      y: { label: 'US dollars' },
    },
    [
      { label: 'fixed, a month', parts: mainParts(fixed.parts) },
      { label: `a million payments, batches of ${batch_fill}`, parts: mainParts(payments.parts) },
    ],
  );
}

/** Parts below this share of the whole become one. */
const SMALL = 0.04;

export function mainParts(parts: Readonly<Record<string, number>>): Record<string, number> {
  const entries = Object.entries(parts).sort(([, one], [, other]) => other - one);
  const total = entries.reduce((sum, [, value]) => sum + value, 0);
  const main = entries.filter(([, value]) => value >= SMALL * total);
  const others = entries.slice(main.length).reduce((sum, [, value]) => sum + value, 0);
  return { ...Object.fromEntries(main), ...(others > 0 && { others }) };
}

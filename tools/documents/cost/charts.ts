import { billOf } from '../../cost/bill';
import { mainParts } from '../../cost/charts';
import { readUsage } from '../../cost/usage';
import { barChart, lineChart, type Series } from '../../kit/chart';
import { profiles } from './stacks';

const DAY = 1e6;
const DAILY = [1e4, 1e5, 1e6, 1e7, 1e8];

/** A million payments by part, at some batch sizes. */
export function partsChart(): string {
  const { dev } = profiles();
  const bars = [1, 2, 5, 10].map((batchFill) => ({
    label: `batches of ${batchFill}`,
    parts: billOf(dev, { paymentsPerDay: DAY, batchFill }, readUsage()).per_million_payments.parts,
  }));
  const main = Object.keys(mainParts(bars[0]!.parts)).filter((name) => name !== 'others');
  return barChart(
    { title: 'A million payments, by part', x: { label: '' }, y: { label: 'US dollars' } },
    bars.map(({ label, parts }) => ({ label, parts: only(main, parts) })),
  );
}

/** The month's bill by payments a day. */
export function monthChart(): string {
  const series = Object.entries(profiles()).flatMap(([profile, stack]) =>
    [1, 10].map((batchFill): Series => ({
      label: `${profile}, batches of ${batchFill}`,
      points: DAILY.map((paymentsPerDay) => [
        paymentsPerDay,
        billOf(stack, { paymentsPerDay, batchFill }, readUsage()).per_month,
      ]),
    })),
  );
  return lineChart(
    {
      title: 'What a month costs',
      x: { label: 'payments a day', logarithmic: true },
      y: { label: 'US dollars a month', logarithmic: true },
    },
    series,
  );
}

function only(names: readonly string[], parts: Readonly<Record<string, number>>): Record<string, number> {
  const others = Object.entries(parts).filter(([name]) => !names.includes(name));
  return {
    ...Object.fromEntries(names.map((name) => [name, parts[name] ?? 0])),
    others: others.reduce((sum, [, value]) => sum + value, 0),
  };
}

import { type Bill, billOf } from '../../cost/bill';
import type { Traffic } from '../../cost/payment-parts';
import { PRICES, type Price } from '../../cost/prices';
import { readUsage } from '../../cost/usage';
import type { StackGraph } from '../../kit/stacks/stack-graph';
import { table } from '../generated';
import { devWith, profiles, withOutcomes } from './stacks';

const FILLS = [1, 2, 5, 10];
const DAILY = [1e6, 10e6, 100e6];
const DAY = 1e6;

/** Index writes of a payment until its first attempt stayed out of the status index. */
const INDEX_WRITES_BEFORE = 3;

const bill = (stack: StackGraph, traffic: Partial<Traffic> = {}) =>
  billOf(stack, { paymentsPerDay: DAY, batchFill: 1, ...traffic }, readUsage());

/** The parts of the bill, in docs/explanation/cost.md. */
export function partsTables(): string {
  const { dev } = profiles();
  const { fixed_per_month: fixed } = bill(dev);
  const bills = FILLS.map((batchFill) => bill(dev, { batchFill }).per_million_payments);
  return [
    table(
      ['fixed, a month', 'USD'],
      [...sorted(fixed.parts).map(([name, value]) => [name, usd(value)]), ['**total**', usd(fixed.total)]],
    ),
    table(
      ['a million payments, USD', ...FILLS.map((fill) => (fill === 1 ? 'batches of 1' : `of ${fill}`))],
      [
        ...sorted(bills[0]!.parts).map(([name]) => [name, ...bills.map(({ parts }) => usd(parts[name] ?? 0))]),
        ['**total**', ...bills.map(({ total }) => usd(total))],
      ],
    ),
  ].join('\n\n');
}

/** The bill at some numbers of payments a day. */
export function billTable(): string {
  const rows = Object.entries(profiles()).flatMap(([profile, stack]) =>
    FILLS.filter((fill) => fill === 1 || fill === 10).map((batchFill) => [
      `\`${profile}\`, batches of ${batchFill}`,
      ...DAILY.map((paymentsPerDay) => dollars(bill(stack, { paymentsPerDay, batchFill }).per_month)),
    ]),
  );
  return table(['USD a month', ...DAILY.map((payments) => `${payments / 1e6} million a day`)], rows);
}

/** What each setting changes in a month of a million payments a day. */
export function leversTable(): string {
  const { dev } = profiles();
  const now = bill(dev);
  const usage = readUsage();
  const [single] = usage.fills;
  const before = {
    ...usage,
    fills: [{ ...single!, index_write_units: INDEX_WRITES_BEFORE * single!.payments }],
  };
  const rows: (readonly [lever: string, other: Bill])[] = [
    ['batches of 10 instead of 1', bill(dev, { batchFill: 10 })],
    ['endpoints in two zones instead of three', bill(inZones(2))],
    ['endpoints in one zone', bill(inZones(1))],
    [
      'an existing network that has the endpoints',
      bill(devWith('aws_vpc_endpoint', (block) => ({ ...block, vpc_endpoint_type: 'Gateway' }))),
    ],
    ["`outcomes: 'topic'`, with one subscribed queue", bill(withOutcomes())],
    ['functions without X-Ray', bill(devWith('aws_lambda_function', ({ tracing_config: _, ...block }) => block))],
    [
      'logs kept for a year instead of a day',
      bill(devWith('aws_cloudwatch_log_group', (block) => ({ ...block, retention_in_days: 365 }))),
    ],
    [
      '`lambdaMemory` 512 instead of 256',
      bill(devWith('aws_lambda_function', (block) => ({ ...block, memory_size: 512 }))),
    ],
    [
      `${INDEX_WRITES_BEFORE} index writes a payment, as before`,
      billOf(dev, { paymentsPerDay: DAY, batchFill: 1 }, before),
    ],
  ];
  return table(
    ['other setting', 'fixed, a month', 'a million payments', 'a month'],
    rows.map(([lever, other]) => [
      lever,
      change(other.fixed_per_month.total - now.fixed_per_month.total),
      change(other.per_million_payments.total - now.per_million_payments.total),
      change(other.per_month - now.per_month),
    ]),
  );
}

/** The price table. */
export function pricesTable(): string {
  return table(
    ['unit', 'USD', 'read as'],
    Object.values(PRICES as Readonly<Record<string, Price>>).map(({ unit, usd: price, source, listed, readIn }) => [
      `[${unit}](${source})`,
      price.toLocaleString('en-US', { maximumFractionDigits: 10 }),
      listed === undefined
        ? readIn === undefined
          ? 'the same everywhere'
          : `\`${readIn}\``
        : `\`${listed.usageType}\`, ${listed.on}`,
    ]),
  );
}

function inZones(zones: number): StackGraph {
  return devWith('aws_vpc_endpoint', ({ subnet_ids, ...block }) =>
    Array.isArray(subnet_ids) ? { ...block, subnet_ids: (subnet_ids as unknown[]).slice(0, zones) } : block,
  );
}

function sorted(parts: Bill['fixed_per_month']['parts']): [string, number][] {
  return Object.entries(parts).sort(([, one], [, other]) => other - one);
}

function usd(value: number): string {
  return value.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
}

function dollars(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 0 });
}

function change(value: number): string {
  return Math.abs(value) < 0.005 ? '0' : `${value > 0 ? '+' : '-'}${usd(Math.abs(value))}`;
}

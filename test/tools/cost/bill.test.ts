import { METRIC_DEFINITIONS } from '../../../src/contract/metrics';
import { billOf } from '../../../tools/cost/bill';
import { HOURS_PER_MONTH, PRICES } from '../../../tools/cost/prices';
import { readUsage, type UsageFile } from '../../../tools/cost/usage';
import { StackGraph, type StackJson } from '../../../tools/kit/stacks/stack-graph';

type Resources = StackJson['resource'];

const variables = { POWERTOOLS_SERVICE_NAME: 'payments', ON_FAILED_PAYMENT: 'continue' };
const PROCESSOR: Resources = {
  aws_sqs_queue: { queue: { name: 'payments.fifo' } },
  aws_lambda_event_source_mapping: {
    mapping: { function_name: '${aws_lambda_function.processor.arn}', event_source_arn: '${aws_sqs_queue.queue.arn}' },
  },
  aws_lambda_function: { processor: { function_name: 'processor', memory_size: 1_769, environment: { variables } } },
};
const BATCH = { table_write_units: 20, index_write_units: 10, read_units: 0, table_calls: 20, sqs_requests: 3 };
const USAGE: UsageFile = {
  measured_on: '2026-01-01',
  machine: 'any',
  batches: 1,
  fills: [
    { payments: 10, ...BATCH, sns_requests: 0, log_bytes: 5_000, metric_bytes: 500, stored_bytes: 0, cpu_ms: 40 },
  ],
};

const bill = (resource: Resources, traffic = {}) =>
  billOf(new StackGraph({ resource }), { paymentsPerDay: 1e6, batchFill: 10, ...traffic }, USAGE);
const fixed = (resource: Resources) => bill(resource).fixed_per_month.parts;
const payments = (resource: Resources, traffic = {}) =>
  bill({ ...PROCESSOR, ...resource }, traffic).per_million_payments.parts;

test('an interface endpoint costs its hours in each zone; a gateway costs nothing', () => {
  const endpoint = (vpc_endpoint_type: string, zones: number) => ({
    vpc_endpoint_type,
    subnet_ids: Array.from({ length: zones }, (_, zone) => `subnet-${zone}`),
  });
  const aws_vpc_endpoint = { a: endpoint('Interface', 3), b: endpoint('Interface', 2), c: endpoint('Gateway', 0) };
  expect(fixed({ aws_vpc_endpoint })['interface endpoints']).toBeCloseTo(5 * HOURS_PER_MONTH * 0.013);
});

test('an alarm costs as much as its metrics, and an expression nothing', () => {
  const query = [
    { id: 'e', expression: 'a / b' },
    { id: 'a', metric: {} },
    { id: 'b', metric: {} },
  ];
  const aws_cloudwatch_metric_alarm = { plain: { metric_name: 'Errors' }, ratio: { metric_query: query } };
  expect(fixed({ aws_cloudwatch_metric_alarm }).alarms).toBeCloseTo(0.3);
});

test.each([
  ['continue', 1],
  ['hold', 0],
])('the custom metrics of onFailedPayment %s', (ON_FAILED_PAYMENT, fewer) => {
  const environment = { variables: { ...variables, ON_FAILED_PAYMENT } };
  const aws_lambda_function = { processor: { ...PROCESSOR.aws_lambda_function!.processor, environment } };
  const count = Object.keys(METRIC_DEFINITIONS).length - fewer;
  expect(fixed({ ...PROCESSOR, aws_lambda_function })['custom metrics']).toBeCloseTo(0.3 * count);
});

test('a type without a price is named', () => {
  expect(bill({ aws_nat_gateway: { gateway: {} }, aws_kms_key: { key: {} } })).toMatchObject({
    fixed_per_month: { total: 1, parts: { 'encryption keys': 1 } },
    not_priced: ['aws_nat_gateway'],
  });
});

test('a million payments cost the units of their batches', () => {
  const parts = payments({});
  expect(parts['table writes']).toBeCloseTo(2 * 0.71);
  expect(parts['index writes']).toBeCloseTo(1 * 0.71);
  expect(parts['queue requests']).toBeCloseTo(0.3 * 0.5);
  expect(parts.invocations).toBeCloseTo(0.1 * 0.2);
  expect(parts['payment logs']).toBeCloseTo(0.5 * 0.7);
  // 50 ms for the fraud API, twice 5 ms for the table, 40 ms of a whole vCPU
  expect(parts['function time']).toBeCloseTo(1e5 * 0.1 * (1_769 / 1_024) * PRICES.gbSecond.usd);
});

test('a seventh of a vCPU takes seven times as long for the code, and as long for the calls', () => {
  const aws_lambda_function = { processor: { ...PROCESSOR.aws_lambda_function!.processor, memory_size: 1_769 / 7 } };
  const seconds = (60 + 7 * 40) / 1_000;
  const { 'function time': usd } = payments({ aws_lambda_function });
  expect(usd).toBeCloseTo(1e5 * seconds * (1_769 / 7 / 1_024) * PRICES.gbSecond.usd);
});

test.each([
  ['all batches, up to one a second', 86_400 * 10, 1],
  ['one a second and 5 % of the others', 86_400 * 100, 0.145],
])('X-Ray records %s', (_what, paymentsPerDay, part) => {
  const processor = { ...PROCESSOR.aws_lambda_function!.processor, tracing_config: { mode: 'Active' } };
  const { traces } = payments({ aws_lambda_function: { processor } }, { paymentsPerDay });
  expect(traces).toBeCloseTo(1e5 * part * 5e-6);
  expect(payments({}).traces).toBeUndefined();
});

test('the audit of table calls costs an event for each, unless it leaves the functions out', () => {
  const table = { field: 'resources.type', equals: ['AWS::DynamoDB::Table'] };
  const foreigners = { field: 'userIdentity.arn', not_starts_with: ['arn:aws:sts::123456789012:assumed-role/'] };
  const audited = (...field_selector: object[]) =>
    payments({ aws_cloudtrail: { trail: { name: 'trail', advanced_event_selector: [{ field_selector }] } } });
  expect(audited(table)['audit of table calls']).toBeCloseTo(2);
  expect(audited(table, foreigners)['audit of table calls']).toBeUndefined();
});

test('a month costs the fixed part and its payments', () => {
  const { fixed_per_month, per_million_payments, per_month } = bill(PROCESSOR, { paymentsPerDay: 2e6 });
  expect(per_month).toBeCloseTo(fixed_per_month.total + 2 * (730 / 24) * per_million_payments.total);
});

test('a stack without a payment processor has a fixed part only', () => {
  expect(bill({ aws_kms_key: { key: {} } }).per_million_payments).toEqual({ total: 0, parts: {} });
});

test('the measured usage has each batch size', () => {
  expect(readUsage().fills.map(({ payments: fill }) => fill)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
});

test('each price has a source, and says of which day or region it is', () => {
  for (const price of Object.values(PRICES)) {
    expect(price.source).toMatch(/^https:\/\/aws\.amazon\.com\//);
    if ('listed' in price) expect(price.listed.on).toMatch(/^20\d\d-\d\d-\d\d$/);
  }
});

import { METRIC_DEFINITIONS, type MetricDefinition, type MetricSettings } from '../../../src/contract/metrics';
import { billOf, differenceBetween } from '../../../tools/cost/bill';
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
const CALLS = { table_write_units: 20, index_write_units: 10, read_units: 0, table_calls: 20, sqs_requests: 3 };
const BYTES = { log_bytes: 5_000, metric_bytes: 500, stored_bytes: 0 };
const BATCH = { payments: 10, ...CALLS, ...BYTES, sns_requests: 0, outcome_bytes: 0, cpu_ms: 40 };
const USAGE: UsageFile = {
  measured_on: '2026-01-01',
  machine: 'any',
  batches: 1,
  fills: [BATCH],
  fills_with_outcomes: [{ ...BATCH, sns_requests: 10, outcome_bytes: 4_000 }],
};

const processorWith = (more: Readonly<Record<string, string>>): Resources => ({
  ...PROCESSOR,
  aws_lambda_function: {
    processor: { ...PROCESSOR.aws_lambda_function!.processor, environment: { variables: { ...variables, ...more } } },
  },
});
const PUBLISHER = processorWith({ OUTCOME_TOPIC_ARN: '${aws_sns_topic.outcomes.arn}' });
const TOPIC = { aws_sns_topic: { outcomes: { name: 'outcomes.fifo', fifo_topic: true } } };

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

test.each<[string, Resources, (keyof MetricSettings)[]]>([
  ['none of the settings', PROCESSOR, []],
  ['onFailedPayment: hold', processorWith({ ON_FAILED_PAYMENT: 'hold' }), ['onFailedPayment']],
  ['outcomes: topic', { ...PUBLISHER, ...TOPIC }, ['outcomes']],
])('the custom metrics with %s are those that need no other setting', (_what, resources, given) => {
  const settings = Object.values<MetricDefinition>(METRIC_DEFINITIONS).map(({ onlyWith = {} }) =>
    Object.keys(onlyWith),
  );
  const counted = settings.filter((needed) => needed.every((name) => given.includes(name as keyof MetricSettings)));
  expect(counted.length).toBeLessThan(settings.length);
  expect(fixed(resources)['custom metrics']).toBeCloseTo(0.3 * counted.length);
});

test('a schedule costs its calls, their traces, and their data events where the trail records them', () => {
  const minutes = 15;
  const calls = (HOURS_PER_MONTH * 60) / minutes;
  const aws_lambda_function = {
    ...PROCESSOR.aws_lambda_function,
    dlq: { function_name: 'dlq', memory_size: 1_024, tracing_config: { mode: 'Active' } },
  };
  const schedule = {
    aws_lambda_function,
    aws_cloudwatch_event_rule: { rule: { name: 'rule', schedule_expression: `rate(${minutes} minutes)` } },
    aws_cloudwatch_event_target: { target: { rule: 'rule', arn: '${aws_lambda_function.dlq.arn}' } },
  };
  expect(fixed(schedule)['scheduled calls']).toBeCloseTo(calls * (0.2e-6 + PRICES.gbSecond.usd + 5e-6));

  const audited = (resource: string) =>
    fixed({
      ...schedule,
      aws_cloudtrail: {
        trail: { advanced_event_selector: [{ field_selector: [{ field: 'resources.type', equals: [resource] }] }] },
      },
    }).trail!;
  expect(audited('AWS::Lambda::Function') - audited('AWS::S3::Object')).toBeCloseTo(calls * 1e-6, 6);
});

test('logs in the bucket cost their bytes for as long as they are kept, and a move of each file', () => {
  const kept = (days: number) =>
    fixed({
      ...PROCESSOR,
      aws_vpc_endpoint: { a: { vpc_endpoint_type: 'Interface', subnet_ids: Array.from({ length: 100 }, String) } },
      aws_flow_log: { log: { log_destination_type: 's3', max_aggregation_interval: 60 } },
      aws_s3_bucket_lifecycle_configuration: {
        rules: { rule: [{ expiration: [{ days }], transition: [{ days: 30 }] }] },
      },
    })['audit storage']!;
  const gb = (100 * HOURS_PER_MONTH * 60 * 110) / 1e9;
  expect(kept(400) - kept(35)).toBeCloseTo(gb * 0.025 * 12, 4);
  expect(kept(0)).toBeCloseTo(HOURS_PER_MONTH * 12 * 3e-5, 4);
});

test('an outcome costs its call and bytes, the same for each subscription, and two calls of the key every five minutes', () => {
  const subscription = { topic_arn: '${aws_sns_topic.outcomes.arn}', protocol: 'sqs' };
  const aws_sns_topic_subscription = {
    one: subscription,
    two: subscription,
    other: { ...subscription, topic_arn: 'arn:aws:sns:ap-southeast-1:123456789012:alerts' },
  };
  const parts = payments({ ...PUBLISHER, ...TOPIC, aws_sns_topic_subscription });
  expect(parts['outcome topic']).toBeCloseTo(0.3 + 0.4 * 0.017);
  expect(parts['outcome deliveries']).toBeCloseTo(2 * (0.01 + 0.4 * 0.001), 4);
  expect(payments({})['outcome topic']).toBeUndefined();

  const more = fixed({ ...PUBLISHER, ...TOPIC })['key requests']! - fixed(PROCESSOR)['key requests']!;
  expect(more).toBeCloseTo(2 * HOURS_PER_MONTH * 12 * 3e-6, 4);
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
  const { fills, fills_with_outcomes: withOutcomes } = readUsage();
  for (const measured of [fills, withOutcomes])
    expect(measured.map(({ payments: fill }) => fill)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
});

test('each price has a source, and says of which day, month or region it is', () => {
  for (const price of Object.values(PRICES)) {
    expect(price.source).toMatch(/^https:\/\/aws\.amazon\.com\//);
    if ('listed' in price) expect(price.listed.on).toMatch(/^20\d\d-\d\d(-\d\d)?$/);
  }
});

test('a change is priced by its sums, and by the parts that differ by a cent', () => {
  const endpoint = { vpc_endpoint_type: 'Interface', subnet_ids: ['a'] };
  const before = bill({ aws_vpc_endpoint: { a: endpoint }, aws_kms_key: { a: {} } });
  const after = bill({ ...PUBLISHER, ...TOPIC, aws_kms_key: { a: {} }, aws_nat_gateway: { a: {} } });
  const lines = differenceBetween(before, after);

  expect(lines[0]).toMatch(
    /^Costs [\d.]+ USD a month fixed \([+-][\d.]+\), [\d.]+ USD a million payments \(\+[\d.]+\)$/,
  );
  expect(lines).toContain('interface endpoints: 9.49 -> 0.00 USD a month fixed');
  expect(lines).toContain('outcome topic: 0.00 -> 0.31 USD a million payments');
  expect(lines).toContain('no price is known of aws_nat_gateway');
  expect(lines.join()).not.toContain('encryption keys');
  expect(differenceBetween(after, after)).toHaveLength(2);
});

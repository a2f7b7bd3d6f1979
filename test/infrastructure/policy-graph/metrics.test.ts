import { join } from 'node:path';
import { METRIC_UNITS, METRICS } from '../../../src/contract/metrics';
import { metricsRead } from '../../../tools/kit/cloudwatch/metrics-read';
import { SynthesizedStack } from '../../../tools/kit/embedded/synthesized-stack';
import { STACK_DIRECTORY, thisProject } from '../../../tools/kit/project';
import { type Call, CALLS, type Handler, HANDLERS } from '../../../src/contract/function-calls';
import { handlerFunctions } from '../../../tools/kit/stacks/handler-functions';
import { type EmittedMetric, type HandlerRuns, runHandlers } from '../../../tools/kit/stacks/handler-runs';
import type { Resource } from '../../../tools/kit/stacks/stack-graph';
import { readGraph } from '../../../tools/kit/stacks/stacks';

type Variables = Readonly<Record<string, string>>;

interface MetricFilter extends Resource {
  readonly log_group_name: string;
  readonly metric_transformation: {
    readonly namespace: string;
    readonly name: string;
    readonly dimensions?: Variables;
  };
}

interface Trail extends Resource {
  readonly cloud_watch_logs_group_arn: string;
}

interface Widget {
  readonly properties: { readonly alarms?: readonly string[] };
}

const graph = readGraph('deployed');
const reads = metricsRead(SynthesizedStack.read(join(thisProject.root, STACK_DIRECTORY, 'cdk.tf.json'))).map(
  ({ reader, statistic: { metricName, ...rest } }) => ({ where: reader, name: metricName, ...rest }),
);
/** The stack's own, and those of the metrics that only a pipeline with outcomes emits. */
const withOutcomes = JSON.stringify(readGraph('outcomes').only<{ dashboard_body: string }>('aws_cloudwatch_dashboard'));
const customReads = reads.filter(({ namespace }) => !namespace.startsWith('AWS/'));
const filters = graph.all<MetricFilter>('aws_cloudwatch_log_metric_filter');
/** Metrics that are counted in a log group, not emitted by a handler. */
const counted = filters.map(({ metric_transformation: { namespace, name, dimensions = {} } }) => ({
  namespace,
  name,
  dimensions,
  unit: 'Count',
}));
const identity = ({ namespace, name, dimensions }: Omit<EmittedMetric, 'unit'>) =>
  `${namespace} ${name} ${JSON.stringify(dimensions)}`;

let runs: HandlerRuns;
beforeAll(async () => {
  const variables = handlerFunctions(graph).map(
    ({ handler, environment }) => [handler, environment.variables] as const,
  );
  runs = await runHandlers(Object.fromEntries(variables) as Record<Handler, Variables>);
});

const emitted = (name: string): EmittedMetric[] => runs.metrics.filter((metric) => metric.name === name);
const sources = (): EmittedMetric[] => [...runs.metrics, ...counted];

describe.each(Object.values(METRICS))('each metric: %s', (name) => {
  test('is emitted, with its unit', () => {
    expect(new Set(emitted(name).map((metric) => metric.unit))).toEqual(new Set([METRIC_UNITS[name]]));
  });

  test('is on the dashboard', () => {
    if (name.startsWith('Outcomes')) return expect(withOutcomes).toContain(name);
    const shown = customReads.filter((read) => read.name === name).map(({ where }) => where);
    expect(shown).toContainEqual(expect.stringMatching(/^widget /));
  });
});

test.each(customReads)('each metric that is read is one that is emitted or counted: $name in $where', (read) => {
  expect(new Set(sources().map(identity))).toContain(identity(read));
});

test.each(customReads)(
  'each metric is read with a statistic that suits its unit: $name in $where',
  ({ name, statistic }) => {
    const unit = sources().find((metric) => metric.name === name)?.unit;
    expect(unit).toBeDefined();
    const suits = unit === 'Count' ? /^Sum$/ : /^(p\d+|Average|Maximum)$/;
    expect(statistic).toMatch(suits);
  },
);

test.each(filters)(
  'each metric that is counted is counted in the log of a trail, and read: $address',
  ({ log_group_name, metric_transformation }) => {
    const group = graph.only('aws_cloudwatch_log_group', { name: log_group_name });
    const trails = graph
      .all<Trail>('aws_cloudtrail')
      .map(({ cloud_watch_logs_group_arn }) => cloud_watch_logs_group_arn);
    expect(trails).toContain(`${group.arn}:*`);
    expect(customReads.map(identity)).toContain(identity({ dimensions: {}, ...metric_transformation }));
  },
);

const OWNERS: Readonly<Record<string, { dimension: string; type: string; named: string }>> = {
  'AWS/SQS': { dimension: 'QueueName', type: 'aws_sqs_queue', named: 'name' },
  'AWS/Lambda': { dimension: 'FunctionName', type: 'aws_lambda_function', named: 'function_name' },
  'AWS/DynamoDB': { dimension: 'TableName', type: 'aws_dynamodb_table', named: 'name' },
};

const awsReads = reads.filter((read) => !customReads.includes(read));

test.each(awsReads)('each metric of AWS that is read is one of a resource of the stack: $name in $where', (read) => {
  const { dimension, type, named } = OWNERS[read.namespace]!;
  expect(Object.keys(read.dimensions)).toEqual([dimension]);
  expect(graph.find(type, { [named]: read.dimensions[dimension] })).toHaveLength(1);
});

test('each alarm is on the dashboard', () => {
  const shown = widgets().flatMap(({ properties }) => properties.alarms ?? []);
  expect(shown.sort()).toEqual(
    graph
      .all('aws_cloudwatch_metric_alarm')
      .map(({ arn }) => arn)
      .sort(),
  );
});

test.each(HANDLERS)(
  'the same run of the %s makes every call of function-calls.ts, each to the resource that is said there',
  (handler) => {
    const distinct = (calls: readonly Call[]) =>
      new Set(calls.map(({ operation, to, index }) => [operation, to, index].join(' ')));
    expect(distinct(runs.calls[handler])).toEqual(distinct(CALLS[handler]));
  },
);

function widgets(): Widget[] {
  return graph.all<{ dashboard_body: string }>('aws_cloudwatch_dashboard').flatMap(({ dashboard_body }) => {
    return (JSON.parse(dashboard_body) as { widgets: Widget[] }).widgets;
  });
}

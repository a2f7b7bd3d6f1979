import * as v from 'valibot';
import { CommandError } from '../../../src/cli/command-error';
import type { SynthesizedStack } from '../embedded/synthesized-stack';
import { type DataPoint, floor, type MetricStore, shortestPeriod, type TimeRange } from './metric-store';
import { type MetricQuery, runQueries } from './metric-query';

const axis = v.optional(v.picklist(['left', 'right']), 'left');

const options = v.strictObject({
  stat: v.optional(v.string()),
  id: v.optional(v.string()),
  label: v.optional(v.string()),
  visible: v.optional(v.boolean(), true),
  yAxis: axis,
  color: v.optional(v.string()),
  expression: v.optional(v.string()),
});

const graphProperties = v.strictObject({
  title: v.string(),
  view: v.picklist(['timeSeries', 'pie', 'singleValue']),
  period: v.number(),
  stacked: v.boolean(),
  setPeriodToTimeRange: v.optional(v.boolean(), false),
  metrics: v.array(v.array(v.union([v.string(), options]))),
  annotations: v.optional(
    v.strictObject({
      horizontal: v.array(v.strictObject({ value: v.number(), label: v.optional(v.string()), yAxis: axis })),
    }),
    { horizontal: [] },
  ),
  region: v.string(),
});

const place = { x: v.number(), y: v.number(), width: v.number(), height: v.number() };

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html, as far as the stack uses it. */
const body = v.object({
  widgets: v.array(
    v.variant('type', [
      v.strictObject({ type: v.literal('metric'), ...place, properties: graphProperties }),
      v.strictObject({
        type: v.literal('alarm'),
        ...place,
        properties: v.strictObject({ title: v.string(), alarms: v.array(v.string()) }),
      }),
      v.strictObject({ type: v.literal('text'), ...place, properties: v.strictObject({ markdown: v.string() }) }),
    ]),
  ),
});

type Body = v.InferOutput<typeof body>;
type GraphProperties = v.InferOutput<typeof graphProperties>;

/** A widget's position and size, in the dashboard's units, of which a row has 24. */
export interface WidgetPlace {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A line of a graph, a sector of a pie, or a number. */
export interface WidgetLine {
  readonly label: string;
  readonly yAxis: 'left' | 'right';
  readonly color: string | undefined;
  /** Whether it counts events: a period without data had none. */
  readonly isCount: boolean;
  /** In pipeline time. `pie` and `singleValue` have one for the whole range, or none. */
  readonly points: readonly DataPoint[];
}

/** A horizontal line at a value. */
export interface WidgetAnnotation {
  readonly value: number;
  readonly label?: string | undefined;
  readonly yAxis: 'left' | 'right';
}

export type Widget = WidgetPlace &
  (
    | {
        readonly type: 'metric';
        readonly title: string;
        readonly view: GraphProperties['view'];
        readonly stacked: boolean;
        /** Seconds between two points. */
        readonly period: number;
        readonly lines: readonly WidgetLine[];
        readonly annotations: readonly WidgetAnnotation[];
      }
    | { readonly type: 'alarm'; readonly title: string; readonly alarmArns: readonly string[] }
    | { readonly type: 'text'; readonly markdown: string }
  );

/** A widget of the dashboard's body, with the queries behind a graph's lines. */
export type WidgetDefinition = Body['widgets'][number] & { readonly queries: readonly WidgetQuery[] };

interface WidgetQuery extends MetricQuery, Pick<WidgetLine, 'label' | 'yAxis' | 'color'> {}

/** Reads the widgets of the stack's dashboard. @throws CommandError naming what the embedded CloudWatch doesn't know */
export function widgetDefinitions(stack: SynthesizedStack): WidgetDefinition[] {
  const text = stack.text('aws_cloudwatch_dashboard', stack.only('aws_cloudwatch_dashboard'), 'dashboard_body');
  const { success, output, issues } = v.safeParse(body, JSON.parse(text));
  if (!success)
    throw new CommandError(`The embedded CloudWatch doesn't know the dashboard's ${v.getDotPath(issues[0])}.`);
  return output.widgets.map((widget) => ({
    ...widget,
    queries: widget.type === 'metric' ? widget.properties.metrics.map(queryOf) : [],
  }));
}

/** A line is `[namespace, name, dimension, value ..., options]`, or an expression alone. */
function queryOf(line: readonly (string | v.InferOutput<typeof options>)[], index: number): WidgetQuery {
  const [namespace, metricName, ...rest] = line.filter((part) => typeof part === 'string');
  const settings = line.find((part) => typeof part === 'object') ?? v.parse(options, {});
  const { id = `line${index}`, expression, label, stat = 'Average', visible, yAxis, color } = settings;
  const common = { id, isReturned: visible, yAxis, color };
  if (expression !== undefined) return { ...common, label: label ?? expression, reads: { expression } };
  const dimensions = Object.fromEntries(
    rest.flatMap((name, at) => (at % 2 === 0 ? [[name, rest[at + 1]!] as const] : [])),
  );
  const reads = { namespace: namespace!, metricName: metricName!, dimensions, statistic: stat };
  return { ...common, label: label ?? metricName!, reads };
}

/** The widget with the data of a range. @param now pipeline time */
export function drawWidget(definition: WidgetDefinition, metrics: MetricStore, range: TimeRange, now: number): Widget {
  const { type, x, y, width, height, properties, queries } = definition;
  const where = { x, y, width, height };
  if (type === 'text') return { ...where, type, markdown: properties.markdown };
  if (type === 'alarm') return { ...where, type, title: properties.title, alarmArns: properties.alarms };
  const { title, view, stacked, setPeriodToTimeRange, annotations } = properties;
  // As the console does, with a longer period where the shorter one's data points are no longer kept.
  const shortest = Math.max(properties.period, shortestPeriod(now - range.from));
  const from = floor(range.from, (setPeriodToTimeRange ? 60 : shortest) * 1_000);
  const period = setPeriodToTimeRange ? (range.to - from) / 1_000 : shortest;
  const results = runQueries(metrics, queries, period, { from, to: range.to });
  const lines = queries
    .filter(({ isReturned }) => isReturned)
    .map(({ id, label, yAxis, color, reads }) => ({
      label,
      yAxis,
      color,
      isCount: 'expression' in reads || reads.statistic === 'Sum',
      points: results.get(id)!,
    }));
  return { ...where, type, title, view, stacked, period, lines, annotations: annotations.horizontal };
}

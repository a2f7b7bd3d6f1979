import { CloudwatchDashboard } from '@cdktf/provider-aws/lib/cloudwatch-dashboard';
import { Fn } from 'cdktf';
import type { Construct } from 'constructs';
import { awsEnvironmentOf } from '../aws-environment';
import type { Metric, Statistic } from './metric';

/** A dashboard is 24 units wide. */
const DASHBOARD_WIDTH = 24;
const ROW_HEIGHT = 6;

/** A widget without its position: type and properties in CloudWatch's format. */
export interface Widget {
  readonly type: 'metric' | 'alarm' | 'text';
  readonly properties: Readonly<Record<string, unknown>>;
}

/** A line of a graph: a metric, or an expression over the ids of others. */
export type Line = (Statistic & LineOptions) | ({ readonly expression: string } & LineOptions);

interface LineOptions {
  readonly label?: string;
  /** The name that expressions use. */
  readonly id?: string;
  /** False for a metric that only an expression reads. */
  readonly visible?: boolean;
  /** The right axis is for a second unit. */
  readonly yAxis?: 'left' | 'right';
}

export interface GraphOptions {
  /** Seconds per data point. @default 60 */
  readonly period?: number;
  /** `pie` and `singleValue` show the whole time range at once. @default 'timeSeries' */
  readonly view?: 'timeSeries' | 'pie' | 'singleValue';
  readonly stacked?: boolean;
}

export function graph(
  title: string,
  lines: Line[],
  { period = 60, view = 'timeSeries', stacked = false }: GraphOptions = {},
): Widget {
  const wholeRange = view !== 'timeSeries';
  return {
    type: 'metric',
    properties: {
      title,
      view,
      period,
      stacked,
      ...(wholeRange && { setPeriodToTimeRange: true }),
      metrics: lines.map(asJson),
    },
  };
}

function asJson(line: Line): unknown[] {
  if ('expression' in line) return [line];
  const { namespace, metricName, dimensions, statistic, ...options } = line;
  return [namespace, metricName, ...Object.entries(dimensions).flat(), { stat: statistic, ...options }];
}

export function sum(metric: Metric, options: LineOptions = {}): Line {
  return { ...metric, statistic: 'Sum', ...options };
}

/** Creates a dashboard of rows, from top to bottom; the widgets of a row share its width. */
export function createDashboard(
  scope: Construct,
  dashboardName: string,
  rows: readonly (readonly Widget[])[],
): CloudwatchDashboard {
  const { region } = awsEnvironmentOf(scope);
  const widgets = rows.flatMap((row, index) =>
    row.map(({ type, properties }, column) => {
      const width = DASHBOARD_WIDTH / row.length;
      const place = { x: column * width, y: index * ROW_HEIGHT, width, height: ROW_HEIGHT };
      return { type, ...place, properties: type === 'metric' ? { ...properties, region } : properties };
    }),
  );
  return new CloudwatchDashboard(scope, 'dashboard', { dashboardName, dashboardBody: Fn.jsonencode({ widgets }) });
}

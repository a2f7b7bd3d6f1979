import { relative } from 'node:path/posix';
import { METRIC_DEFINITIONS, type MetricDefinition } from '../../../src/contract/metrics';
import { OUTCOMES, outcomeKey } from '../../../src/contract';
import {
  type AlarmDefinition,
  alarmSettings,
  meaningOf,
  runbookPath,
} from '../../../src/infrastructure/monitoring/alarm';
import { ALARMS } from '../../../src/infrastructure/monitoring/monitoring';
import { OUTAGE_ALARM } from '../../../src/infrastructure/monitoring/outage-alarm';
import { code, table } from '../generated';
import { entryDocs } from './declarations';
import { pipelineStack } from './stack';

interface Alarm {
  readonly alarm_name: string;
  readonly comparison_operator: string;
  readonly threshold: number;
  readonly evaluation_periods: number;
  readonly treat_missing_data: string;
  readonly metric_name?: string;
  readonly namespace?: string;
  readonly dimensions?: Readonly<Record<string, string>>;
  readonly statistic?: string;
  readonly period?: number;
  readonly metric_query?: readonly {
    readonly label?: string;
    readonly expression?: string;
    readonly metric?: { readonly period: number };
  }[];
}

interface Widget {
  readonly properties: { readonly title?: string; readonly metrics?: readonly (readonly unknown[])[] };
}

/** The metrics and alarms in docs/reference/metrics-and-alarms.md. */
export function metricsAndAlarmsPage(): string {
  return ['## Metrics', metrics(), '## Alarms', alarms()].join('\n\n');
}

/** @throws Error when a metric has no docstring */
function metrics(): string {
  const docs = entryDocs('contract/metrics.ts');
  const ofOutcomes = Object.fromEntries(
    OUTCOMES.map((outcome) => [outcomeKey(outcome), `Payments that ended as \`${outcome}\`.`]),
  );
  const rows = Object.entries<MetricDefinition>(METRIC_DEFINITIONS).map(([key, { name, unit = 'Count' }]) => {
    const meaning = docs.get(key) ?? ofOutcomes[key];
    if (meaning === undefined) throw new Error(`The metric ${name} has no docstring.`);
    return [code(name), unit, meaning, graphsOf(name)];
  });
  return table(['metric', 'unit', 'meaning', 'graphs'], rows);
}

function graphsOf(metric: string): string {
  const [dashboard] = pipelineStack().graph.all<{ dashboard_body: string }>('aws_cloudwatch_dashboard');
  const { widgets } = JSON.parse(dashboard!.dashboard_body) as { widgets: Widget[] };
  return widgets
    .filter(({ properties }) => properties.metrics?.some((line) => line.includes(metric)))
    .map(({ properties }) => `*${properties.title!}*`)
    .join(', ');
}

function alarms(): string {
  const deployed = pipelineStack().graph.all<Alarm>('aws_cloudwatch_metric_alarm');
  const rows = ALARMS.map((definition) => {
    const alarm = deployed.find(({ alarm_name }) => alarm_name === `alarm-${definition.purpose}-dev`)!;
    const meaning = meaningOf(definition, alarmSettings(definition));
    return [linked(definition), meaning, condition(alarm, definition), alarm.treat_missing_data];
  });
  const symptoms = ALARMS.filter(({ inOutage }) => inOutage === 'symptom').map(({ purpose }) => code(purpose));
  const outage = [linked(OUTAGE_ALARM), OUTAGE_ALARM.meaning, `one of these is on: ${symptoms.join(', ')}`, ''];
  return table(['alarm', 'meaning', 'goes off when', 'missing data'], [...rows, outage]);
}

function linked(alarm: Pick<AlarmDefinition, 'purpose'>): string {
  return `[\`alarm-${alarm.purpose}\`](../${relative('docs', runbookPath(alarm))})`;
}

function condition(alarm: Alarm, { percentOf, threshold: percentage }: AlarmDefinition): string {
  const { metric_query: queries = [], comparison_operator: comparison, threshold, evaluation_periods: periods } = alarm;
  const period = alarm.period ?? queries.find(({ metric }) => metric !== undefined)!.metric!.period;
  const watched =
    alarm.metric_name === undefined
      ? queries.find(({ label }) => label !== undefined)!.label!
      : `${code(alarm.metric_name)} (${alarm.statistic!})${watchedResource(alarm)}`;
  const sign = { GreaterThanThreshold: '>', GreaterThanOrEqualToThreshold: '≥' }[comparison];
  const share = percentOf === undefined ? '' : ` (${percentage} % of ${code(percentOf.prop)})`;
  return `${watched} ${sign} ${threshold.toLocaleString('en-US')}${share} in ${periods === 1 ? 'one period' : `${periods} periods in a row`} of ${period} s`;
}

function watchedResource({ namespace = '', dimensions = {} }: Alarm): string {
  return namespace.startsWith('AWS/') ? ` of ${Object.values(dimensions).map(code).join(', ')}` : '';
}

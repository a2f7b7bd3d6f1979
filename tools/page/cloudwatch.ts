import { OUTCOMES, PAYMENT_STATUSES } from '../../src/contract';
import type { Alarm } from '../kit/cloudwatch/alarm';
import type { Widget, WidgetLine } from '../kit/cloudwatch/dashboard';
import type { EmbeddedCloudWatch } from '../kit/cloudwatch/embedded-cloudwatch';
import type { TimeRange } from '../kit/cloudwatch/metric-store';
import { tick } from './format';
import type { GraphLine, PageAlarm, PageModel, PageWidget, RunFacts, StateChange } from './model';

/** Changes of an alarm's state that a page has at most: the latest. One that comes and goes for hours has thousands. */
export const MOST_CHANGES = 20;

type Graph = Extract<Widget, { type: 'metric' }>;

/** Statuses and errors have the same colour in each graph. The labels are those of the deployed dashboard. */
const TONES: Readonly<Record<string, GraphLine['tone']>> = {
  ...Object.fromEntries(OUTCOMES.map((outcome) => [PAYMENT_STATUSES[outcome].label, outcome])),
  Errors: 'error',
  Throttles: 'error',
};

/** Dashboard and alarms at a moment of pipeline time. */
export type Observation = Pick<PageModel, 'widgets' | 'alarms'> & Pick<RunFacts, 'start' | 'now' | 'timeScale'>;

/** Looks at dashboard and alarms. @param start of the graphs and of the alarms' bands, in pipeline time @default the start of the run */
export function observe(cloudWatch: EmbeddedCloudWatch, start = cloudWatch.clock.start): Observation {
  cloudWatch.tick();
  const { clock } = cloudWatch;
  const now = clock.now();
  return {
    start,
    now,
    timeScale: clock.scale,
    widgets: pageWidgets(cloudWatch, { from: start, to: now }),
    alarms: pageAlarms(cloudWatch),
  };
}

function pageWidgets(cloudWatch: EmbeddedCloudWatch, range: TimeRange): PageWidget[] {
  const names = new Map(cloudWatch.alarms.map(({ definition: { arn, name } }) => [arn, name]));
  return cloudWatch.widgets(range).map((widget): PageWidget => {
    if (widget.type === 'text') return widget;
    if (widget.type === 'metric') return pageGraph(widget, range);
    const { alarmArns, ...placed } = widget;
    return { ...placed, alarms: alarmArns.map((arn) => names.get(arn) ?? arn) };
  });
}

function pageGraph({ lines, annotations, ...graph }: Graph, range: TimeRange): PageWidget {
  const times = graph.view === 'timeSeries' ? timesOf(range, graph.period * 1_000) : [0];
  return {
    ...graph,
    times,
    lines: lines.map((line) => pageLine(line, times)),
    annotations: annotations.map(({ label = '', value, yAxis }) => ({ label, value, axis: yAxis })),
  };
}

/** The complete periods of the range. */
function timesOf({ from, to }: TimeRange, periodMs: number): number[] {
  const first = Math.floor(from / periodMs) * periodMs;
  return Array.from(
    { length: Math.max(0, Math.floor((to - first) / periodMs)) },
    (_, index) => first + index * periodMs,
  );
}

/** A value of the whole range has no time of its own. */
function pageLine({ label, yAxis, isCount, points }: WidgetLine, times: readonly number[]): GraphLine {
  const byTime = new Map(points.map(({ at, value }) => [at, rounded(value)]));
  const isWholeRange = times.length === 1 && times[0] === 0;
  const values = isWholeRange
    ? [points[0] === undefined ? null : rounded(points[0].value)]
    : times.map((at) => byTime.get(at) ?? null);
  const tone = TONES[label];
  return { label, axis: yAxis, isCount, values, ...(tone !== undefined && { tone }) };
}

/** No graph shows more digits. */
function rounded(value: number): number {
  return Number(value.toPrecision(5));
}

const COMPARISONS: Readonly<Record<Alarm['definition']['comparison'], string>> = {
  GreaterThanThreshold: '>',
  GreaterThanOrEqualToThreshold: '≥',
  LessThanThreshold: '<',
  LessThanOrEqualToThreshold: '≤',
};

function pageAlarms({ alarms, clock }: EmbeddedCloudWatch): PageAlarm[] {
  return alarms.map((alarm) => {
    const { name, description } = alarm.definition;
    const [meaning = '', rest = ''] = description.split(' First run: ');
    const changes = alarm.history.slice(-MOST_CHANGES);
    const [first] = changes;
    const isAll = changes.length === alarm.history.length;
    return {
      name,
      meaning,
      condition: conditionOf(alarm),
      firstCommand: rest.split(' -- Then follow ')[0]!,
      runbook: alarm.runbook ?? '',
      history: [
        {
          at: clock.start,
          state: first?.from ?? alarm.state,
          reason: isAll ? 'The run began.' : 'Earlier changes are left out.',
        },
        ...changes.map(({ at, to, reason }): StateChange => ({ at, state: to, reason })),
      ],
      mails: changes.flatMap(({ at, mail }) =>
        mail === undefined ? [] : { at, subject: mail.subject, text: mail.body },
      ),
    };
  });
}

function conditionOf({ definition }: Alarm): string {
  const { queries, comparison, threshold, evaluationPeriods, datapointsToAlarm, period } = definition;
  const { reads } = queries.find(({ isReturned }) => isReturned)!;
  const what = 'expression' in reads ? reads.expression : `${reads.statistic} of ${reads.metricName}`;
  const periods =
    evaluationPeriods === 1
      ? `in a period of ${tick(period)}`
      : `in ${datapointsToAlarm} of ${evaluationPeriods} periods of ${tick(period)}`;
  return `${what} ${COMPARISONS[comparison]} ${threshold.toLocaleString('en-US')} ${periods}`;
}

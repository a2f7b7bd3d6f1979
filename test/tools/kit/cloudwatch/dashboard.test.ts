import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Metric } from '../../../../src/infrastructure/monitoring/metric';
import type { Widget } from '../../../../tools/kit/cloudwatch/dashboard';
import { EmbeddedCloudWatch } from '../../../../tools/kit/cloudwatch/embedded-cloudwatch';
import { PipelineClock } from '../../../../tools/kit/cloudwatch/pipeline-clock';
import { SynthesizedStack } from '../../../../tools/kit/embedded/synthesized-stack';
import { newDirectory } from '../../../../tools/kit/new-directory';

const MINUTE = 60_000;
const START = 50 * MINUTE + 20_000;
const m = ['n', 'm', 'd', 'v'];
const metric: Metric = { namespace: 'n', metricName: 'm', dimensions: { d: 'v' } };
const graph = (properties: object) => ({
  type: 'metric',
  x: 0,
  y: 6,
  width: 12,
  height: 6,
  properties: { title: 't', view: 'timeSeries', period: 60, stacked: false, region: 'eu-west-1', ...properties },
});

function cloudWatchOf(widgets: readonly object[], clock: PipelineClock): EmbeddedCloudWatch {
  const file = join(newDirectory(), 'stack.json');
  const dashboard = { dashboard_name: 'd', dashboard_body: JSON.stringify({ widgets }) };
  writeFileSync(file, JSON.stringify({ resource: { aws_cloudwatch_dashboard: { dashboard } } }));
  return new EmbeddedCloudWatch(SynthesizedStack.read(file), clock);
}

/** The widget after three values: 1 at the start, 2 a minute later and 4 two minutes later. */
function widgetOf(properties: object): Extract<Widget, { type: 'metric' }> {
  let time = START;
  const cloudWatch = cloudWatchOf([graph(properties)], new PipelineClock(1, () => time));
  for (const value of [1, 2, 4]) {
    cloudWatch.put(metric, value);
    time += MINUTE;
  }
  return cloudWatch.widgets()[0] as Extract<Widget, { type: 'metric' }>;
}

test('a graph has its place, and a point for each period of the clock', () => {
  const widget = widgetOf({
    stacked: true,
    metrics: [[...m, { stat: 'Sum', label: 'L', yAxis: 'right', color: '#f00' }]],
  });
  expect(widget).toEqual({
    type: 'metric',
    ...{ x: 0, y: 6, width: 12, height: 6 },
    ...{ title: 't', view: 'timeSeries', stacked: true, period: 60, annotations: [] },
    lines: [
      {
        label: 'L',
        isCount: true,
        yAxis: 'right',
        color: '#f00',
        points: [
          { at: 50 * MINUTE, value: 1 },
          { at: 51 * MINUTE, value: 2 },
          { at: 52 * MINUTE, value: 4 },
        ],
      },
    ],
  });
});

test('a pie has one value for the whole range', () => {
  const { lines } = widgetOf({ view: 'pie', setPeriodToTimeRange: true, metrics: [[...m, { stat: 'Sum' }]] });
  expect(lines[0]!.points.map(({ value }) => value)).toEqual([7]);
});

test('an expression reads a line that is not shown', () => {
  const { lines } = widgetOf({
    metrics: [
      [...m, { stat: 'Sum', id: 'hidden', visible: false }],
      [{ expression: 'hidden / PERIOD(hidden)', label: 'per second' }],
    ],
  });
  expect(lines.map(({ label, points }) => [label, points.length])).toEqual([['per second', 3]]);
  expect(lines[0]!.points[2]!.value).toBeCloseTo(4 / 60, 10);
});

test('without a label a line has its metric name, and without a statistic the average', () => {
  const { lines } = widgetOf({ period: 300, metrics: [m] });
  expect(lines).toMatchObject([{ label: 'm', yAxis: 'left', points: [{ at: 50 * MINUTE, value: 7 / 3 }] }]);
});

test('a graph of more than a day has the periods that are kept', () => {
  let time = START;
  const cloudWatch = cloudWatchOf([graph({ metrics: [[...m, { stat: 'Sum' }]] })], new PipelineClock(1, () => time));
  const hours = 30;
  for (let minute = 0; minute < hours * 60; minute++, time += MINUTE) cloudWatch.put(metric, 1);
  const widget = cloudWatch.widgets()[0] as Extract<Widget, { type: 'metric' }>;
  expect(widget.period).toBe(300);
  expect(widget.lines[0]!.points.reduce((sum, { value }) => sum + value, 0)).toBe(hours * 60);
});

test('annotations, alarms and texts are handed on', () => {
  const horizontal = [{ value: 5, label: 'limit', yAxis: 'left' as const }];
  expect(widgetOf({ metrics: [m], annotations: { horizontal } }).annotations).toEqual(horizontal);
  const place = { x: 0, y: 0, width: 24, height: 3 };
  const others = [
    { type: 'alarm', ...place, properties: { title: 'Alarms', alarms: ['arn:a'] } },
    { type: 'text', ...place, properties: { markdown: '# Hi' } },
  ];
  expect(cloudWatchOf(others, new PipelineClock()).widgets()).toEqual([
    { type: 'alarm', ...place, title: 'Alarms', alarmArns: ['arn:a'] },
    { type: 'text', ...place, markdown: '# Hi' },
  ]);
});

test.each([
  ['a view', graph({ metrics: [m], view: 'gauge' }), 'view'],
  ['a property', graph({ metrics: [m], liveData: true }), 'liveData'],
  ['an option of a line', graph({ metrics: [[...m, { region: 'x' }]] }), 'metrics'],
  ['a widget', { ...graph({ metrics: [m] }), type: 'log' }, 'type'],
])('%s that it does not know is an error', (_what, widget, words) => {
  expect(() => cloudWatchOf([widget], new PipelineClock())).toThrow(words);
});

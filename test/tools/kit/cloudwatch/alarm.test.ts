import { Alarm } from '../../../../tools/kit/cloudwatch/alarm';
import type { AlarmDefinition } from '../../../../tools/kit/cloudwatch/alarm-definition';
import { MetricStore } from '../../../../tools/kit/cloudwatch/metric-store';

const MINUTE = 60_000;
const metric = { namespace: 'n', metricName: 'm', dimensions: {} };
const topic = 'arn:aws:sns:eu-west-1:000000000000:alerts';

const definition: AlarmDefinition = {
  arn: 'arn:aws:cloudwatch:eu-west-1:000000000000:alarm:many',
  name: 'many',
  description: 'Too many. Then follow docs/runbooks/alarm-many.md',
  queries: [{ id: 'metric', reads: { ...metric, statistic: 'Sum' }, isReturned: true }],
  period: 300,
  comparison: 'GreaterThanThreshold',
  threshold: 10,
  evaluationPeriods: 1,
  datapointsToAlarm: 1,
  treatMissingData: 'notBreaching',
  actionsEnabled: true,
  actions: { OK: [topic], ALARM: [topic], INSUFFICIENT_DATA: [] },
};

/** Puts a value at the beginning of each minute, evaluates at its end, and returns the alarm. */
function alarmAfter(values: readonly (number | undefined)[], settings: Partial<AlarmDefinition> = {}): Alarm {
  const metrics = new MetricStore();
  const alarm = new Alarm({ ...definition, ...settings }, 0);
  values.forEach((value, minute) => {
    if (value !== undefined) metrics.put({ ...metric, value, at: minute * MINUTE });
    alarm.evaluate(metrics, (minute + 1) * MINUTE);
  });
  return alarm;
}

const changes = ({ history }: Alarm) => history.map(({ at, to }) => [at / MINUTE, to]);
const none = undefined;

test('it is evaluated each minute, over the five minutes that end then', () => {
  const values = [0, 0, 0, 4, 4, 4, 0, 0, 0, 0];
  expect(changes(alarmAfter(values))).toEqual([
    [6, 'ALARM'],
    [9, 'OK'],
  ]);
});

test('an alarm stays while its latest data point is one of the periods that CloudWatch looks at', () => {
  expect(changes(alarmAfter([11, ...Array.from({ length: 30 }, () => none)]))).toEqual([
    [1, 'ALARM'],
    [16, 'OK'],
  ]);
});

test('three of four data points', () => {
  const settings = { period: 60, evaluationPeriods: 4, datapointsToAlarm: 3 };
  expect(changes(alarmAfter([11, 0, 11, 11, 0, 0], settings))).toEqual([
    [4, 'ALARM'],
    [5, 'OK'],
  ]);
});

test.each([
  ['notBreaching', 'OK'],
  ['breaching', 'ALARM'],
  ['ignore', 'INSUFFICIENT_DATA'],
  ['missing', 'INSUFFICIENT_DATA'],
] as const)('before its first data point, with missing data %s, it is in %s', (treatMissingData, state) => {
  const alarm = alarmAfter([none, none], { treatMissingData });
  expect(alarm.state).toBe(state);
  expect(alarm.history).toEqual([]);
});

test.each([
  ['GreaterThanThreshold', 10, 11],
  ['GreaterThanOrEqualToThreshold', 9, 10],
  ['LessThanThreshold', 10, 9],
  ['LessThanOrEqualToThreshold', 11, 10],
] as const)('%s: %d is none, and %d is one', (comparison, quiet, rings) => {
  expect(alarmAfter([quiet], { comparison }).state).toBe('OK');
  expect(alarmAfter([rings], { comparison }).state).toBe('ALARM');
});

test('a change says why, and mails what the topic sends', () => {
  const { history, runbook, since } = alarmAfter([11, 0, 0, 0, 0, 0]);
  const reason =
    'Threshold Crossed: 1 out of the last 1 datapoints [11.0 (31/12/69 23:56:00)] was greater than the threshold (10.0) ' +
    '(minimum 1 datapoint for OK -> ALARM transition).';
  expect(history[0]).toMatchObject({ at: MINUTE, from: 'OK', to: 'ALARM', reason });
  expect(history[0]!.mail!.subject).toBe('ALARM: "many" in eu-west-1');
  for (const text of [reason, 'State Change: OK -> ALARM', 'docs/runbooks/alarm-many.md', definition.arn])
    expect(history[0]!.mail!.body).toContain(text);
  expect(history[1]).toMatchObject({ to: 'OK', mail: { subject: 'OK: "many" in eu-west-1' } });
  expect(history[1]!.reason).toContain('was not greater than the threshold (10.0)');
  expect(runbook).toBe('docs/runbooks/alarm-many.md');
  expect(since).toBe(history[1]!.at);
});

test('without data points that count, the reason says so', () => {
  const { history } = alarmAfter([11, ...Array.from({ length: 15 }, () => none)]);
  expect(history.at(-1)!.reason).toMatch(/no datapoints were received for 1 period .*\[NonBreaching\]/);
});

test('a state without an action sends no mail', () => {
  const { history } = alarmAfter([11, ...Array.from({ length: 15 }, () => none)], { treatMissingData: 'missing' });
  expect(history.map(({ to, mail }) => [to, mail === undefined])).toEqual([
    ['ALARM', false],
    ['INSUFFICIENT_DATA', true],
  ]);
});

test('changes of more than two weeks ago are forgotten', () => {
  const metrics = new MetricStore();
  const alarm = new Alarm({ ...definition, period: 60 }, 0);
  const days = 20;
  for (let hour = 0; hour < 24 * days; hour++) {
    metrics.put({ ...metric, value: hour % 2 === 0 ? 11 : 0, at: hour * 60 * MINUTE });
    alarm.evaluate(metrics, (hour + 1) * 60 * MINUTE);
  }
  expect(alarm.history.length).toBeGreaterThan(300);
  expect(alarm.history.at(-1)!.at - alarm.history[0]!.at).toBeLessThanOrEqual(14 * 24 * 60 * MINUTE);
});

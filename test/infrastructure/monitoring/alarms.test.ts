import { TerraformVariable } from 'cdktf';
import { PaymentPipeline, type PaymentPipelineProps } from '../../../src';
import { ALARMS } from '../../../src/infrastructure/monitoring/monitoring';
import { faultsOf } from '../../../tools/kit/stacks/pipeline-faults';
import { sharingProps, someProps } from '../../../tools/kit/stacks/pipeline-props';
import { readTemplate } from '../../../tools/kit/stacks/stacks';
import { synthesize, synthesizePipeline } from '../../../tools/kit/stacks/synthesize';
import type { Template } from '../../../tools/kit/stacks/template';

type Alarms = NonNullable<PaymentPipelineProps['alarms']>;

interface Alarm {
  readonly alarm_description: string;
  readonly period?: number;
  readonly metric_query?: readonly { readonly metric?: { readonly period: number } }[];
}

const idOf = (purpose: string) => `payments_alarm_${purpose.replaceAll('-', '_')}`;
const alarmOf = (template: Template, purpose: string) =>
  template.resource('aws_cloudwatch_metric_alarm', idOf(purpose)) as unknown as Alarm;
const withAlarms = (alarms: Alarms) => synthesizePipeline({ alarms });
const byDefault = readTemplate('pipeline');

/** The alarms that differ from those of a pipeline with default props, by purpose. */
function changed(template: Template): string[] {
  return ALARMS.map(({ purpose }) => purpose).filter((purpose) => {
    const [before, after] = [byDefault, template].map(
      ({ json }) => json.resource.aws_cloudwatch_metric_alarm![idOf(purpose)],
    );
    return JSON.stringify(before) !== JSON.stringify(after);
  });
}

describe('an object changes the alarm', () => {
  test('threshold, periods and data points, of this alarm alone', () => {
    const template = withAlarms({
      'sqs-queue-depth': { threshold: 5_000, period: 60, evaluationPeriods: 5, datapointsToAlarm: 3 },
    });
    expect(alarmOf(template, 'sqs-queue-depth')).toMatchObject({
      threshold: 5_000,
      period: 60,
      evaluation_periods: 5,
      datapoints_to_alarm: 3,
    });
    expect(changed(template)).toEqual(['sqs-queue-depth']);
  });

  test('what is left out stays as it is, also when it is undefined', () => {
    const template = withAlarms({ 'sqs-queue-depth': { threshold: 1_000, period: undefined as never } });
    expect(changed(template)).toEqual([]);
  });

  test('a percentage is of the prop that the alarm follows', () => {
    const template = synthesizePipeline({
      maxConcurrency: 200,
      dlqRetentionDays: 10,
      alarms: { 'lambda-concurrency': { threshold: 75 }, 'sqs-dlq-oldest-message-age': { threshold: 50 } },
    });
    expect(alarmOf(template, 'lambda-concurrency')).toMatchObject({ threshold: 150 });
    expect(alarmOf(template, 'sqs-dlq-oldest-message-age')).toMatchObject({ threshold: 5 * 86_400 });
  });

  test('the period reaches each metric of an expression', () => {
    const { metric_query } = alarmOf(withAlarms({ 'payments-failed': { period: 900 } }), 'payments-failed');
    const periods = metric_query!.flatMap(({ metric }) => (metric === undefined ? [] : [metric.period]));
    expect(periods).toEqual([900, 900]);
  });

  test.each<[purpose: string, overrides: Alarms[string], meaning: string]>([
    [
      'sqs-queue-depth',
      { threshold: 5_000, period: 60, evaluationPeriods: 5, datapointsToAlarm: 3 },
      '5,000 payments have waited for three minutes:',
    ],
    ['sqs-queue-backlog', { threshold: 70_000 }, 'more than 70,000 payments.'],
    ['sqs-in-flight', { threshold: 50_000 }, 'More than 50,000 payments are'],
    ['sqs-oldest-message-age', { threshold: 90 }, 'more than 90 seconds,'],
    [
      'sqs-dlq-growth',
      { threshold: 50, period: 600 },
      'More than 50 messages came into the dead-letter queue within ten minutes.',
    ],
    ['sqs-dlq-oldest-message-age', { threshold: 50 }, 'for 50 % of'],
    ['lambda-error-rate', { threshold: 0.5 }, 'More than 0.5 % of'],
    ['lambda-concurrency', { threshold: 75 }, 'at 75 % of'],
    ['payments-failed', { threshold: 5 }, 'More than 5 % of'],
  ])('%s says its new figures', (purpose, overrides, meaning) => {
    const template = withAlarms({ [purpose]: overrides! });
    expect(alarmOf(template, purpose).alarm_description).toContain(meaning);
  });

  test('values that only Terraform knows reach the alarm and its text', () => {
    const template = synthesize((stack) => {
      const { numberValue: threshold } = new TerraformVariable(stack, 'n', { type: 'number' });
      const all = { threshold, period: threshold, evaluationPeriods: threshold, datapointsToAlarm: threshold };
      const alarms = { 'sqs-queue-depth': all, 'lambda-concurrency': { threshold } };
      new PaymentPipeline(stack, 'payments', someProps({ alarms }));
    });
    expect(alarmOf(template, 'sqs-queue-depth')).toMatchObject({
      threshold: '${var.n}',
      period: '${var.n}',
      evaluation_periods: '${var.n}',
      datapoints_to_alarm: '${var.n}',
      alarm_description: expect.stringMatching(
        /^More than \$\{var\.n} payments have waited for \$\{\(var\.n \* var\.n\)} seconds: /,
      ) as string,
    });
    expect(alarmOf(template, 'lambda-concurrency')).toMatchObject({ threshold: '${((50 * var.n) / 100)}' });
  });
});

describe('false turns an alarm off', () => {
  const off = ['sqs-in-flight', 'security-root-use'];
  const template = withAlarms(Object.fromEntries(off.map((purpose) => [purpose, false])));
  const text = JSON.stringify(template.json);

  test.each(off)('nothing of the stack names %s: no policy, output or widget', (purpose) => {
    expect(JSON.stringify(byDefault.json)).toContain(`alarm-${purpose}-dev`);
    expect(text).not.toContain(`alarm-${purpose}-dev`);
    expect(text).not.toContain(idOf(purpose));
  });

  test('a security event without an alarm is not counted', () => {
    const counted = Object.keys(template.json.resource.aws_cloudwatch_log_metric_filter!);
    expect(counted.sort()).toEqual(['payments_security_key_disabled', 'payments_security_trail_change']);
  });

  test('the other alarms stay as they are; true means the same as nothing', () => {
    expect(changed(template).sort()).toEqual([...off].sort());
    expect(changed(withAlarms({ 'sqs-in-flight': true }))).toEqual([]);
  });

  test('the outputs of a pipeline have exactly the alarms that it has', () => {
    const names = (json: Template['json']) =>
      Object.keys(json.resource.aws_cloudwatch_metric_alarm!).map((id) => id.replace(/^payments_/, ''));
    const { alarms } = pipelineWith(Object.fromEntries(off.map((purpose) => [purpose, false])));
    expect(alarms.map(({ node }) => node.id).sort()).toEqual(names(template.json).sort());
  });

  // docs/spec/coverage.md, "Four metric alarms on critical system health".
  test('synthesis warns about the four of the specification, and about no other', () => {
    const emit = jest.spyOn(process, 'emitWarning').mockImplementation();
    const alarms = Object.fromEntries(ALARMS.slice(1).map(({ purpose }) => [purpose, false]));
    pipelineWith({ ...alarms, 'sqs-queue-depth': { threshold: 5 } });
    expect(emit.mock.calls.map(([warning]) => /^The alarm (\S+) is turned off/.exec(String(warning))?.[1])).toEqual([
      'sqs-dlq-messages',
      'lambda-error-rate',
      'lambda-concurrency',
    ]);
    emit.mockClear();
    const { 'sqs-queue-backlog': _, ...others } = alarms;
    pipelineWith({ ...others, 'sqs-queue-depth': false });
    expect(emit.mock.calls[0]).toEqual([expect.stringContaining('sqs-queue-depth')]);
    emit.mockRestore();
  });
});

function pipelineWith(alarms: Alarms): PaymentPipeline {
  let pipeline: PaymentPipeline;
  synthesize((stack) => {
    pipeline = new PaymentPipeline(stack, 'payments', someProps({ alarms }));
  });
  return pipeline!;
}

describe('what is refused', () => {
  const depth = "alarms['sqs-queue-depth']";

  test.each<[what: string, alarms: unknown, fault: string]>([
    ['no object', 'none', "alarms is 'none', but must be an object of alarms by their purpose"],
    [
      'an unknown purpose',
      { 'sqs-queue-dpeth': false },
      "alarms['sqs-queue-dpeth'] is false, but must be left out: no alarm has this purpose. The nearest are sqs-queue-depth, sqs-queue-backlog, ",
    ],
    [
      'an alarm by its whole name',
      { 'alarm-payments-failed-dev': false },
      "alarms['alarm-payments-failed-dev'] is false, but must be left out: no alarm has this purpose. The nearest are payments-failed, ",
    ],
    ['a number', { 'sqs-queue-depth': 5 }, `${depth} is 5, but must be true, false or an object`],
    [
      'an unknown value',
      { 'sqs-queue-depth': { treshold: 5 } },
      `${depth}.treshold is 5, but must be left out: an alarm has threshold, period, evaluationPeriods, datapointsToAlarm`,
    ],
    ['a text', { 'sqs-queue-depth': { threshold: '5' } }, `${depth}.threshold is '5', but must be a number from 0`],
    [
      'a negative threshold',
      { 'sqs-queue-depth': { threshold: -1 } },
      `${depth}.threshold is -1, but must be a number from 0`,
    ],
    ['no number', { 'sqs-queue-depth': { threshold: NaN } }, `${depth}.threshold is NaN, but must be a number from 0`],
    [
      'more than all',
      { 'lambda-concurrency': { threshold: 101 } },
      "alarms['lambda-concurrency'].threshold is 101, but must be a percentage of maxConcurrency, 0 to 100",
    ],
    [
      'half a minute',
      { 'sqs-queue-depth': { period: 30 } },
      `${depth}.period is 30, but must be a multiple of 60 s from 60`,
    ],
    [
      'a period in which the metric math has no values',
      { 'sqs-dlq-growth': { period: 60 } },
      "alarms['sqs-dlq-growth'].period is 60, but must be a multiple of 60 s from 300",
    ],
    [
      'no period',
      { 'sqs-queue-depth': { evaluationPeriods: 0 } },
      `${depth}.evaluationPeriods is 0, but must be a whole number of periods from 1 to 1440`,
    ],
    [
      'more data points than periods',
      { 'sqs-queue-depth': { datapointsToAlarm: 3 } },
      `${depth}.datapointsToAlarm is 3, but must be a whole number of periods from 1 to 2 (evaluationPeriods)`,
    ],
    [
      'more than a day of short periods',
      { 'sqs-queue-depth': { evaluationPeriods: 289 } },
      `${depth}.evaluationPeriods is 289, but must be at most 288 with a period of 300 s: CloudWatch looks back 86400 s`,
    ],
    [
      'more than a week of hours',
      { 'sqs-queue-depth': { period: 3_600, evaluationPeriods: 169 } },
      `${depth}.evaluationPeriods is 169, but must be at most 168 with a period of 3600 s: CloudWatch looks back 604800 s`,
    ],
    [
      'values of an alarm that the pipeline lacks',
      { 'payments-parked': { threshold: 5 } },
      "alarms['payments-parked'] is { threshold: 5 }, but must be left out: the pipeline has no such alarm with its other props",
    ],
    [
      'values of the outage alarm',
      { 'payments-outage': {} },
      "alarms['payments-outage'] is {}, but must be true or false",
    ],
    [
      'every alarm off',
      Object.fromEntries(ALARMS.map(({ purpose }) => [purpose, false])),
      expect.stringMatching(/^alarms is [^]* but must leave on an alarm that the dashboard/) as string,
    ],
    [
      'an outage alarm without symptoms',
      {
        ...Object.fromEntries(
          ALARMS.filter(({ inOutage }) => inOutage === 'symptom').map(({ purpose }) => [purpose, false]),
        ),
        'payments-outage': true,
      },
      expect.stringMatching(/^alarms is [^]* but must leave on an alarm that payments-outage can follow/) as string,
    ],
  ])('%s', (_, alarms, fault) => {
    expect(faultsOf({ alarms })).toEqual([typeof fault === 'string' ? expect.stringContaining(fault) : fault]);
  });

  test('a day of minutes and a week of hours are not', () => {
    const week = { period: 3_600, evaluationPeriods: 168 };
    expect(faultsOf({ alarms: { 'sqs-queue-depth': { evaluationPeriods: 288 }, 'sqs-in-flight': week } })).toEqual([]);
  });

  test('a token in place of an object or a switch', () => {
    synthesize((stack) => {
      const { booleanValue } = new TerraformVariable(stack, 'is_on', { type: 'bool' });
      expect(
        () => new PaymentPipeline(stack, 'payments', someProps({ alarms: { 'sqs-in-flight': booleanValue as never } })),
      ).toThrow(/alarms\['sqs-in-flight'] is .* but must be true, false or an object, which the synthesis can read/s);
    });
  });
});

test('each pipeline of a shared topic has its own alarms', () => {
  const template = synthesize((stack) => {
    const payments = new PaymentPipeline(stack, 'payments', someProps({ alarms: { 'sqs-in-flight': false } }));
    new PaymentPipeline(stack, 'payouts', { ...sharingProps(payments), alarms: { 'lambda-throttles': false } });
  });
  const text = JSON.stringify(template.json.data.aws_iam_policy_document!.payments_alerting_topic_permissions);
  const named = ['sqs-in-flight-dev', 'lambda-throttles-dev', 'sqs-in-flight-payouts', 'lambda-throttles-payouts'];
  expect(named.filter((name) => text.includes(`alarm-${name}`))).toEqual([
    'lambda-throttles-dev',
    'sqs-in-flight-payouts',
  ]);
});

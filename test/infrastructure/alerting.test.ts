import { CloudwatchCompositeAlarm } from '@cdktf/provider-aws/lib/cloudwatch-composite-alarm';
import { CloudwatchMetricAlarm } from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm';
import { type TerraformStack, Testing } from 'cdktf';
import { withoutTraces } from '../../src/app/without-traces';
import { PaymentPipeline } from '../../src';
import { keyPolicy, Policy } from '../../tools/kit/stacks/iam-policy';
import { otherProps, someProps } from '../../tools/kit/stacks/pipeline-props';
import { ACCOUNT, arn, StackGraph } from '../../tools/kit/stacks/stack-graph';
import { stackWithProviders, synthesize, testApp } from '../../tools/kit/stacks/synthesize';

const METRIC = { comparisonOperator: 'GreaterThanThreshold', evaluationPeriods: 1, threshold: 0 };

function build(stack: TerraformStack, build: (stack: TerraformStack, pipeline: PaymentPipeline) => void): void {
  build(stack, new PaymentPipeline(stack, 'payments', someProps()));
}

describe('an alarm that was added', () => {
  const { json } = synthesize((stack) => {
    build(stack, (_, pipeline) => {
      const latency = new CloudwatchMetricAlarm(stack, 'latency', {
        ...METRIC,
        alarmName: 'latency',
        alarmActions: ['arn:of-a-lambda-function'],
      });
      const both = new CloudwatchCompositeAlarm(stack, 'both', {
        alarmName: 'both',
        alarmRule: 'ALARM(latency)',
        alarmActions: [pipeline.alerting.topic.arn],
      });
      for (const alarm of [latency, both]) pipeline.alerting.addAlarm(alarm);
    });
  });
  const graph = new StackGraph(json);
  const topic = graph.only<{ kms_master_key_id: string }>('aws_sns_topic', { name: 'sns-payment-alerts-dev' });

  test.each([
    ['aws_cloudwatch_metric_alarm.latency', ['arn:of-a-lambda-function', topic.arn]],
    ['aws_cloudwatch_composite_alarm.both', [topic.arn]],
  ])('%s notifies the topic once, and keeps its other actions', (address, actions) => {
    const [type] = address.split('.');
    expect(graph.only(type!, { address })).toMatchObject({ alarm_actions: actions, ok_actions: [topic.arn] });
  });

  test.each(['latency', 'both'])('%s may publish and use the key of the topic', (name) => {
    const context = { 'aws:SourceArn': arn('cloudwatch', `alarm:${name}`), 'aws:SourceAccount': ACCOUNT };
    const asAlarm = { by: 'cloudwatch.amazonaws.com', context };
    const { policy } = graph.only<{ policy: string }>('aws_sns_topic_policy', { arn: topic.arn });
    expect(Policy.of(graph, policy).allows({ ...asAlarm, action: 'sns:Publish', on: topic.arn })).toBe(true);
    for (const action of ['kms:Decrypt', 'kms:GenerateDataKey*'])
      expect(
        keyPolicy(graph, topic.kms_master_key_id).allows({ ...asAlarm, action, on: topic.kms_master_key_id }),
      ).toBe(true);
  });

  test('lets no alarm depend on itself: the policies have its name, not a reference to it', () => {
    expect(JSON.stringify(json.data.aws_iam_policy_document)).not.toMatch(/aws_cloudwatch_(metric|composite)_alarm/);
  });
});

describe('the warning about mute alarms', () => {
  /** The warnings of a stack with a pipeline, `payments`, and what a test adds. */
  function warnings(add: (stack: TerraformStack, pipeline: PaymentPipeline) => void): unknown[] {
    const emit = jest.spyOn(process, 'emitWarning').mockImplementation();
    const stack = stackWithProviders(testApp(), 'test');
    withoutTraces(() => {
      build(stack, add);
      Testing.synth(stack, true);
    });
    const emitted = emit.mock.calls.map(([warning]) => warning);
    emit.mockRestore();
    const annotated = stack.node
      .findAll()
      .flatMap(({ node }) => node.metadata)
      .filter(({ type }) => type.includes('warn'))
      .map(({ data }) => data as unknown);
    expect(annotated).toEqual(emitted);
    return annotated;
  }

  const mute = expect.stringMatching(
    /^The alarm test\/mine can't publish .* Call alerting.addAlarm\(alarm\)/,
  ) as unknown;

  test.each(['alarmActions', 'okActions', 'insufficientDataActions'])('finds one with the topic in %s', (actions) => {
    const found = warnings((stack, { alerting }) => {
      new CloudwatchMetricAlarm(stack, 'mine', { ...METRIC, alarmName: 'mine', [actions]: [alerting.topic.arn] });
    });
    expect(found).toEqual([mute]);
  });

  test('finds one in another stack of the app, and a composite one', () => {
    const found = warnings((stack, { alerting }) => {
      const other = stackWithProviders(stack.node.root as never, 'other');
      const alarmActions = [alerting.topic.arn];
      new CloudwatchMetricAlarm(other, 'metric', { ...METRIC, alarmName: 'metric', alarmActions });
      new CloudwatchCompositeAlarm(stack, 'composite', { alarmName: 'composite', alarmRule: 'FALSE', alarmActions });
    });
    expect(found).toEqual([expect.stringContaining('test/composite'), expect.stringContaining('other/metric')]);
  });

  test('says nothing about the alarms of pipelines, added ones, and those that publish elsewhere', () => {
    const found = warnings((stack, { alerting }) => {
      new PaymentPipeline(stack, 'payouts', otherProps());
      const alarm = new CloudwatchMetricAlarm(stack, 'added', { ...METRIC, alarmName: 'added' });
      alerting.addAlarm(alarm);
      new CloudwatchMetricAlarm(stack, 'elsewhere', { ...METRIC, alarmName: 'elsewhere', alarmActions: ['arn:x'] });
    });
    expect(found).toEqual([]);
  });
});

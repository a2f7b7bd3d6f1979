import { TerraformVariable } from 'cdktf';
import { PaymentPipeline } from '../../src/index';
import { someProps } from '../../tools/kit/stacks/pipeline-props';
import { StackGraph } from '../../tools/kit/stacks/stack-graph';
import { readGraph } from '../../tools/kit/stacks/stacks';
import { synthesize } from '../../tools/kit/stacks/synthesize';

interface Alarm {
  readonly alarm_name: string;
}

const parkedAlarms = (stack: StackGraph) =>
  stack
    .all<Alarm>('aws_cloudwatch_metric_alarm')
    .filter(({ alarm_name }) => alarm_name.startsWith('alarm-payments-parked-'));

test('with hold, parked payments ring', () => {
  expect(parkedAlarms(readGraph('hold'))).toEqual([
    expect.objectContaining({
      namespace: 'PaymentPipeline',
      metric_name: 'PaymentsParked',
      statistic: 'Sum',
      comparison_operator: 'GreaterThanThreshold',
      threshold: 0,
      period: 300,
      evaluation_periods: 1,
    }),
  ]);
});

test('with continue there is nothing to ring for', () => {
  expect(parkedAlarms(readGraph('pipeline'))).toEqual([]);
});

test('a setting that is known at deployment only may be hold', () => {
  const template = synthesize((stack) => {
    const setting = new TerraformVariable(stack, 'on_failed_payment', { type: 'string' });
    new PaymentPipeline(stack, 'payments', someProps({ onFailedPayment: setting.stringValue as never }));
  });
  expect(parkedAlarms(new StackGraph(template.json))).toHaveLength(1);
});

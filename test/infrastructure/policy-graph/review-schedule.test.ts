import { METRICS } from '../../../src/contract/metrics';
import { readEvent } from '../../../src/dlq-processor/core/event';
import type { Resource } from '../../../tools/kit/stacks/stack-graph';
import { readGraph } from '../../../tools/kit/stacks/stacks';

interface Target extends Resource {
  readonly rule: string;
  readonly arn: string;
  readonly input?: string;
  readonly role_arn?: string;
}

interface Permission extends Resource {
  readonly function_name: string;
  readonly action: string;
  readonly principal: string;
  readonly source_arn?: string;
}

const graph = readGraph('deployed');
const rule = graph.only<Resource & { name: string; schedule_expression: string }>('aws_cloudwatch_event_rule', {
  name: 'event-rule-payment-reviews-dev',
});
const target = graph.only<Target>('aws_cloudwatch_event_target', { rule: rule.name });
const called = graph.at<{ function_name: string }>('aws_lambda_function', target.arn);

test('the schedule asks the DLQ processor to measure, which it understands', () => {
  expect(called.function_name).toBe('lambda-dlq-processor-dev');
  expect(readEvent(JSON.parse(target.input!))).toEqual({ action: 'measure' });
});

// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html#eb-lambda-permissions
test('EventBridge may call that function for this rule, and nothing else may call either function', () => {
  const permissions = graph.all<Permission>('aws_lambda_permission');
  expect(permissions).toEqual([
    expect.objectContaining({
      function_name: called.function_name,
      action: 'lambda:InvokeFunction',
      principal: 'events.amazonaws.com',
      source_arn: rule.arn,
    }),
  ]);
  expect(target.role_arn).toBeUndefined(); // "do not specify a RoleArn" for a target with a policy of its own: the same page
});

test('each period of the alarm has a measurement, even when one comes late', () => {
  const [, minutes] = /^rate\((\d+) minutes\)$/.exec(rule.schedule_expression)!;
  const alarm = graph.only<Resource & { period: number; statistic: string; evaluation_periods: number }>(
    'aws_cloudwatch_metric_alarm',
    { metric_name: METRICS.oldestReviewAge },
  );
  expect(alarm.period).toBeGreaterThanOrEqual(2 * Number(minutes) * 60);
  expect(alarm).toMatchObject({ statistic: 'Maximum', evaluation_periods: 1 });
});

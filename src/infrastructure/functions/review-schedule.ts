import { CloudwatchEventRule } from '@cdktf/provider-aws/lib/cloudwatch-event-rule';
import { CloudwatchEventTarget } from '@cdktf/provider-aws/lib/cloudwatch-event-target';
import { LambdaPermission } from '@cdktf/provider-aws/lib/lambda-permission';
import type { Construct } from 'constructs';
import { MEASURE_MINUTES } from '../../contract/metrics';
import type { Names } from '../resource-names';
import type { HandlerFunction } from './handler-function';

/** Lets EventBridge ask the DLQ processor regularly for the age of the oldest review. No other rule may call the function. */
export function createReviewSchedule(scope: Construct, names: Names, { lambda }: HandlerFunction): CloudwatchEventRule {
  const rule = new CloudwatchEventRule(scope, 'review_rule', {
    name: names.reviewRule,
    description: 'Measures how long the oldest payment in REVIEW has waited.',
    scheduleExpression: `rate(${MEASURE_MINUTES} minutes)`,
  });
  // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html#eb-lambda-permissions
  const permission = new LambdaPermission(scope, 'review_permission', {
    statementId: 'EventsMeasureReviews',
    action: 'lambda:InvokeFunction',
    functionName: lambda.functionName,
    principal: 'events.amazonaws.com',
    sourceArn: rule.arn,
  });
  new CloudwatchEventTarget(scope, 'review_target', {
    rule: rule.name,
    targetId: names.dlqProcessor.function,
    arn: lambda.arn,
    input: JSON.stringify({ action: 'measure' }),
    dependsOn: [permission],
  });
  return rule;
}

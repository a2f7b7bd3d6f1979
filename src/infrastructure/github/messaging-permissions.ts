import { condition } from '../policy';
import { queueArns, type PermissionSet, type PipelineArns } from './permission-set';

/** Queues, topics, alarms and EventBridge rules. No message can be read, sent or purged. */
export function messagingPermissions(target: PipelineArns, compositeAlarms: boolean): PermissionSet {
  const { names, deployment } = target;
  const queues = queueArns(target);
  const topics = [names.topic, names.keyChangeTopic, names.outcomeTopic].map((name) => deployment.arn('sns', name));
  const rules = [names.keyChangeRule, names.reviewRule].map((name) => deployment.arn('events', `rule/${name}`));
  const alarms = deployment.alarmArn(names.alarm('*'));
  const dashboard = deployment.globalArn('cloudwatch', `dashboard/${names.dashboard}`);
  const here = condition('StringEquals', 'aws:RequestedRegion', deployment.region);
  return {
    read: [
      {
        sid: 'ReadQueues',
        actions: ['sqs:GetQueueAttributes', 'sqs:GetQueueUrl', 'sqs:ListQueueTags'],
        resources: queues,
      },
      { sid: 'ReadTopics', actions: ['sns:GetTopicAttributes', 'sns:ListTagsForResource'], resources: topics },
      // IAM knows no resource for a subscription by itself.
      { sid: 'ReadSubscription', actions: ['sns:GetSubscriptionAttributes'], resources: ['*'], condition: [here] },
      {
        sid: 'ReadRules',
        actions: ['events:DescribeRule', 'events:ListTargetsByRule', 'events:ListTagsForResource'],
        resources: rules,
      },
      {
        sid: 'ReadAlarms',
        actions: ['cloudwatch:DescribeAlarms', 'cloudwatch:ListTagsForResource'],
        resources: [alarms],
      },
      // "Scoped to *": https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html
      ...(compositeAlarms
        ? [{ sid: 'ReadCompositeAlarms', actions: ['cloudwatch:DescribeAlarms'], resources: ['*'], condition: [here] }]
        : []),
      { sid: 'ReadDashboard', actions: ['cloudwatch:GetDashboard'], resources: [dashboard] },
    ],
    write: [
      {
        sid: 'WriteQueues',
        actions: ['CreateQueue', 'SetQueueAttributes', 'TagQueue', 'UntagQueue', 'DeleteQueue'].map(
          (action) => `sqs:${action}`,
        ),
        resources: queues,
      },
      {
        sid: 'WriteTopics',
        actions: ['CreateTopic', 'SetTopicAttributes', 'Subscribe', 'TagResource', 'UntagResource', 'DeleteTopic'].map(
          (action) => `sns:${action}`,
        ),
        resources: topics,
      },
      {
        sid: 'WriteSubscription',
        actions: ['sns:SetSubscriptionAttributes', 'sns:Unsubscribe'],
        resources: ['*'],
        condition: [here],
      },
      {
        sid: 'WriteRules',
        actions: ['PutRule', 'PutTargets', 'TagResource', 'UntagResource', 'RemoveTargets', 'DeleteRule'].map(
          (action) => `events:${action}`,
        ),
        resources: rules,
      },
      {
        sid: 'WriteAlarms',
        actions: ['PutMetricAlarm', 'TagResource', 'UntagResource', 'DeleteAlarms'].map(
          (action) => `cloudwatch:${action}`,
        ),
        resources: [alarms],
      },
      // "Scoped to *": https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html
      ...(compositeAlarms
        ? [
            {
              sid: 'WriteCompositeAlarms',
              actions: ['cloudwatch:PutCompositeAlarm'],
              resources: ['*'],
              condition: [here],
            },
          ]
        : []),
      {
        sid: 'WriteDashboard',
        actions: ['cloudwatch:PutDashboard', 'cloudwatch:DeleteDashboards'],
        resources: [dashboard],
      },
    ],
  };
}

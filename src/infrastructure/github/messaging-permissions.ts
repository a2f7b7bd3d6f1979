import { condition } from '../policy';
import { queueArns, type PermissionSet, type PipelineArns, topicArn } from './permission-set';

/** Queues, topic and alarms. No message can be read, sent or purged. */
export function messagingPermissions(target: PipelineArns): PermissionSet {
  const { names, deployment } = target;
  const queues = queueArns(target);
  const topic = topicArn(target);
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
      { sid: 'ReadTopic', actions: ['sns:GetTopicAttributes', 'sns:ListTagsForResource'], resources: [topic] },
      // IAM knows no resource for a subscription by itself.
      { sid: 'ReadSubscription', actions: ['sns:GetSubscriptionAttributes'], resources: ['*'], condition: [here] },
      {
        sid: 'ReadAlarms',
        actions: ['cloudwatch:DescribeAlarms', 'cloudwatch:ListTagsForResource'],
        resources: [alarms],
      },
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
        sid: 'WriteTopic',
        actions: ['CreateTopic', 'SetTopicAttributes', 'Subscribe', 'TagResource', 'UntagResource', 'DeleteTopic'].map(
          (action) => `sns:${action}`,
        ),
        resources: [topic],
      },
      {
        sid: 'WriteSubscription',
        actions: ['sns:SetSubscriptionAttributes', 'sns:Unsubscribe'],
        resources: ['*'],
        condition: [here],
      },
      {
        sid: 'WriteAlarms',
        actions: ['PutMetricAlarm', 'TagResource', 'UntagResource', 'DeleteAlarms'].map(
          (action) => `cloudwatch:${action}`,
        ),
        resources: [alarms],
      },
      {
        sid: 'WriteDashboard',
        actions: ['cloudwatch:PutDashboard', 'cloudwatch:DeleteDashboards'],
        resources: [dashboard],
      },
    ],
  };
}

import type { Statement } from '../policy';
import {
  auditBucketArn,
  deliveryLogGroupArns,
  logGroupArns,
  queueArns,
  tableArn,
  type PipelineArns,
} from './permission-set';

const WORK_QUEUES = ['ReceiveMessage', 'DeleteMessage', 'ChangeMessageVisibility', 'GetQueueAttributes', 'SendMessage'];
const WORK_TABLE = ['GetItem', 'PutItem', 'UpdateItem', 'Query', 'Scan'];
const WRITE_LOGS = ['CreateLogGroup', 'CreateLogStream', 'PutLogEvents', 'DescribeLogGroups', 'DescribeLogStreams'];
/** What SNS asks for. Of the other log groups, no role may shorten the retention. */
const KEEP_DELIVERY_LOGS = ['PutMetricFilter', 'PutRetentionPolicy'];
const ATTACH_TO_VPC = [
  ...['CreateNetworkInterface', 'DescribeNetworkInterfaces', 'DescribeSubnets', 'DeleteNetworkInterface'],
  ...['AssignPrivateIpAddresses', 'UnassignPrivateIpAddresses'],
];

/**
 * The maximum permissions of every role of the pipeline's services: the pipeline's own resources, and nothing of IAM. So a role
 * that may write their policies cannot extend them further.
 * @param apiKeySecretArn ARN of the secret with the fraud API's key, if the functions read one
 */
export function permissionsBoundary(target: PipelineArns, apiKeySecretArn: string | undefined): Statement[] {
  const { deployment } = target;
  const table = tableArn(target);
  return [
    { sid: 'Queues', actions: WORK_QUEUES.map((action) => `sqs:${action}`), resources: queueArns(target) },
    { sid: 'Table', actions: WORK_TABLE.map((action) => `dynamodb:${action}`), resources: [table, `${table}/index/*`] },
    { sid: 'Topic', actions: ['sns:Publish'], resources: [target.deployment.arn('sns', target.names.topic)] },
    { sid: 'Logs', actions: WRITE_LOGS.map((action) => `logs:${action}`), resources: logGroupArns(target) },
    {
      sid: 'DeliveryLogs',
      actions: KEEP_DELIVERY_LOGS.map((action) => `logs:${action}`),
      resources: deliveryLogGroupArns(target),
    },
    { sid: 'AuditObjects', actions: ['s3:PutObject'], resources: [`${auditBucketArn(target)}/*`] },
    // The ids of keys are AWS's choice; each key's own policy says which principals may use it.
    { sid: 'Keys', actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [deployment.arn('kms', 'key/*')] },
    // IAM defines no resources for either.
    { sid: 'Traces', actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], resources: ['*'] },
    { sid: 'Vpc', actions: ATTACH_TO_VPC.map((action) => `ec2:${action}`), resources: ['*'] },
    ...(apiKeySecretArn === undefined
      ? []
      : [{ sid: 'ApiKey', actions: ['secretsmanager:GetSecretValue'], resources: [apiKeySecretArn] }]),
  ];
}

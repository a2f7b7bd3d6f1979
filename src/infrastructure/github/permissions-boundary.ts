import type { Statement } from '../policy';
import { auditBucketArn, logGroupArns, queueArns, tableArn, type PipelineArns, topicArn } from './permission-set';

const WORK_QUEUES = ['ReceiveMessage', 'DeleteMessage', 'ChangeMessageVisibility', 'GetQueueAttributes', 'SendMessage'];
const WORK_TABLE = ['GetItem', 'PutItem', 'UpdateItem', 'Query', 'Scan'];
const WRITE_LOGS = [
  ...['CreateLogGroup', 'CreateLogStream', 'PutLogEvents', 'DescribeLogGroups', 'DescribeLogStreams'],
  ...['PutMetricFilter', 'PutRetentionPolicy'],
];
const ATTACH_TO_VPC = [
  ...['CreateNetworkInterface', 'DescribeNetworkInterfaces', 'DescribeSubnets', 'DeleteNetworkInterface'],
  ...['AssignPrivateIpAddresses', 'UnassignPrivateIpAddresses'],
];

/**
 * The most that any role of the pipeline's services may ever be allowed: what the pipeline works on, and nothing of IAM. So
 * nobody who may write their policies can make more of them.
 * @param apiKeySecretArn of the fraud API's key, if the functions read one
 */
export function permissionsBoundary(target: PipelineArns, apiKeySecretArn: string | undefined): Statement[] {
  const { deployment } = target;
  const table = tableArn(target);
  return [
    { sid: 'Queues', actions: WORK_QUEUES.map((action) => `sqs:${action}`), resources: queueArns(target) },
    { sid: 'Table', actions: WORK_TABLE.map((action) => `dynamodb:${action}`), resources: [table, `${table}/index/*`] },
    { sid: 'Topic', actions: ['sns:Publish'], resources: [topicArn(target)] },
    { sid: 'Logs', actions: WRITE_LOGS.map((action) => `logs:${action}`), resources: logGroupArns(target) },
    { sid: 'AuditObjects', actions: ['s3:PutObject'], resources: [`${auditBucketArn(target)}/*`] },
    // AWS gives keys their ids; each key's own policy says who may use it.
    { sid: 'Keys', actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [deployment.arn('kms', 'key/*')] },
    // Neither has resources to name.
    { sid: 'Traces', actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], resources: ['*'] },
    { sid: 'Vpc', actions: ATTACH_TO_VPC.map((action) => `ec2:${action}`), resources: ['*'] },
    ...(apiKeySecretArn === undefined
      ? []
      : [{ sid: 'ApiKey', actions: ['secretsmanager:GetSecretValue'], resources: [apiKeySecretArn] }]),
  ];
}

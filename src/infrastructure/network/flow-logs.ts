import type { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import { FlowLog } from '@cdktf/provider-aws/lib/flow-log';
import type { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import type { Construct } from 'constructs';
import type { Audit } from '../audit/audit';
import { awsEnvironmentOf, sameStack } from '../aws-environment';
import type { Encryption } from '../encryption';
import { createLogGroup } from '../log-group';
import type { Names } from '../resource-names';
import { condition, createServiceRole, type Statement } from '../policy';

const WRITE_FLOW_LOGS = [
  'logs:CreateLogGroup',
  'logs:CreateLogStream',
  'logs:PutLogEvents',
  'logs:DescribeLogGroups',
  'logs:DescribeLogStreams',
];

/** Seconds; the shortest that AWS has. */
const AGGREGATION_INTERVAL = 60;

export interface FlowLogs {
  /** Delivers to the audit bucket. */
  readonly toBucket: FlowLog;
  /** Delivers to CloudWatch Logs. */
  readonly toLogGroup: FlowLog;
  readonly logGroup: CloudwatchLogGroup;
  readonly role: IamRole;
}

export interface FlowLogsConfig {
  readonly names: Names;
  readonly logRetentionDays: number;
  readonly encryption: Encryption;
  /** Its bucket takes the flow logs. */
  readonly audit: Audit;
}

/** All traffic of the VPC, twice: to the bucket for retention, to a log group for queries. One flow log has one destination. */
export function createFlowLogs(scope: Construct, vpcId: string, config: FlowLogsConfig): FlowLogs {
  const { names, audit } = config;
  const deployment = awsEnvironmentOf(scope);

  const logGroup = createLogGroup(scope, 'flow_log_group', { ...config, name: names.flowLogGroup });
  const { role, policy } = createServiceRole(scope, 'flow_logs', {
    ...names.flowLogs,
    service: 'vpc-flow-logs.amazonaws.com',
    conditions: [
      condition('StringEquals', 'aws:SourceAccount', deployment.accountId),
      condition('ArnLike', 'aws:SourceArn', deployment.arn('ec2', 'vpc-flow-log/*')),
    ],
    permissions: flowLogPermissions(logGroup),
  });

  const everything = { vpcId, trafficType: 'ALL', maxAggregationInterval: AGGREGATION_INTERVAL };
  const toBucket = new FlowLog(scope, 'flow_log_to_bucket', {
    ...everything,
    logDestinationType: 's3',
    logDestination: audit.bucket.arn, // no role: AWS refuses one with S3
    tags: { Name: names.flowLog('s3') },
    dependsOn: sameStack(scope, audit.bucketPolicy),
  });
  const toLogGroup = new FlowLog(scope, 'flow_log_to_log_group', {
    ...everything,
    logDestinationType: 'cloud-watch-logs',
    logDestination: logGroup.arn,
    iamRoleArn: role.arn,
    tags: { Name: names.flowLog('cloudwatch') },
    dependsOn: [role, policy],
  });

  return { toBucket, toLogGroup, logGroup, role };
}

function flowLogPermissions(logGroup: CloudwatchLogGroup): Statement[] {
  return [{ sid: 'WriteFlowLogs', actions: WRITE_FLOW_LOGS, resources: [logGroup.arn, `${logGroup.arn}:*`] }];
}

import type { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import type { Encryption } from '../encryption';
import { condition, type Statement } from '../policy';

const WRITE_LOGS = ['logs:CreateLogStream', 'logs:PutLogEvents'];
const WRITE_TRACES = ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'];
export const USE_KEYS = ['kms:Decrypt', 'kms:GenerateDataKey'];
/** AWS page "Giving Lambda functions access to resources in an Amazon VPC". */
const ATTACH_TO_VPC = [
  'ec2:CreateNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:DeleteNetworkInterface',
  'ec2:AssignPrivateIpAddresses',
  'ec2:UnassignPrivateIpAddresses',
];

export interface PlatformPermissionsConfig {
  readonly functionArn: string;
  readonly logGroup: CloudwatchLogGroup;
  readonly encryption: Encryption;
}

/** The permissions of every function, regardless of its handler: keys, logs, traces, and access to the VPC. */
export function platformPermissions({ functionArn, logGroup, encryption }: PlatformPermissionsConfig): Statement[] {
  const { s3Key, sqsKey, dynamodbKey } = encryption;
  return [
    { sid: 'UseKeys', actions: USE_KEYS, resources: [s3Key.arn, sqsKey.arn, dynamodbKey.arn] },
    { sid: 'WriteLogs', actions: WRITE_LOGS, resources: [`${logGroup.arn}:*`] },
    // X-Ray has no resource ARNs.
    { sid: 'WriteTraces', actions: WRITE_TRACES, resources: ['*'] },
    // Lambda attaches with the function's role, and takes no narrower resource ...
    { sid: 'AttachToVpc', actions: ATTACH_TO_VPC, resources: ['*'] },
    // ... so a denial keeps the function's own code from these actions.
    {
      sid: 'DenyAttachingToCode',
      effect: 'Deny',
      actions: ATTACH_TO_VPC,
      resources: ['*'],
      condition: [condition('ArnEquals', 'lambda:SourceFunctionArn', functionArn)],
    },
  ];
}

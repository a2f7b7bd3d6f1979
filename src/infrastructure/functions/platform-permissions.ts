import type { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import { PLATFORM_ACTIONS } from '../../contract/function-calls';
import type { Encryption } from '../encryption';
import { condition, type Statement } from '../policy';

export interface PlatformPermissionsConfig {
  readonly functionArn: string;
  readonly logGroup: CloudwatchLogGroup;
  readonly encryption: Encryption;
}

/** The permissions of every function, regardless of its handler: keys, logs, traces, and access to the VPC. */
export function platformPermissions({ functionArn, logGroup, encryption }: PlatformPermissionsConfig): Statement[] {
  const { s3Key, sqsKey, dynamodbKey } = encryption;
  const { useKeys, writeLogs, writeTraces, attachToVpc } = PLATFORM_ACTIONS;
  return [
    { sid: 'UseKeys', actions: useKeys, resources: [s3Key.arn, sqsKey.arn, dynamodbKey.arn] },
    { sid: 'WriteLogs', actions: writeLogs, resources: [`${logGroup.arn}:*`] },
    // X-Ray has no resource ARNs.
    { sid: 'WriteTraces', actions: writeTraces, resources: ['*'] },
    // Lambda attaches with the function's role, and takes no narrower resource ...
    { sid: 'AttachToVpc', actions: attachToVpc, resources: ['*'] },
    // ... so a denial keeps the function's own code from these actions.
    {
      sid: 'DenyAttachingToCode',
      effect: 'Deny',
      actions: attachToVpc,
      resources: ['*'],
      condition: [condition('ArnEquals', 'lambda:SourceFunctionArn', functionArn)],
    },
  ];
}

import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import type { Construct } from 'constructs';
import { type AwsEnvironment, awsEnvironmentOf } from './aws-environment';
import type { Encryption } from './encryption';

export interface LogGroupConfig {
  /** A name that holds account or region is asked for twice: the key may be in a stack that must not wait for this one. */
  readonly name: string | ((deployment: AwsEnvironment) => string);
  readonly logRetentionDays: number;
  readonly encryption: Encryption;
}

/** An encrypted log group with a retention period. */
export function createLogGroup(
  scope: Construct,
  id: string,
  { name, logRetentionDays, encryption }: LogGroupConfig,
): CloudwatchLogGroup {
  const nameIn = (place: Construct) => (typeof name === 'string' ? name : name(awsEnvironmentOf(place)));
  encryption.allowServiceUse('logGroup', nameIn(encryption));
  return new CloudwatchLogGroup(scope, id, {
    name: nameIn(scope),
    retentionInDays: logRetentionDays,
    kmsKeyId: encryption.dynamodbKey.arn,
  });
}

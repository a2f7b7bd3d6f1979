import { DescribeTableCommand, type TableDescription } from '@aws-sdk/client-dynamodb';
import { GetRoleCommand, GetRolePolicyCommand } from '@aws-sdk/client-iam';
import { DescribeKeyCommand } from '@aws-sdk/client-kms';
import { type FunctionConfiguration, GetFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { GetQueueAttributesCommand, GetQueueUrlCommand } from '@aws-sdk/client-sqs';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import type { Deployed } from '../assertions/assertion';
import { TABLE } from './names';

export async function queueUrl({ aws }: Deployed, name: string): Promise<string> {
  const { QueueUrl } = await aws.sqs.send(new GetQueueUrlCommand({ QueueName: name }));
  return QueueUrl!;
}

export async function attributesOf(deployed: Deployed, name: string): Promise<Record<string, string>> {
  const QueueUrl = await queueUrl(deployed, name);
  const { Attributes } = await deployed.aws.sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
  );
  return Attributes ?? {};
}

/** ARN of the credentials. */
export async function callerOf({ aws }: Deployed): Promise<string> {
  return (await aws.sts.send(new GetCallerIdentityCommand({}))).Arn!;
}

export async function describeTable({ aws }: Deployed): Promise<TableDescription> {
  const { Table } = await aws.dynamodb.send(new DescribeTableCommand({ TableName: TABLE }));
  return Table!;
}

export async function configuration({ aws }: Deployed, name: string): Promise<FunctionConfiguration> {
  return aws.lambda.send(new GetFunctionConfigurationCommand({ FunctionName: name }));
}

export async function keyArn({ aws }: Deployed, key: 's3' | 'sqs' | 'dynamodb'): Promise<string> {
  const { KeyMetadata } = await aws.kms.send(new DescribeKeyCommand({ KeyId: `alias/payment-${key}-dev` }));
  return KeyMetadata!.Arn!;
}

/** The part of a role's name that tells the roles apart. */
export type RoleName = 'payment-processor' | 'dlq-processor' | 'cloudtrail' | 'vpc-flow-logs' | 'sns-delivery-status';

export const roleName = (role: RoleName) => `iam-role-${role}-dev`;
export const policyName = (role: RoleName) => `iam-policy-${role}-dev`;

export async function roleArn({ aws }: Deployed, role: RoleName): Promise<string> {
  const { Role } = await aws.iam.send(new GetRoleCommand({ RoleName: roleName(role) }));
  return Role!.Arn!;
}

/** A statement of a policy, as IAM returns it. */
export interface PolicyStatement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string | string[];
  readonly Resource?: string | string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | string[]>>>>;
}

export async function permissions({ aws }: Deployed, role: RoleName): Promise<PolicyStatement[]> {
  const { PolicyDocument = '' } = await aws.iam.send(
    new GetRolePolicyCommand({ RoleName: roleName(role), PolicyName: policyName(role) }),
  );
  const policy = JSON.parse(decodeURIComponent(PolicyDocument)) as { Statement: PolicyStatement[] };
  return policy.Statement;
}

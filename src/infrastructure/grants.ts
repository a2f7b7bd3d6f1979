import { DataAwsIamPolicyDocument } from '@cdktf/provider-aws/lib/data-aws-iam-policy-document';
import type { DynamodbTable } from '@cdktf/provider-aws/lib/dynamodb-table';
import type { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import type { SqsQueue } from '@cdktf/provider-aws/lib/sqs-queue';
import { TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { STATUS_INDEX } from '../contract/payment-record';
import type { Encryption } from './encryption';
import type { Statement } from './policy';
import { dependsOn } from './stack-dependencies';

const SEND = ['sqs:SendMessage'];
/** SQS encrypts in the sender's name, and checks what it encrypted. */
const ENCRYPT = ['kms:GenerateDataKey', 'kms:Decrypt'];
const READ = ['dynamodb:GetItem', 'dynamodb:Query'];
const DECRYPT = ['kms:Decrypt'];

export function sendPayments(queue: SqsQueue, { sqsKey }: Encryption): Statement[] {
  return [
    { sid: 'SendPayments', actions: SEND, resources: [queue.arn] },
    { sid: 'EncryptPayments', actions: ENCRYPT, resources: [sqsKey.arn] },
  ];
}

export function readPayments(table: DynamodbTable, { dynamodbKey }: Encryption): Statement[] {
  return [
    { sid: 'ReadPayments', actions: READ, resources: [table.arn, `${table.arn}/index/${STATUS_INDEX}`] },
    { sid: 'DecryptPayments', actions: DECRYPT, resources: [dynamodbKey.arn] },
  ];
}

/**
 * Adds an inline policy to a role, once. The policy belongs to the role's stack, which then depends on the pipeline's as anything
 * else that uses the pipeline does. It belongs to the pipeline's stack if that already depends on the role's.
 */
export function grant(
  pipeline: Construct,
  id: string,
  name: string,
  role: IamRole,
  statements: Statement[],
): IamRolePolicy {
  const withPipeline = `${id}_${role.friendlyUniqueId}`;
  const withRole = `${pipeline.node.path}_${id}`;
  const granted = (pipeline.node.tryFindChild(withPipeline) ?? role.node.tryFindChild(withRole)) as
    IamRolePolicy | undefined;
  if (granted) return granted;

  const staysHere = dependsOn(TerraformStack.of(pipeline), TerraformStack.of(role));
  const [scope, policyId] = staysHere ? [pipeline, withPipeline] : [role, withRole];
  const provider = !staysHere && role.provider !== undefined && { provider: role.provider };
  const document = new DataAwsIamPolicyDocument(scope, `${policyId}_permissions`, {
    statement: statements,
    ...provider,
  });
  return new IamRolePolicy(scope, policyId, { name, role: role.name, policy: document.json, ...provider });
}

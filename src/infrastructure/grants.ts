import { DataAwsIamPolicyDocument } from '@cdktf/provider-aws/lib/data-aws-iam-policy-document';
import type { DynamodbTable } from '@cdktf/provider-aws/lib/dynamodb-table';
import type { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import type { SqsQueue } from '@cdktf/provider-aws/lib/sqs-queue';
import { type TerraformProvider, type TerraformResource, TerraformStack } from 'cdktf';
import type { Construct, IConstruct } from 'constructs';
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

/** Where to add what belongs to a pipeline and to a resource, maybe of another stack. */
interface Home {
  readonly scope: Construct;
  readonly id: string;
  /** The provider of the resource's stack, if that is the home. */
  readonly provider: { readonly provider?: TerraformProvider };
  /** What was added under the id before. */
  readonly added: IConstruct | undefined;
}

/**
 * Finds the home of what a pipeline gives to a resource: the resource's stack, which then depends on the pipeline's as anything else that uses the
 * pipeline does, or the pipeline's stack if that already depends on the resource's.
 */
export function homeOf(pipeline: Construct, id: string, resource: TerraformResource): Home {
  const withPipeline = `${id}_${resource.friendlyUniqueId}`;
  const withResource = `${pipeline.node.path}_${id}`;
  const added = pipeline.node.tryFindChild(withPipeline) ?? resource.node.tryFindChild(withResource);
  const { provider } = resource;
  return dependsOn(TerraformStack.of(pipeline), TerraformStack.of(resource))
    ? { scope: pipeline, id: withPipeline, provider: {}, added }
    : { scope: resource, id: withResource, provider: provider === undefined ? {} : { provider }, added };
}

/** Adds an inline policy to a role, once. */
export function grant(
  pipeline: Construct,
  id: string,
  name: string,
  role: IamRole,
  statements: Statement[],
): IamRolePolicy {
  const { scope, id: policyId, provider, added } = homeOf(pipeline, id, role);
  const granted = added as IamRolePolicy | undefined;
  if (granted) return granted;
  const document = new DataAwsIamPolicyDocument(scope, `${policyId}_permissions`, {
    statement: statements,
    ...provider,
  });
  return new IamRolePolicy(scope, policyId, { name, role: role.name, policy: document.json, ...provider });
}

import { DataAwsIamPolicyDocument } from '@cdktf/provider-aws/lib/data-aws-iam-policy-document';
import { DynamodbResourcePolicy } from '@cdktf/provider-aws/lib/dynamodb-resource-policy';
import type { DynamodbTable } from '@cdktf/provider-aws/lib/dynamodb-table';
import type { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import type { SqsQueue } from '@cdktf/provider-aws/lib/sqs-queue';
import { SqsQueuePolicy } from '@cdktf/provider-aws/lib/sqs-queue-policy';
import { type TerraformProvider, type TerraformResource, TerraformStack, Token } from 'cdktf';
import type { Construct, IConstruct } from 'constructs';
import { STATUS_INDEX } from '../contract/payment-record';
import { DECRYPT_ITEMS, ENCRYPT_MESSAGES, type Encryption } from './encryption';
import { account, MutablePolicyDocument, type Statement } from './policy';
import { roleArnRule } from './prop-rules';
import { listed } from './prop-table';
import { dependsOn } from './stack-dependencies';
import { expressionOf } from './token-expression';
import { PaymentPipelinePropsError } from './validation';

const SEND = ['sqs:SendMessage'];
/**
 * The actions that read by key. AWS CDK's `grantReadData` also has Scan, ConditionCheckItem and those of a stream
 * (https://github.com/aws/aws-cdk/blob/main/packages/aws-cdk-lib/aws-dynamodb/lib/perms.ts): a reader of payments lists them by the status index,
 * has nothing to write in a transaction, and the table has no stream.
 */
const READ = ['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:Query'];

/** A permission that a pipeline grants to roles, on a resource that takes a policy of its own. */
export interface Permission<Policy> {
  /** Begins the ids of constructs. */
  readonly id: string;
  /** Name of the policy that a role gets. */
  readonly policyName: string;
  /** What the role does with the resource. */
  readonly use: Statement;
  /** What it needs of the resource's key. */
  readonly useOfKey: Statement;
  /** Allows a role in the key's policy. */
  readonly allowUseOfKey: (roleArn: string) => void;
  /** Attaches a policy to the resource. */
  readonly attach: (scope: Construct, id: string, policy: string) => Policy;
}

/** Roles of other AWS accounts: https://repost.aws/knowledge-center/sqs-queue-access-permissions */
export function sendPayments(queue: SqsQueue, encryption: Encryption, policyName: string): Permission<SqsQueuePolicy> {
  return {
    id: 'send_payments',
    policyName,
    use: { sid: 'SendPayments', actions: SEND, resources: [queue.arn] },
    useOfKey: { sid: 'EncryptPayments', actions: ENCRYPT_MESSAGES, resources: [encryption.sqsKey.arn] },
    allowUseOfKey: (roleArn) => {
      encryption.allowRoleUse('sender', roleArn);
    },
    attach: (scope, id, policy) => new SqsQueuePolicy(scope, id, { queueUrl: queue.url, policy }),
  };
}

/**
 * Roles of other AWS accounts: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/rbac-cross-account-access.html. The policy
 * of a table also allows the use of its index.
 */
export function readPayments(
  { arn }: DynamodbTable,
  encryption: Encryption,
  policyName: string,
): Permission<DynamodbResourcePolicy> {
  return {
    id: 'read_payments',
    policyName,
    use: { sid: 'ReadPayments', actions: READ, resources: [arn, `${arn}/index/${STATUS_INDEX}`] },
    useOfKey: { sid: 'DecryptPayments', actions: DECRYPT_ITEMS, resources: [encryption.dynamodbKey.arn] },
    allowUseOfKey: (roleArn) => {
      encryption.allowRoleUse('reader', roleArn);
    },
    attach: (scope, id, policy) => new DynamodbResourcePolicy(scope, id, { resourceArn: arn, policy }),
  };
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

/** Grants one permission, to each role once. */
export class Grant<Policy> {
  private readonly roleArns = new Map<string, string>();
  private resourcePolicy: { readonly document: MutablePolicyDocument; readonly policy: Policy } | undefined;

  constructor(
    private readonly pipeline: Construct,
    private readonly permission: Permission<Policy>,
  ) {}

  /**
   * Grants it to a role by a policy of the role, and to an ARN by the policies of the resource and its key.
   * @throws PaymentPipelinePropsError for a text that is not the ARN of a role
   */
  to(role: IamRole | string): IamRolePolicy | Policy {
    return typeof role === 'string' ? this.toArn(role) : this.toRole(role);
  }

  private toRole(role: IamRole): IamRolePolicy {
    const { id, policyName: name, use, useOfKey } = this.permission;
    const { scope, id: policyId, provider, added } = homeOf(this.pipeline, id, role);
    const granted = added as IamRolePolicy | undefined;
    if (granted) return granted;
    const document = new DataAwsIamPolicyDocument(scope, `${policyId}_permissions`, {
      statement: [use, useOfKey],
      ...provider,
    });
    return new IamRolePolicy(scope, policyId, { name, role: role.name, policy: document.json, ...provider });
  }

  private toArn(roleArn: string): Policy {
    if (!Token.isUnresolved(roleArn) && !roleArnRule.allows(roleArn)) this.refuse(roleArn);
    const expression = expressionOf(this.pipeline, roleArn);
    if (!this.roleArns.has(expression)) this.permission.allowUseOfKey(roleArn);
    this.roleArns.set(expression, roleArn);
    this.resourcePolicy ??= this.createResourcePolicy();
    this.resourcePolicy.document.update();
    return this.resourcePolicy.policy;
  }

  private createResourcePolicy(): NonNullable<typeof this.resourcePolicy> {
    const { id, use, attach } = this.permission;
    const statements = () => [{ ...use, principals: account(...this.roleArns.values()) }];
    const document = new MutablePolicyDocument(this.pipeline, `${id}_to_arns`, statements);
    return { document, policy: attach(this.pipeline, `${id}_policy`, document.json) };
  }

  private refuse(role: string): never {
    const must = `be an IamRole, or ${roleArnRule.wanted}`;
    throw new PaymentPipelinePropsError(
      `Bad role for ${this.permission.id} of the payment pipeline "${this.pipeline.node.path}":${listed([{ prop: 'role', value: role, must }])}`,
    );
  }
}

import {
  DataAwsIamPolicyDocument,
  type DataAwsIamPolicyDocumentStatement,
  type DataAwsIamPolicyDocumentStatementCondition,
  type DataAwsIamPolicyDocumentStatementPrincipals,
} from '@cdktf/provider-aws/lib/data-aws-iam-policy-document';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import type { Construct } from 'constructs';

export type Statement = DataAwsIamPolicyDocumentStatement;

type Condition = DataAwsIamPolicyDocumentStatementCondition;
type Principals = DataAwsIamPolicyDocumentStatementPrincipals[];

/** The JSON of a policy. */
export function policyJson(scope: Construct, id: string, statement: Statement[]): string {
  return new DataAwsIamPolicyDocument(scope, id, { statement }).json;
}

/** A policy whose statements follow what changes after it was made. */
export class MutablePolicyDocument {
  private readonly document: DataAwsIamPolicyDocument;

  constructor(
    scope: Construct,
    id: string,
    private readonly statements: () => Statement[],
  ) {
    this.document = new DataAwsIamPolicyDocument(scope, id, { statement: statements() });
  }

  get json(): string {
    return this.document.json;
  }

  /** Writes the policy again. Call it after each change. */
  update(): void {
    this.document.putStatement(this.statements());
  }
}

export function service(...identifiers: string[]): Principals {
  return [{ type: 'Service', identifiers }];
}

export function account(...identifiers: string[]): Principals {
  return [{ type: 'AWS', identifiers }];
}

export const EVERYBODY: Principals = [{ type: '*', identifiers: ['*'] }];

export function condition(test: string, variable: string, ...values: string[]): Condition {
  return { test, variable, values };
}

/** The values of `kms:ViaService` for a service; its endpoints in China end in another domain. */
export function throughService(name: string, region: string): string[] {
  return ['amazonaws.com', 'amazonaws.com.cn'].map((domain) => `${name}.${region}.${domain}`);
}

export interface ServiceRoleConfig {
  readonly role: string;
  readonly policy: string;
  /** Service principal that assumes the role. */
  readonly service: string;
  /** Conditions under which the service may assume the role. */
  readonly conditions?: Condition[];
  readonly permissions: Statement[];
}

export interface ServiceRole {
  readonly role: IamRole;
  readonly policy: IamRolePolicy;
}

/** A role that one AWS service assumes, with its one policy. */
export function createServiceRole(scope: Construct, id: string, config: ServiceRoleConfig): ServiceRole {
  const role = new IamRole(scope, `${id}_role`, {
    name: config.role,
    assumeRolePolicy: policyJson(scope, `${id}_trust`, [
      {
        actions: ['sts:AssumeRole'],
        principals: service(config.service),
        ...(config.conditions && { condition: config.conditions }),
      },
    ]),
  });
  const policy = new IamRolePolicy(scope, `${id}_policy`, {
    name: config.policy,
    role: role.id,
    policy: policyJson(scope, `${id}_permissions`, config.permissions),
    dependsOn: [role],
  });
  return { role, policy };
}

/** Sets a permissions boundary on every role that is created within a construct. */
export function boundRoles(within: Construct, permissionsBoundaryArn: string): void {
  for (const element of within.node.findAll()) {
    if (element instanceof IamRole) element.permissionsBoundary = permissionsBoundaryArn;
  }
}

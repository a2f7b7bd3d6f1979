import { like } from '../wildcard';
import { REGION, type StackGraph } from './stack-graph';

/** The condition key that says which log group is encrypted. */
export const LOG_GROUP_KEY = 'kms:EncryptionContext:aws:logs:arn';

/** The actions that CloudWatch Logs needs on a log group's key. */
const ENCRYPT_LOGS = [
  'kms:Encrypt',
  'kms:Decrypt',
  'kms:ReEncryptFrom',
  'kms:ReEncryptTo',
  'kms:GenerateDataKey',
  'kms:DescribeKey',
];

interface Condition {
  readonly test: string;
  readonly variable: string;
  readonly values: readonly string[];
}

interface Statement {
  readonly sid?: string;
  readonly effect?: 'Allow' | 'Deny';
  readonly actions: readonly string[];
  readonly resources?: readonly string[];
  readonly principals?: readonly { readonly identifiers: readonly string[] }[];
  readonly condition?: readonly Condition[];
}

/** A request to AWS. */
export interface AccessRequest {
  /** A service, or an ARN; left out for the principal that has the policy. */
  readonly by?: string;
  readonly action: string;
  readonly on: string;
  /** Condition keys, such as `aws:SourceArn`. */
  readonly context?: Readonly<Record<string, string>>;
}

/** A policy document, read as IAM reads it. */
export class Policy {
  private constructor(private readonly statements: readonly Statement[]) {}

  /** @param json the reference to a policy document, as a policy argument holds it */
  static of(graph: StackGraph, json: string): Policy {
    const address = /^<(data\.aws_iam_policy_document\.\w+)\.json>$/.exec(json)?.[1];
    return new Policy(graph.only<{ statement: Statement[] }>('data.aws_iam_policy_document', { address }).statement);
  }

  /** The policies of a role, as one. */
  static ofRole(graph: StackGraph, role: { readonly id: string }): Policy {
    const policies = graph.all<{ policy: string }>('aws_iam_role_policy', { role: role.id });
    return new Policy(policies.flatMap(({ policy }) => Policy.of(graph, policy).statements));
  }

  /** The managed policies that are attached to a role, as one. */
  static attachedTo(graph: StackGraph, role: { readonly id: string }): Policy {
    const attached = graph.all<{ policy_arn: string }>('aws_iam_role_policy_attachment', { role: role.id });
    const policies = attached.map(({ policy_arn }) => graph.at<{ policy: string }>('aws_iam_policy', policy_arn));
    return new Policy(policies.flatMap(({ policy }) => Policy.of(graph, policy).statements));
  }

  allows(request: AccessRequest): boolean {
    const matching = this.statements.filter((statement) => matches(statement, request));
    return matching.length > 0 && matching.every(({ effect }) => effect !== 'Deny');
  }

  /** Whether it would be refused even if another policy allowed it. */
  denies(request: AccessRequest): boolean {
    return this.statements.some((statement) => statement.effect === 'Deny' && matches(statement, request));
  }

  /** Variants of a request that the policy would allow as well. */
  alsoAllows(request: AccessRequest, ...variants: readonly Partial<AccessRequest>[]): Partial<AccessRequest>[] {
    return variants.filter((variant) =>
      this.allows({ ...request, ...variant, context: { ...request.context, ...variant.context } }),
    );
  }

  /** Every pair of action and resource that is allowed, as it is written. */
  grants(): { action: string; on: string }[] {
    const allowing = this.statements.filter(({ effect }) => effect !== 'Deny');
    return allowing.flatMap(({ actions, resources = [] }) =>
      actions.flatMap((action) => resources.map((on) => ({ action, on }))),
    );
  }

  /** All principals of the statements; none in the policy of a role. */
  principals(): string[] {
    return this.statements.flatMap(({ principals = [] }) => principals.flatMap(({ identifiers }) => identifiers));
  }

  /** Characters, at least, as IAM counts them: all but white space. */
  length(): number {
    return JSON.stringify(this.statements).length;
  }

  /** Every way in which a condition compares. */
  tests(): string[] {
    return [...new Set(this.statements.flatMap(({ condition = [] }) => condition.map(({ test }) => test)))];
  }

  /** The values that a principal's statements require of a condition key. */
  conditionValues(by: string, variable: string): string[] {
    const conditions = this.statements
      .filter((statement) => isBy(statement, by))
      .flatMap(({ condition = [] }) => condition);
    return conditions.filter((condition) => condition.variable === variable).flatMap(({ values }) => values);
  }
}

/** Asks that the policy refuses, as texts. */
export function refused(policy: Policy, requests: readonly AccessRequest[]): string[] {
  return requests.filter((request) => !policy.allows(request)).map(({ action, on }) => `${action} on ${on}`);
}

/** The policy of the key that an argument names. */
export function keyPolicy(graph: StackGraph, keyArn: string | undefined): Policy {
  return Policy.of(graph, graph.at<{ policy: string }>('aws_kms_key', keyArn).policy);
}

/** Whether a log group can be encrypted with its key. */
export function isAdmittedByKey(
  graph: StackGraph,
  { arn, kms_key_id }: { readonly arn: string; readonly kms_key_id?: string },
): boolean {
  const context = { [LOG_GROUP_KEY]: arn };
  const by = `logs.${REGION}.amazonaws.com`;
  const policy = keyPolicy(graph, kms_key_id);
  return ENCRYPT_LOGS.every((action) => policy.allows({ by, action, on: kms_key_id!, context }));
}

function matches(statement: Statement, { by, action, on, context = {} }: AccessRequest): boolean {
  const { actions, resources = ['*'], condition = [] } = statement; // a role's trust names no resource
  return (
    isBy(statement, by) &&
    actions.some((pattern) => like(pattern, action)) &&
    resources.some((pattern) => like(pattern, on)) &&
    condition.every((each) => holds(each, context[each.variable]))
  );
}

function isBy({ principals = [] }: Statement, by: string | undefined): boolean {
  const identifiers = principals.flatMap((principal) => principal.identifiers);
  return by === undefined ? identifiers.length === 0 : identifiers.some((identifier) => [by, '*'].includes(identifier));
}

/** A key that the request does not have: only what is negated holds. A key of several values has one here. */
function holds({ test, values }: Condition, value: string | undefined): boolean {
  switch (test) {
    case 'StringEquals':
    case 'ForAllValues:StringEquals':
    case 'Bool':
      return value !== undefined && values.includes(value);
    case 'StringNotEquals':
      return value === undefined || !values.includes(value);
    case 'ArnEquals':
    case 'ArnLike':
    case 'StringLike':
    case 'ForAnyValue:StringLike':
      return value !== undefined && values.some((pattern) => like(pattern, value));
    case 'ArnNotEquals':
      return value === undefined || !values.some((pattern) => like(pattern, value));
    case 'Null':
      return values.includes(String(value === undefined));
    default:
      throw new Error(`The walks cannot judge the condition ${test}: teach them in tools/kit/stacks/iam-policy.ts.`);
  }
}

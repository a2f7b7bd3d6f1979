import { Token } from 'cdktf';
import { arnPattern } from '../contract/arn';
import { SECRET_ARN } from '../contract/environment';

export interface Rule {
  readonly allows: (value: unknown) => boolean;
  /** Completes "must be". */
  readonly wanted: string;
  /** Whether the synthesis reads the value, so that a token is refused. */
  readonly refusesTokens?: true;
}

/** A rule for what only this package makes. */
export interface InstanceRule extends Rule {
  readonly classes: readonly { [Symbol.hasInstance](value: unknown): boolean }[];
}

/** A rule that Terraform can check as well, on a variable. */
export interface VariableRule extends Rule {
  /** Returns a Terraform expression. Undefined when the variable's type says it all. */
  readonly condition: ((reference: string) => string) | undefined;
}

export const BOOLEAN: VariableRule = {
  allows: (value) => typeof value === 'boolean',
  wanted: 'one of true, false',
  condition: undefined,
};

/** An instance of one of the classes. Those of another copy of the package are others: its version may differ. */
export function instanceOf(classes: InstanceRule['classes'], wanted: string): InstanceRule {
  return {
    classes,
    allows: (value) => classes.some((type) => value instanceof type),
    wanted: `${wanted}, of this copy of cdktf-payment-pipeline`,
    refusesTokens: true,
  };
}

/** The rule of a value that the synthesis reads. */
export function known<R extends Rule>(rule: R): R {
  return { ...rule, allows: (value) => !Token.isUnresolved(value) && rule.allows(value), refusesTokens: true };
}

export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function wholeNumber(unit: string, min: number, max: number, why?: string): VariableRule {
  return {
    allows: (value) => Number.isInteger(value) && Number(value) >= min && Number(value) <= max,
    wanted: `a whole number ${unit} from ${min} to ${max}${why === undefined ? '' : ` (${why})`}`,
    condition: (reference) => `floor(${reference}) == ${reference} && ${reference} >= ${min} && ${reference} <= ${max}`,
  };
}

/** @param pattern regular expression that JavaScript and Terraform (RE2) read alike */
export function matches(pattern: string, wanted: string): VariableRule {
  const regex = new RegExp(pattern);
  return {
    allows: (value) => typeof value === 'string' && regex.test(value),
    wanted,
    condition: (reference) => `can(regex(${JSON.stringify(pattern)}, ${reference}))`,
  };
}

/** A list of one or more different texts, each of which the pattern matches. @param pattern a regular expression */
export function listOf(pattern: string, wanted: string): Rule {
  return listWhere((text) => new RegExp(pattern).test(text), wanted);
}

/** A list of one or more different texts that are allowed. A token among them is not checked. */
export function listWhere(allows: (text: string) => boolean, wanted: string): Rule {
  return {
    allows: (value) =>
      Array.isArray(value) &&
      value.length > 0 &&
      new Set(value).size === value.length &&
      value.every((item) => Token.isUnresolved(item) || (typeof item === 'string' && allows(item))),
    wanted,
  };
}

export function oneOf(values: readonly (string | number)[]): VariableRule {
  return {
    allows: (value) => values.includes(value as string),
    wanted: `one of ${values.map((value) => JSON.stringify(value)).join(', ')}`,
    condition: (reference) => `contains(${JSON.stringify(values)}, ${reference})`,
  };
}

export const environmentRule = matches(
  // It is part of a role's name, of at most 64 characters, and of the bucket's, of at most 63 with the account id.
  String.raw`^[a-z][a-z0-9-]{0,31}$`,
  '1 to 32 lower-case letters, digits and hyphens, a letter first',
);
export const queueNameRule = matches(
  // SQS allows 80 characters, and `-dlq.fifo` follows.
  String.raw`^[A-Za-z0-9_-]{1,71}$`,
  '1 to 71 letters, digits, hyphens and underscores (.fifo is added)',
);
export const kmsKeyArnRule = matches(
  arnPattern({ service: 'kms', resource: String.raw`key/\S+` }),
  'the ARN of a KMS key',
);
export const roleArnRule = matches(
  arnPattern({ service: 'iam', region: '', resource: String.raw`role/[\w+=,.@/-]+` }),
  "the ARN of an IAM role (a session's ARN changes with every caller)",
);
export const principalArnRule = matches(
  arnPattern({ service: 'iam', region: '', resource: String.raw`(root|(role|user)/\S+)` }),
  "the ARN of an IAM role or user, or of the account's root (a session's ARN changes with every caller)",
);
export const policyArnRule = matches(
  arnPattern({ service: 'iam', region: '', accountId: String.raw`(\d{12}|aws)`, resource: String.raw`policy/\S+` }),
  'the ARN of an IAM policy',
);
export const secretArnRule = matches(SECRET_ARN.source, 'the ARN of a Secrets Manager secret');
export const vpcIdRule = matches('^vpc-[0-9a-f]+$', 'the ID of a VPC');

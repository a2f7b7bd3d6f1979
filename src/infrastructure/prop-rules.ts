import { arnPattern } from '../contract/arn';
import { SECRET_ARN } from '../contract/environment';
import { ON_FAILED_PAYMENT } from '../contract/hold';
import { BATCH_SIZE, PROCESSOR_TIMEOUT } from './functions/payment-processor';
import { isNetworkRange } from './network/subnet-range';
import { PROFILES } from './profile';
import { PAYMENT_RETENTION_DAYS } from './queues';

export interface Rule {
  readonly allows: (value: unknown) => boolean;
  /** Completes "must be". */
  readonly wanted: string;
}

/** A rule that Terraform can check as well, on a variable. */
export interface VariableRule extends Rule {
  /** @returns a Terraform expression */
  readonly condition: (reference: string) => string;
}

/** AWS page "Creating and configuring an Amazon SQS event source mapping": at least six times the function's timeout. */
const SHORTEST_VISIBILITY = 6 * PROCESSOR_TIMEOUT;

/** Terraform's documentation of `aws_cloudwatch_log_group`; its 0, which keeps logs for ever, is left out. */
const LOG_RETENTIONS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

export const environmentRule = matches(
  // The longest names that it goes into: a role's, of 64 characters, and the bucket's, of 63 with the account.
  String.raw`^[a-z][a-z0-9-]{0,31}$`,
  '1 to 32 lower-case letters, digits and hyphens, a letter first',
);
export const alertEmailRule = matches(String.raw`^[^@\s]+@[^@\s]+\.[^@\s]+$`, 'an email address');
const httpsUrl = matches(
  String.raw`^https://[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:443)?([/?#]\S*)?$`,
  'an https URL on port 443, without credentials',
);
export const fraudApiUrlRule: VariableRule = {
  ...httpsUrl,
  allows: (value) => httpsUrl.allows(value) && URL.canParse(String(value)),
};
export const lambdaMemoryRule = wholeNumber('of MB', 128, 10_240);
export const visibilityTimeoutRule = wholeNumber(
  'of seconds',
  SHORTEST_VISIBILITY,
  43_200,
  `six times the processor's timeout of ${PROCESSOR_TIMEOUT} s at least`,
);
export const dlqRetentionDaysRule = wholeNumber(
  'of days',
  PAYMENT_RETENTION_DAYS + 1,
  14,
  `more than the payment queue's ${PAYMENT_RETENTION_DAYS}`,
);
export const deploymentPrincipalArnRule = matches(
  arnPattern({ service: 'iam', region: '', resource: String.raw`(root|(role|user)/\S+)` }),
  "the ARN of an IAM role or user, or of the account's root (a session's ARN changes with every caller)",
);
export const permissionsBoundaryArnRule = matches(
  arnPattern({ service: 'iam', region: '', accountId: String.raw`(\d{12}|aws)`, resource: String.raw`policy/\S+` }),
  'the ARN of an IAM policy',
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
export const secretArnRule = matches(SECRET_ARN.source, 'the ARN of a Secrets Manager secret');

export const RULES: Readonly<Record<string, Rule>> = {
  'fraudApi.url': fraudApiUrlRule,
  'fraudApi.serviceName': matches(String.raw`^[a-z0-9][a-z0-9.-]+$`, 'the name of an endpoint service'),
  'fraudApi.apiKeySecretArn': secretArnRule,
  'fraudApi.apiKeyKmsKeyArn': kmsKeyArnRule,
  alertEmail: alertEmailRule,
  environment: environmentRule,
  profile: oneOf(Object.keys(PROFILES)),
  queueName: queueNameRule,
  lambdaMemory: lambdaMemoryRule,
  visibilityTimeout: visibilityTimeoutRule,
  dlqRetentionDays: dlqRetentionDaysRule,
  maxReceiveCount: wholeNumber('of deliveries', 2, 1_000, 'the last one quarantines'),
  maxConcurrency: wholeNumber('of batches', 2, 1_000),
  reserveConcurrency: oneOf([true, false]),
  groupConcurrency: wholeNumber('of accounts', 1, BATCH_SIZE, `a batch holds ${BATCH_SIZE} payments`),
  onFailedPayment: oneOf(ON_FAILED_PAYMENT),
  logRetentionDays: oneOf(LOG_RETENTIONS),
  deploymentPrincipalArn: deploymentPrincipalArnRule,
  permissionsBoundaryArn: permissionsBoundaryArnRule,
  cidrBlock: {
    allows: (value) => typeof value === 'string' && isNetworkRange(value),
    wanted: 'a private IPv4 range of /16 to /20 that begins where it says, such as 10.0.0.0/16',
  },
};

function wholeNumber(unit: string, min: number, max: number, why?: string): VariableRule {
  return {
    allows: (value) => Number.isInteger(value) && Number(value) >= min && Number(value) <= max,
    wanted: `a whole number ${unit} from ${min} to ${max}${why === undefined ? '' : ` (${why})`}`,
    condition: (reference) => `floor(${reference}) == ${reference} && ${reference} >= ${min} && ${reference} <= ${max}`,
  };
}

/** @param pattern in what JavaScript and Terraform (RE2) have in common */
export function matches(pattern: string, wanted: string): VariableRule {
  const regex = new RegExp(pattern);
  return {
    allows: (value) => typeof value === 'string' && regex.test(value),
    wanted,
    condition: (reference) => `can(regex(${JSON.stringify(pattern)}, ${reference}))`,
  };
}

function oneOf(values: readonly unknown[]): Rule {
  return {
    allows: (value) => values.includes(value),
    wanted: `one of ${values.map((value) => JSON.stringify(value)).join(', ')}`,
  };
}

import { Token } from 'cdktf';
import type { Construct } from 'constructs';
import { inspect } from 'node:util';
import { BATCH_SIZE, PROCESSOR_TIMEOUT } from './functions';
import type { Settings } from './props';
import { PAYMENT_RETENTION_DAYS } from './queueing';

/** Props of a payment pipeline are bad; the message names every one, with its value and the rule. */
export class PaymentPipelinePropsError extends Error {
  override readonly name = 'PaymentPipelinePropsError';
}

/**
 * Checks the settings; one that Terraform alone will know is passed over.
 * @throws PaymentPipelinePropsError naming every bad prop at once
 */
export function validate(pipeline: Construct, settings: Settings): void {
  const values = { ...settings, fraudApi: settings.fraudApi.url };
  const faults = Object.entries(RULES)
    .map(([prop, rule]) => ({ prop, rule, value: values[prop as keyof typeof RULES] }))
    .filter(({ value, rule }) => !Token.isUnresolved(value) && !rule.allows(value))
    .map(({ prop, value, rule }) => `\n- ${prop} is ${inspect(value)}, but must be ${rule.wanted}`);
  if (faults.length > 0) {
    throw new PaymentPipelinePropsError(`Bad props of the payment pipeline "${pipeline.node.path}":${faults.join('')}`);
  }
}

interface Rule {
  readonly allows: (value: unknown) => boolean;
  /** Completes "must be". */
  readonly wanted: string;
}

/** AWS page "Creating and configuring an Amazon SQS event source mapping": at least six times the function's timeout. */
const SHORTEST_VISIBILITY = 6 * PROCESSOR_TIMEOUT;

const RULES = {
  fraudApi: {
    allows: isHttpsUrl,
    wanted: 'an https URL',
  },
  environment: {
    // The S3 bucket's name leaves the least room.
    allows: matches(/^[a-z][a-z0-9-]{0,19}$/),
    wanted: '1 to 20 lower-case letters, digits and hyphens, a letter first',
  },
  queueName: {
    // SQS allows 80 characters, and `-dlq.fifo` follows.
    allows: matches(/^[A-Za-z0-9_-]{1,71}$/),
    wanted: '1 to 71 letters, digits, hyphens and underscores (.fifo is added)',
  },
  lambdaMemory: wholeNumber('of MB', 128, 10_240),
  visibilityTimeout: wholeNumber(
    'of seconds',
    SHORTEST_VISIBILITY,
    43_200,
    `six times the processor's timeout of ${PROCESSOR_TIMEOUT} s at least`,
  ),
  dlqRetentionDays: wholeNumber(
    'of days',
    PAYMENT_RETENTION_DAYS + 1,
    14,
    `more than the payment queue's ${PAYMENT_RETENTION_DAYS}`,
  ),
  maxReceiveCount: wholeNumber('of deliveries', 2, 1_000, 'the last one quarantines'),
  maxConcurrency: wholeNumber('of batches', 2, 1_000),
  groupConcurrency: wholeNumber('of accounts', 1, BATCH_SIZE, `a batch holds ${BATCH_SIZE} payments`),
} satisfies Partial<Record<keyof Settings, Rule>>;

function wholeNumber(unit: string, min: number, max: number, why?: string): Rule {
  return {
    allows: (value) => Number.isInteger(value) && Number(value) >= min && Number(value) <= max,
    wanted: `a whole number ${unit} from ${min} to ${max}${why === undefined ? '' : ` (${why})`}`,
  };
}

function matches(pattern: RegExp): Rule['allows'] {
  return (value) => typeof value === 'string' && pattern.test(value);
}

function isHttpsUrl(value: unknown): boolean {
  return typeof value === 'string' && URL.canParse(value) && new URL(value).protocol === 'https:';
}

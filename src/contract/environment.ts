import * as v from 'valibot';
import { arnPattern } from './arn';
import { ON_FAILED_PAYMENT } from './hold';

/**
 * The environment of the functions: the one place where a variable's name is written. The construct sets them,
 * the handlers read them at start.
 */

const wholeNumber = (min: number, max: number) =>
  v.pipe(
    v.string(),
    v.regex(/^\d{1,9}$/),
    v.transform(Number),
    v.minValue(min),
    v.maxValue(max),
    v.description(`a whole number from ${min} to ${max}`),
  );

const text = v.pipe(v.string(), v.nonEmpty(), v.description('a non-empty text'));

const queueUrl = v.pipe(v.string(), v.check(isHttpUrl), v.description('the URL of a queue'));

/** Maximum of the short and minimum of the long retry delay, in seconds. SQS hides a message for 43,200 s at most. */
const retryDelays = v.pipe(
  v.string(),
  v.regex(/^\d{1,5},\d{1,5}$/),
  v.transform((value) => value.split(',').map(Number) as [number, number]),
  v.check((waits) => Math.max(...waits) <= 43_200),
  v.description('two whole numbers of seconds, as in "20,1860", neither above 43200'),
);

const topicArn = v.pipe(
  v.string(),
  v.regex(new RegExp(arnPattern({ service: 'sns', resource: String.raw`[A-Za-z0-9_-]{1,256}(\.fifo)?` }))),
  v.description('the ARN of an SNS topic'),
);

const fifoTopicArn = v.pipe(
  v.string(),
  v.regex(new RegExp(arnPattern({ service: 'sns', resource: String.raw`[A-Za-z0-9_-]{1,251}\.fifo` }))),
  v.description('the ARN of an SNS FIFO topic'),
);

/** A year. */
export const LONGEST_PAYMENT_AGE_HOURS = 8_760;

/** Pattern of a Secrets Manager secret's ARN. */
export const SECRET_ARN = new RegExp(
  arnPattern({ service: 'secretsmanager', resource: String.raw`secret:[\w/+=.@!-]{1,519}` }),
);

const secretArn = v.pipe(v.string(), v.regex(SECRET_ARN), v.description('the ARN of a Secrets Manager secret'));

const adapterModule = v.pipe(
  v.string(),
  v.regex(/^(\.\/|file:\/\/\/)\S+\.mjs$/),
  v.description('the path of an .mjs file from the bundle, as in "./fraud-api-adapter.mjs", or a file URL'),
);

const hashKey = v.pipe(v.string(), v.minLength(32), v.description('a text of 32 characters or more'));

const common = {
  /** Name of the payment table. */
  PAYMENT_TABLE_NAME: text,
  /** URL of the payment queue. */
  PAYMENT_QUEUE_URL: queueUrl,
  /** URL of its dead-letter queue. */
  PAYMENT_DLQ_URL: queueUrl,
  /** Identifies the deployed handler code; stamped on every record. */
  RELEASE_ID: text,
  /** Value of the metrics' only dimension. */
  POWERTOOLS_SERVICE_NAME: text,
  /** Namespace of the metrics. */
  POWERTOOLS_METRICS_NAMESPACE: text,
  /** The lowest level that is logged. Powertools' own default is INFO. */
  POWERTOOLS_LOG_LEVEL: v.optional(
    v.pipe(
      v.picklist(['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'CRITICAL', 'SILENT']),
      v.description('one of TRACE, DEBUG, INFO, WARN, ERROR, CRITICAL, SILENT'),
    ),
  ),
  /** Key of the hashes that replace account numbers in logs and answers. Without it each process makes its own. */
  ACCOUNT_HASH_KEY: v.optional(hashKey),
  /** ARN of the topic for outcomes. Without the variable, none is published. */
  OUTCOME_TOPIC_ARN: v.optional(fifoTopicArn),
};

/** The rules of the payment processor's environment. docs/reference/environment.md lists them. */
export const processorEnvironment = v.object({
  ...common,
  /** The fraud API's URL, called exactly as given. */
  FRAUD_API_URL: v.pipe(v.string(), v.check(isFraudApiUrl), v.description('an https URL, or http to a loopback host')),
  /** ARN of the secret that holds the API's key. Without the variable, no key is sent. */
  FRAUD_API_KEY_SECRET_ARN: v.optional(secretArn),
  /** Module of the fraud API's adapter. Without the variable, the API speaks the pipeline's own contract. */
  FRAUD_API_ADAPTER: v.optional(adapterModule),
  /** Milliseconds that one call may take. */
  FRAUD_API_TIMEOUT_MS: wholeNumber(1, 900_000),
  /** Calls in one receive, the first included. */
  FRAUD_API_MAX_ATTEMPTS: wholeNumber(1, 100),
  /** The queue's `maxReceiveCount`: a payment on its last receive is quarantined rather than returned to the queue. */
  MAX_RECEIVE_COUNT: wholeNumber(1, 1_000),
  /** Seconds: maximum of the short retry delay, minimum of the long one. */
  RETRY_WAITS_SECONDS: v.optional(retryDelays, '20,1860'),
  /** Accounts of a batch that are processed at the same time. */
  GROUP_CONCURRENCY: v.optional(wholeNumber(1, 10), '10'),
  /** Hours from a payment's `requested_at` after which it fails unasked. Without the variable, no payment is too old. */
  MAX_PAYMENT_AGE_HOURS: v.optional(wholeNumber(1, LONGEST_PAYMENT_AGE_HOURS)),
  /** Whether an account continues when one of its payments has failed, or waits for it. */
  ON_FAILED_PAYMENT: v.optional(
    v.pipe(v.picklist(ON_FAILED_PAYMENT), v.description('"continue" or "hold"')),
    'continue',
  ),
});

/** The payment processor's environment, read and checked. */
export type ProcessorEnvironment = v.InferOutput<typeof processorEnvironment>;

/** The variables that the construct sets, as text. Optional are those without a default in the function. */
export type ProcessorVariables = { readonly [Name in keyof ProcessorEnvironment]: string };

/** The rules of the DLQ processor's environment. */
export const dlqProcessorEnvironment = v.object({
  ...common,
  /** ARN of the topic for alerts. */
  ALERT_TOPIC_ARN: topicArn,
});

/** The DLQ processor's environment, read and checked. */
export type DlqProcessorEnvironment = v.InferOutput<typeof dlqProcessorEnvironment>;

/** The variables that the construct sets, as text. Optional are those without a default in the function. */
export type DlqProcessorVariables = { readonly [Name in keyof DlqProcessorEnvironment]: string };

/** A variable of the function's environment is missing or bad. Names every one. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError';
}

/**
 * Reads the payment processor's environment.
 * @throws EnvironmentError naming every missing or bad variable at once; values are not shown, a URL may hold a secret
 */
export function readProcessorEnvironment(env: Readonly<Record<string, string | undefined>>): ProcessorEnvironment {
  return read(processorEnvironment, env);
}

/**
 * Reads the DLQ processor's environment.
 * @throws EnvironmentError as {@link readProcessorEnvironment} does
 */
export function readDlqProcessorEnvironment(
  env: Readonly<Record<string, string | undefined>>,
): DlqProcessorEnvironment {
  return read(dlqProcessorEnvironment, env);
}

/** Whether the processor would call this address: https, or plain http that does not leave the machine. */
export function isFraudApiUrl(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { protocol, hostname, username, password } = new URL(value);
  if (username !== '' || password !== '') return false; // fetch refuses them
  return protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname));
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

function isHttpUrl(value: string): boolean {
  return URL.canParse(value) && /^https?:/.test(new URL(value).protocol);
}

function read<const TSchema extends v.ObjectSchema<v.ObjectEntries, undefined>>(
  schema: TSchema,
  env: Readonly<Record<string, string | undefined>>,
): v.InferOutput<TSchema> {
  const result = v.safeParse(schema, env);
  if (result.success) return result.output;
  const names = new Set(result.issues.map((issue) => v.getDotPath(issue)!));
  const faults = [...names].map((name) => {
    const variable = schema.entries[name]!;
    const wanted = v.getDescription('wrapped' in variable ? variable.wrapped : variable)!;
    return env[name] === undefined ? `${name} is missing: set ${wanted}` : `${name} must be ${wanted}`;
  });
  throw new EnvironmentError(`Bad environment: ${faults.join('; ')}.`);
}

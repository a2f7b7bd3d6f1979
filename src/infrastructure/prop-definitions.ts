import {
  BATCH_SIZE,
  DATA_EVENTS,
  LAMBDA_RUNTIMES,
  OUTCOMES_PROP,
  PAYMENT_RETENTION_DAYS,
} from '../contract/deployed-settings';
import { LONGEST_PAYMENT_AGE_HOURS } from '../contract/environment';
import { ON_FAILED_PAYMENT } from '../contract/hold';
import { Alerting } from './alerting';
import { Audit } from './audit/audit';
import { GLACIER_AFTER_DAYS } from './audit/audit-bucket';
import type { DataEvents } from './audit/data-events';
import { Encryption } from './encryption';
import { FraudApi } from './fraud-api';
import { PROCESSOR_TIMEOUT } from './functions/payment-processor';
import { ExistingNetwork } from './network/existing-network';
import { Network } from './network/network';
import { isNetworkRange } from './network/subnet-range';
import { AUDIT_LOCKS, profileNamed, PROFILES } from './profile';
import {
  BOOLEAN,
  environmentRule,
  instanceOf,
  type InstanceRule,
  isObject,
  known,
  matches,
  oneOf,
  policyArnRule,
  principalArnRule,
  queueNameRule,
  type Rule,
  type VariableRule,
  wholeNumber,
} from './prop-rules';
import type { PropRow } from './prop-table';
import type { OptionalProp, PaymentPipelineProps, Settings, SharedChild } from './props';

/** The Terraform variable that sets a prop of the stack that this project deploys. */
export interface PropVariable {
  readonly name: string;
  readonly description: string;
  /** The value that stands for no value. cdktf's HCL leaves out a default that is empty. */
  readonly unset?: 'root' | 'none';
  /** Whether the synthesis reads the value, because it adds or removes resources, or names the queues. */
  readonly atSynthesis?: true;
}

export interface PipelineRow extends PropRow {
  readonly variable?: PropVariable;
  /** The child that the prop configures. A shared child has its own value, so that the prop would do nothing. */
  readonly configures?: SharedChild;
}

/** Terraform checks a variable by the rule of its prop. */
type ValueRow = PipelineRow &
  ({ readonly rule: Rule; readonly variable?: undefined } | { readonly rule: VariableRule });

interface DefaultOf<Value> {
  readonly default: Value | ((given: PaymentPipelineProps) => Value);
}

type Rows = {
  readonly [Prop in Exclude<keyof Settings, OptionalProp | 'fraudApi'>]: ValueRow & DefaultOf<Settings[Prop]>;
} & Readonly<Record<Exclude<OptionalProp, SharedChild>, ValueRow>> &
  Readonly<Record<SharedChild | 'fraudApi', { readonly rule: InstanceRule }>>;

/** AWS page "Creating and configuring an Amazon SQS event source mapping": at least six times the function's timeout. */
const SHORTEST_VISIBILITY = 6 * PROCESSOR_TIMEOUT;

/** Terraform's documentation of `aws_cloudwatch_log_group`; its 0, which keeps logs for ever, is left out. */
const LOG_RETENTIONS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_DefaultRetention.html */
const LONGEST_LOCK_DAYS = 36_500;

/** Each prop of the pipeline. Defaults, validation, variables and the tables of the documentation derive from it. */
export const PROPS: Rows = {
  environment: {
    default: 'dev',
    rule: environmentRule,
    variable: { name: 'environment', description: "Part of the resources' names, and their Environment tag." },
  },
  profile: { default: 'dev', rule: known(oneOf(Object.keys(PROFILES))) },
  alertEmail: {
    rule: matches(String.raw`^[^@\s]+@[^@\s]+\.[^@\s]+$`, 'an email address'),
    configures: 'alerting',
    variable: {
      name: 'alert_email',
      description: 'Email address that gets the alarms, once its owner has confirmed the subscription.',
    },
  },
  queueName: {
    default: 'payment-processing',
    rule: queueNameRule,
    variable: {
      name: 'queue_name',
      description:
        'Name of the payment queue without .fifo. A second environment in one AWS account and region needs another.',
      atSynthesis: true,
    },
  },
  // No variable: the stack that this project deploys requires AWS provider 5, which takes only the default.
  lambdaRuntime: { default: 'nodejs22.x', rule: oneOf(LAMBDA_RUNTIMES) },
  lambdaMemory: {
    default: 256,
    rule: wholeNumber('of MB', 128, 10_240),
    variable: { name: 'lambda_memory', description: 'Memory of each function, in MB.' },
  },
  visibilityTimeout: {
    default: 360,
    rule: wholeNumber(
      'of seconds',
      SHORTEST_VISIBILITY,
      43_200,
      `six times the processor's timeout of ${PROCESSOR_TIMEOUT} s at least`,
    ),
    variable: {
      name: 'sqs_visibility_timeout',
      description: `Seconds for which SQS hides a delivered message: at least six times the processor's timeout of ${PROCESSOR_TIMEOUT} s.`,
    },
  },
  dlqRetentionDays: {
    default: 14,
    rule: wholeNumber(
      'of days',
      PAYMENT_RETENTION_DAYS + 1,
      14,
      `more than the payment queue's ${PAYMENT_RETENTION_DAYS}`,
    ),
    variable: {
      name: 'dlq_retention_days',
      description: 'Days for which the dead-letter queue keeps a message, 5 to 14.',
    },
  },
  fraudApi: { rule: instanceOf([FraudApi], 'FraudApi.url(...) or FraudApi.privateLink(...)') },
  maxReceiveCount: { default: 3, rule: wholeNumber('of deliveries', 2, 1_000, 'the last one quarantines') },
  maxConcurrency: {
    default: 50,
    rule: wholeNumber('of batches', 2, 1_000),
    variable: {
      name: 'max_concurrency',
      description:
        "Batches that are processed at the same time, 2 to 1,000. Set it below the AWS account's concurrency quota.",
    },
  },
  reserveConcurrency: {
    default: true,
    rule: BOOLEAN,
    variable: {
      name: 'reserve_concurrency',
      description:
        "Whether the processor's concurrency is reserved. Set it to false in an AWS account with a low quota.",
    },
  },
  groupConcurrency: {
    default: 10,
    rule: wholeNumber('of accounts', 1, BATCH_SIZE, `a batch holds ${BATCH_SIZE} payments`),
    variable: {
      name: 'group_concurrency',
      description: `Accounts of one batch that are processed at the same time, 1 to ${BATCH_SIZE}.`,
    },
  },
  onFailedPayment: {
    default: 'continue',
    rule: oneOf(ON_FAILED_PAYMENT),
    variable: {
      name: 'on_failed_payment',
      description:
        'Whether an account continues when one of its payments has failed ("continue"), or waits for it ("hold").',
      atSynthesis: true,
    },
  },
  outcomes: {
    default: 'none',
    rule: known(oneOf(OUTCOMES_PROP)),
    variable: {
      name: 'outcomes',
      description: 'Whether the outcomes of payments are published to an SNS FIFO topic ("topic"), or not ("none").',
      atSynthesis: true,
    },
  },
  maxPaymentAgeHours: { rule: wholeNumber('of hours', 1, LONGEST_PAYMENT_AGE_HOURS) },
  alarms: { default: {}, rule: known({ allows: isObject, wanted: 'an object of alarms by their purpose' }) },
  logRetentionDays: {
    default: ({ profile = '' }) => profileNamed(profile).logRetentionDays,
    rule: oneOf(LOG_RETENTIONS),
  },
  auditRetentionDays: {
    default: ({ profile = '' }) => profileNamed(profile).auditRetentionDays,
    rule: wholeNumber(
      'of days',
      GLACIER_AFTER_DAYS + 1,
      LONGEST_LOCK_DAYS,
      `objects move to Glacier after ${GLACIER_AFTER_DAYS}`,
    ),
    configures: 'audit',
  },
  auditLock: {
    default: ({ profile = '' }) => profileNamed(profile).auditLock,
    rule: known(oneOf(AUDIT_LOCKS)),
    configures: 'audit',
  },
  dataEvents: {
    default: {},
    rule: known({
      allows: (value) =>
        isObject(value) &&
        Object.entries(value).every(([event, isRecorded]) => {
          return DATA_EVENTS.includes(event as keyof DataEvents) && typeof (isRecorded ?? true) === 'boolean';
        }),
      wanted: `an object of true or false by ${DATA_EVENTS.join(', ')}`,
    }),
    configures: 'audit',
  },
  deploymentPrincipalArn: {
    rule: principalArnRule,
    configures: 'encryption',
    variable: {
      name: 'deployment_principal_arn',
      description:
        'ARN of the IAM role or user that deploys and administers the keys, or "root" for the AWS account\'s root.',
      unset: 'root',
    },
  },
  permissionsBoundaryArn: {
    rule: policyArnRule,
    variable: {
      name: 'permissions_boundary_arn',
      description: 'ARN of the IAM policy that bounds every role of the pipeline, or "none" for no boundary.',
      unset: 'none',
    },
  },
  cidrBlock: {
    default: '10.0.0.0/16',
    rule: {
      allows: (value) => typeof value === 'string' && isNetworkRange(value),
      wanted: 'a private IPv4 range of /16 to /20 that begins where it says, such as 10.0.0.0/16',
    },
    configures: 'network',
  },
  network: { rule: instanceOf([Network, ExistingNetwork], "another pipeline's network, or Network.existing(...)") },
  encryption: { rule: instanceOf([Encryption], "another pipeline's encryption") },
  audit: { rule: instanceOf([Audit], "another pipeline's audit") },
  alerting: { rule: instanceOf([Alerting], "another pipeline's alerting") },
};

import type { IResolvable } from 'cdktf';
import type { LambdaRuntime, Outcomes } from '../contract/deployed-settings';
import type { OnFailedPayment } from '../contract/hold';
import type { Alerting } from './alerting';
import type { Audit } from './audit/audit';
import type { DataEvents } from './audit/data-events';
import type { Encryption } from './encryption';
import type { FraudApi } from './fraud-api';
import { escapeTexts } from './token-expression';
import type { ExistingNetwork } from './network/existing-network';
import type { Network } from './network/network';
import type { AuditLock, ProfileName } from './profile';

/**
 * Props of a payment pipeline. A Terraform variable, or any other token, may stand for each value or for a part of a text; a value
 * that only Terraform knows is not validated. All other text reaches AWS as it is: `${` begins no expression.
 */
export interface PaymentPipelineProps {
  /**
   * The API that decides every payment. `FraudApi.url(url)` is for an address within the VPC's range.
   * `FraudApi.privateLink({ serviceName, url, availabilityZones? })` adds the endpoint and its private name. Both take `apiKeySecretArn` and `adapter`.
   */
  readonly fraudApi: FraudApi;

  /**
   * The email address that gets the alarms. Its owner has to confirm the subscription.
   * @default none; required unless `alerting` is shared
   */
  readonly alertEmail?: string;

  /**
   * Part of every resource name, so that environments can share an AWS account. 1 to 32 lower-case letters, digits and hyphens,
   * beginning with a letter.
   * @default 'dev'
   */
  readonly environment?: string;

  /**
   * `'dev'` is easy to destroy: retention is short, destroying the stack empties the bucket, and nothing has a deletion protection.
   * `'production'` keeps a year of audit trail that nobody can delete, records data events, and Terraform refuses to destroy or replace
   * queues, table, keys, audit bucket, trail and log groups.
   * A text, not a token: the synthesis reads it.
   * @default 'dev'
   */
  readonly profile?: ProfileName;

  /**
   * Name of the payment queue without `.fifo`. The name of the dead-letter queue is derived from it. It does not contain the
   * environment: a second pipeline in one AWS account and region needs another.
   * @default 'payment-processing'
   */
  readonly queueName?: string;

  /**
   * Lambda runtime of both functions, `'nodejs22.x'` or `'nodejs24.x'`. The second needs AWS provider 6.19 or newer: others refuse it in a plan.
   * After 2027-06-30, Lambda refuses updates of functions on the first.
   * @default 'nodejs22.x'
   */
  readonly lambdaRuntime?: LambdaRuntime;

  /**
   * Memory of each function in MB, 128 to 10,240. A function's CPU grows with it.
   * @default 256
   */
  readonly lambdaMemory?: number;

  /**
   * Seconds for which SQS hides a message that it delivered, 360 to 43,200. The minimum is six times the processor's timeout of
   * 60 s: Lambda needs the time to retry a batch while it is throttled.
   * @default 360
   */
  readonly visibilityTimeout?: number;

  /**
   * Days for which the dead-letter queue keeps a message, 5 to 14. The minimum is more than the payment queue's four days, so that
   * no dead letter expires before an operator has looked at it.
   * @default 14, the longest that SQS offers
   */
  readonly dlqRetentionDays?: number;

  /**
   * Receives of a message before it goes to the dead-letter queue, 2 to 1,000. SQS allows 1 as well, but the processor quarantines a
   * payment on its last receive: with 1 the first failed fraud check would end it.
   * @default 3
   */
  readonly maxReceiveCount?: number;

  /**
   * Batches that are processed at the same time, 2 to 1,000. The number of simultaneous calls of the fraud API is at most this times
   * `groupConcurrency`. The alarm on concurrency goes off at 90 %.
   * @default 50
   */
  readonly maxConcurrency?: number;

  /**
   * Whether `maxConcurrency` is also reserved for the processor, so that no other function of the AWS account can take it. An
   * AWS account must keep 100 unreserved: with a low quota, set this to false.
   * @default true
   */
  readonly reserveConcurrency?: boolean | IResolvable;

  /**
   * Accounts of one batch that are processed at the same time, 1 to 10. A batch holds ten payments.
   * @default 10
   */
  readonly groupConcurrency?: number;

  /**
   * Whether an account continues when one of its payments has failed: `'continue'` processes its later payments, `'hold'` parks them
   * in the dead-letter queue, in order, until the failed one is redriven or discarded. With `'continue'`, a redriven payment takes a
   * new place in the order.
   * @default 'continue'
   */
  readonly onFailedPayment?: OnFailedPayment;

  /**
   * `'topic'` publishes each decision, failure and discard of a payment to an encrypted SNS FIFO topic, `outcomeTopic`: at least once, in the order of
   * the account, and before the payment's message is acknowledged. A text, not a token: the synthesis reads it.
   * @default 'none'
   */
  readonly outcomes?: Outcomes;

  /**
   * Hours from a payment's `requested_at` after which it fails as `PAYMENT_EXPIRED` in place of a fraud check, 1 to 8,760. An operator who
   * redrives it by its transaction id, with a reason, allows it any age.
   * @default none: no payment is too old
   */
  readonly maxPaymentAgeHours?: number;

  /**
   * Changes of the alarms, by purpose: an alarm's name without `alarm-` and the environment, as `sqs-queue-depth`. An object changes the
   * alarm, `false` turns it off. `'payments-outage': true` turns on the alarm that emails an outage once. The synthesis reads what is on or off;
   * the values of an object may be tokens.
   * @default {}
   */
  readonly alarms?: Readonly<Record<string, AlarmOverrides | boolean>>;

  /**
   * Days for which CloudWatch keeps logs, one of the periods that it offers.
   * @default 1 in the profile `'dev'`, 365 in `'production'`
   */
  readonly logRetentionDays?: number;

  /**
   * Days for which the audit bucket keeps an object, and `auditLock` protects it, 31 to 36,500. Objects that exist keep their lock.
   * @default 90 in the profile `'dev'`, 400 in `'production'`
   */
  readonly auditRetentionDays?: number;

  /**
   * Mode in which S3 Object Lock protects each new object of the audit bucket. `'governance'`: nobody may delete it, unless they change the
   * bucket's policy first, which rings `security-evidence-change`. `'compliance'`: nobody can, not even the root user of the AWS account; no
   * setting takes that back. Once it is on, S3 doesn't let it be turned off for the bucket. The profile `'dev'` takes only `'none'`, because
   * destroying its stack empties the bucket. A text, not a token: the synthesis reads it.
   * @default `'none'` in the profile `'dev'`, `'governance'` in `'production'`
   */
  readonly auditLock?: AuditLock;

  /**
   * Data events that the trail records beside management events. `tableWrites`: writes to the payment table by anybody but the two functions,
   * which ring `security-foreign-write`. `dlqInvocations`: calls of the DLQ processor. `auditObjects`: access to objects of the audit
   * bucket, except by AWS services. CloudTrail charges 0.10 USD for 100,000 of them; payments cause none, and the schedule that measures reviews
   * 96 a day. The trail covers the pipelines that share it, too: their names must be known to its own stack. Values, not tokens: the synthesis reads them.
   * @default none in the profile `'dev'`, all in `'production'`
   */
  readonly dataEvents?: Partial<DataEvents>;

  /**
   * ARN of the IAM role or user that deploys and administers the keys. The ARN of a session is refused, as it changes with every
   * caller.
   * @default the AWS account's root: everyone whom IAM allows
   */
  readonly deploymentPrincipalArn?: string;

  /**
   * ARN of the IAM policy that bounds every role of the pipeline. `GitHubDeployRoles` makes one, and its apply role may create no
   * role without it. The roles of shared children have the boundary of their own pipeline.
   * @default none: the roles have no limit but their own policies
   */
  readonly permissionsBoundaryArn?: string;

  /**
   * Range of the network: private IPv4, /16 to /20. The subnets are the second, third and fourth of its 256 equal parts.
   * @default '10.0.0.0/16'
   */
  readonly cidrBlock?: string;

  /**
   * Another pipeline's network, or `Network.existing(...)` for a VPC that exists.
   * @default a network of its own, in a new VPC
   */
  readonly network?: Network | ExistingNetwork;

  /**
   * Another pipeline's keys, to encrypt with them.
   * @default keys of its own
   */
  readonly encryption?: Encryption;

  /**
   * Another pipeline's audit bucket and trail. An AWS account pays for every trail but the first.
   * @default a bucket and a trail of its own
   */
  readonly audit?: Audit;

  /**
   * Another pipeline's alert topic, to publish alarms to it.
   * @default a topic of its own
   */
  readonly alerting?: Alerting;
}

/** Values of an alarm in place of its own. Each is left as it is unless given. */
export interface AlarmOverrides {
  /**
   * The value above which the alarm rings: 0 or more, in the unit of its metric. It is in percent for the alarms on shares, for `lambda-concurrency` (of
   * `maxConcurrency`), and for `sqs-dlq-oldest-message-age` (of `dlqRetentionDays`).
   */
  readonly threshold?: number;
  /** Seconds over which a value is taken: a multiple of 60. */
  readonly period?: number;
  /** The number of latest periods that the alarm looks at. */
  readonly evaluationPeriods?: number;
  /** The number of these periods that have to breach. @default all of them */
  readonly datapointsToAlarm?: number;
}

/** A child that pipelines may share. */
export type SharedChild = 'network' | 'encryption' | 'audit' | 'alerting';

/** A prop without a default. */
export type OptionalProp =
  'alertEmail' | 'maxPaymentAgeHours' | 'deploymentPrincipalArn' | 'permissionsBoundaryArn' | SharedChild;

/** The props with every default filled in. */
export type Settings = Required<Omit<PaymentPipelineProps, OptionalProp | 'fraudApi'>> &
  Pick<PaymentPipelineProps, OptionalProp> & { readonly fraudApi: FraudApiSettings };

export type FraudApiSettings = Pick<
  FraudApi,
  'url' | 'endpointService' | 'apiKeySecretArn' | 'apiKeyKmsKeyArn' | 'adapter'
>;

/** The settings as Terraform has to get them, once they are validated: each text as it was given. */
export function escapeSettings(settings: Settings): Settings {
  const { url, endpointService, apiKeySecretArn, apiKeyKmsKeyArn, adapter } = settings.fraudApi;
  const fraudApi = { url, ...(endpointService && { endpointService }), apiKeySecretArn, apiKeyKmsKeyArn };
  const escaped = escapeTexts({ ...settings, fraudApi });
  return { ...escaped, fraudApi: { ...escaped.fraudApi, adapter } }; // a path that the synthesis reads, and Terraform never
}

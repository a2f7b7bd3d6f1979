import type { OnFailedPayment } from '../contract/hold';
import type { IResolvable } from 'cdktf';
import type { Alerting } from './alerting';
import type { Audit } from './audit/audit';
import type { Encryption } from './encryption';
import type { FraudApi } from './fraud-api';
import { escapeTexts } from './token-expression';
import type { Network } from './network/network';
import type { ProfileName } from './profile';

/**
 * A Terraform variable, or any other token, may stand for each value or a part of a text; what only Terraform knows is not
 * validated. All other text reaches AWS as it is: `${` begins no expression.
 */
export interface PaymentPipelineProps {
  /** The API that decides every payment. */
  readonly fraudApi: FraudApi;

  /** Who gets the alarms by email, after confirming the first. Needed unless `alerting` is shared. */
  readonly alertEmail?: string;

  /**
   * Part of the resources' names, so that environments can share an account: 1 to 32 lower-case letters, digits and
   * hyphens, a letter first.
   * @default 'dev'
   */
  readonly environment?: string;

  /**
   * `'dev'` can be torn down at will: short retention, buckets emptied, no protection from deletion. `'production'`
   * keeps twelve months of audit trail and protects what it stores. Decided at synthesis: no token.
   * @default 'dev'
   */
  readonly profile?: ProfileName;

  /**
   * Name of the payment queue without `.fifo`; the dead-letter queue's is derived from it. It does not hold the
   * environment: a second pipeline in one account and region needs another.
   * @default 'payment-processing'
   */
  readonly queueName?: string;

  /**
   * Memory of a function in MB, 128 to 10,240. A function's CPU grows with it.
   * @default 256
   */
  readonly lambdaMemory?: number;

  /**
   * Seconds for which SQS hides a message that it delivered, up to 43,200. At least six times the processor's timeout
   * of 60 s: Lambda needs the room to retry a batch while it is throttled.
   * @default 360
   */
  readonly visibilityTimeout?: number;

  /**
   * Days for which the dead-letter queue keeps a message, up to 14. More than the payment queue's four, or a payment
   * could expire before anyone has looked at it.
   * @default 14, the longest that SQS offers
   */
  readonly dlqRetentionDays?: number;

  /**
   * Deliveries of a message before it is given up, 2 to 1,000. SQS allows 1 as well, but the processor quarantines a
   * payment on its last delivery: with 1 the first failed fraud check would end it.
   * @default 3
   */
  readonly maxReceiveCount?: number;

  /**
   * Batches that are processed at the same time, 2 to 1,000. Times `groupConcurrency` it bounds the simultaneous calls
   * of the fraud API.
   * @default 50
   */
  readonly maxConcurrency?: number;

  /**
   * Whether `maxConcurrency` is also reserved for the processor, so that no other function of the account can take
   * it. An account must keep 100 unreserved: one with a low quota has to turn this off.
   * @default true
   */
  readonly reserveConcurrency?: boolean | IResolvable;

  /**
   * Accounts of one batch that are processed at the same time, 1 to 10 (a batch holds ten payments).
   * @default 10
   */
  readonly groupConcurrency?: number;

  /**
   * What becomes of an account's later payments when one has failed. `'continue'` processes them; the failed one takes a
   * new place when it is redriven. `'hold'` parks them in the dead-letter queue, in order, until it is redriven or discarded.
   * @default 'continue'
   */
  readonly onFailedPayment?: OnFailedPayment;

  /**
   * Days for which CloudWatch keeps logs: one of the periods that it offers.
   * @default 1 in the profile `'dev'`, 365 in `'production'`
   */
  readonly logRetentionDays?: number;

  /**
   * ARN of the IAM role or user that deploys, which the keys then may be administered with. No session: its ARN changes
   * with every caller.
   * @default the account's root: everybody in the account whom IAM lets
   */
  readonly deploymentPrincipalArn?: string;

  /**
   * ARN of the IAM policy that bounds every role of the pipeline, as `GitHubDeployRoles` makes one: whoever deploys with its
   * apply role has to give it. Roles of shared children have what their own pipeline gives them.
   * @default the roles' own policies are all that limits them
   */
  readonly permissionsBoundaryArn?: string;

  /**
   * Range of the network: private IPv4, /16 to /20. The second to fourth 256th of it are the subnets.
   * @default '10.0.0.0/16'
   */
  readonly cidrBlock?: string;

  /**
   * Another pipeline's network, to run in it.
   * @default a network of its own
   */
  readonly network?: Network;

  /**
   * Another pipeline's keys.
   * @default keys of its own
   */
  readonly encryption?: Encryption;

  /**
   * Another pipeline's audit bucket and trail: an account pays for every trail but the first.
   * @default a bucket and trail of its own
   */
  readonly audit?: Audit;

  /**
   * Another pipeline's alert topic.
   * @default a topic of its own
   */
  readonly alerting?: Alerting;
}

/** A child that pipelines may share. */
export type SharedChild = 'network' | 'encryption' | 'audit' | 'alerting';

/** A prop without a default. */
export type OptionalProp = 'alertEmail' | 'deploymentPrincipalArn' | 'permissionsBoundaryArn' | SharedChild;

/** The props with every default filled in. */
export type Settings = Required<Omit<PaymentPipelineProps, OptionalProp | 'fraudApi'>> &
  Pick<PaymentPipelineProps, OptionalProp> & { readonly fraudApi: FraudApiSettings };

export type FraudApiSettings = Pick<FraudApi, 'url' | 'endpointService' | 'apiKeySecretArn' | 'apiKeyKmsKeyArn'>;

/** The settings as Terraform has to get them, once they are validated: each text as it was given. */
export function escapeSettings(settings: Settings): Settings {
  const { url, endpointService, apiKeySecretArn, apiKeyKmsKeyArn } = settings.fraudApi;
  const fraudApi = { url, ...(endpointService && { endpointService }), apiKeySecretArn, apiKeyKmsKeyArn };
  return escapeTexts({ ...settings, fraudApi });
}

import type { IResolvable } from 'cdktf';
import type { FraudApi } from './fraud-api';

/** A Terraform variable, or any other token, may stand for each value; what only Terraform knows is not validated. */
export interface PaymentPipelineProps {
  /** The API that decides every payment. */
  readonly fraudApi: FraudApi;

  /**
   * Part of the resources' names, so that environments can share an account: 1 to 20 lower-case letters, digits and
   * hyphens, a letter first.
   * @default 'dev'
   */
  readonly environment?: string;

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
}

/** The props with every default filled in. */
export type Settings = Required<PaymentPipelineProps>;

const DEFAULTS: Omit<Settings, 'fraudApi'> = {
  environment: 'dev',
  queueName: 'payment-processing',
  lambdaMemory: 256,
  visibilityTimeout: 360,
  dlqRetentionDays: 14,
  maxReceiveCount: 3,
  maxConcurrency: 50,
  reserveConcurrency: true,
  groupConcurrency: 10,
};

/** Fills in the defaults; a prop that is given as `undefined` counts as not given. */
export function withDefaults(props: PaymentPipelineProps): Settings {
  const given = Object.fromEntries(Object.entries(props).filter(([, value]) => value !== undefined));
  return { ...DEFAULTS, ...(given as PaymentPipelineProps) };
}

import '../preflight/supported-node';

export type { InvalidPaymentCode, PaymentMessage } from '../contract';
export {
  type Amount,
  Manifest,
  type ManifestLine,
  type ManifestOptions,
  type ManifestRefusal,
  type ManifestResult,
  type ManifestRun,
  type ManifestSending,
  type ManifestTotals,
} from './manifest';
export { PaymentProducer, type SendOptions } from './payment-producer';
export { QueueUrlError } from './queue-url';
export type { Payments } from './source';
export type {
  Aborted,
  Accepted,
  Blocked,
  Invalid,
  NotSent,
  OverLimit,
  Refused,
  SendResult,
  Unknown,
} from './send-result';

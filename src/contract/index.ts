export * from './card-number';
export * from './currency';
export {
  type DlqProcessorEnvironment,
  type DlqProcessorVariables,
  EnvironmentError,
  isFraudApiUrl,
  type ProcessorEnvironment,
  type ProcessorVariables,
  readDlqProcessorEnvironment,
  readProcessorEnvironment,
  SECRET_ARN,
} from './environment';
export * from './failure-code';
export * from './fingerprint';
export {
  type FraudAnswer,
  type FraudCheckPayment,
  fraudRequest,
  parseFraudAnswer,
  UnreadableAnswerError,
} from './fraud-api';
export type { FraudApiAdapter, FraudApiRequest } from './fraud-api-adapter';
export * from './hash-chain';
export * from './history';
export * from './hold';
export * from './identifier';
export * from './message-group-window';
export { METRIC_DIMENSION, type MetricName, METRICS } from './metrics';
export {
  LARGEST_AMOUNT,
  parsePaymentMessage,
  type PaymentMessage,
  readPaymentMessage,
  requestedAt,
  validatePaymentMessage,
} from './payment-message';
export * from './payment-outcome';
export * from './payment-record';
export * from './payment-status';
export * from './record-faults';
export * from './record-state';

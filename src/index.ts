export { FraudApi } from './infrastructure/fraud-api';
export { PaymentPipeline } from './infrastructure/payment-pipeline';
export type { PaymentPipelineProps } from './infrastructure/props';

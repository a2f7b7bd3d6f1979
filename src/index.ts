import './preflight/supported-node';
import './preflight/peers';

export type { Alerting } from './infrastructure/alerting';
export type { KeyChangeAlerts } from './infrastructure/key-change-alerts';
export type { Audit } from './infrastructure/audit/audit';
export type { Encryption } from './infrastructure/encryption';
export { FraudApi, type FraudApiOptions, type PrivateLinkOptions } from './infrastructure/fraud-api';
export { MissingBundleError } from './infrastructure/functions/bundle';
export { GitHubDeployRoles } from './infrastructure/github/github-deploy-roles';
export type { GitHubDeployRolesProps } from './infrastructure/github/props';
export { GitHubDeployRolesPropsError } from './infrastructure/github/validation';
export type { Metric } from './infrastructure/monitoring/metric';
export type { ExistingNetwork, ExistingNetworkProps, NetworkEgress } from './infrastructure/network/existing-network';
export { Network } from './infrastructure/network/network';
export { exportOutputs } from './infrastructure/outputs';
export { PaymentPipeline } from './infrastructure/payment-pipeline';
export type { AlarmOverrides, PaymentPipelineProps } from './infrastructure/props';
export { PaymentPipelinePropsError } from './infrastructure/validation';

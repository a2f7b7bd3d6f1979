import { FraudApi, type PaymentPipeline, type PaymentPipelineProps } from '../../../src';

type Overrides = Partial<PaymentPipelineProps>;

/** The props without a default, and the overrides of a test. */
export function someProps(overrides: Overrides = {}): PaymentPipelineProps {
  return { fraudApi: FraudApi.url('https://fraud.example/check'), alertEmail: 'oncall@example.com', ...overrides };
}

/** Props of a second pipeline, whose names differ from those of `someProps`. */
export function otherProps(overrides: Overrides = {}): PaymentPipelineProps {
  return someProps({ environment: 'payouts', queueName: 'payouts', ...overrides });
}

const SHAREABLE = ['network', 'encryption', 'audit', 'alerting'] as const;

/** Props of a second pipeline that shares some children of the first, by default all. */
export function sharingProps(
  pipeline: PaymentPipeline,
  children: readonly (typeof SHAREABLE)[number][] = SHAREABLE,
): PaymentPipelineProps {
  const { alertEmail, ...props } = otherProps();
  const shared = Object.fromEntries(children.map((child) => [child, pipeline[child]]));
  return { ...props, ...shared, ...(!children.includes('alerting') && { alertEmail: alertEmail! }) };
}

import { FraudApi, type PaymentPipeline, type PaymentPipelineProps } from '../../../src';

type Overrides = Partial<PaymentPipelineProps>;

/** Props that a pipeline can be made from: what has no default, and what a test is about. */
export function someProps(overrides: Overrides = {}): PaymentPipelineProps {
  return { fraudApi: FraudApi.url('https://fraud.example/check'), alertEmail: 'oncall@example.com', ...overrides };
}

/** Props of a pipeline that can stand beside one with `someProps`. */
export function otherProps(overrides: Overrides = {}): PaymentPipelineProps {
  return someProps({ environment: 'payouts', queueName: 'payouts', ...overrides });
}

const SHAREABLE = ['network', 'encryption', 'audit', 'alerting'] as const;

/** Props of a pipeline that stands beside another, and shares with it all that can be shared, or only some. */
export function sharingProps(
  pipeline: PaymentPipeline,
  children: readonly (typeof SHAREABLE)[number][] = SHAREABLE,
): PaymentPipelineProps {
  const { alertEmail, ...props } = otherProps();
  const shared = Object.fromEntries(children.map((child) => [child, pipeline[child]]));
  return { ...props, ...shared, ...(!children.includes('alerting') && { alertEmail: alertEmail! }) };
}

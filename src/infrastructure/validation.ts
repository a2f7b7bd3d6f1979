import type { Construct } from 'constructs';
import { badValues, type PropError, listed } from './prop-error';
import { nameConflicts } from './name-registry';
import { RULES } from './prop-rules';
import { PROP_NAMES, type PaymentPipelineProps, type Settings } from './props';

/** Props of a payment pipeline are bad; the message names every one, with its value and the rule. */
export class PaymentPipelinePropsError extends Error {
  override readonly name = 'PaymentPipelinePropsError';
}

/**
 * Checks the props; a value that Terraform alone will know is passed over.
 * @throws PaymentPipelinePropsError naming every bad prop at once
 */
export function validate(pipeline: Construct, props: PaymentPipelineProps, settings: Settings): void {
  const faults = [
    ...badValues(toCheck(settings), RULES),
    ...unknownProps(props),
    ...unusedProps(props),
    ...keyWithoutSecret(settings),
    ...nameConflicts(pipeline, settings),
  ];
  if (faults.length === 0) return;
  throw new PaymentPipelinePropsError(`Bad props of the payment pipeline "${pipeline.node.path}":${listed(faults)}`);
}

/** The values that have a rule; one that may be left out is only there when it was given. */
function toCheck(settings: Settings): Record<string, unknown> {
  const { fraudApi, alerting, ...values } = settings;
  const { url, endpointService, apiKeySecretArn, apiKeyKmsKeyArn } =
    (fraudApi as Settings['fraudApi'] | undefined) ?? {};
  return {
    'fraudApi.url': url,
    ...(endpointService && { 'fraudApi.serviceName': endpointService.name }),
    ...(apiKeySecretArn !== undefined && { 'fraudApi.apiKeySecretArn': apiKeySecretArn }),
    ...(apiKeyKmsKeyArn !== undefined && { 'fraudApi.apiKeyKmsKeyArn': apiKeyKmsKeyArn }),
    ...(alerting === undefined && { alertEmail: undefined }),
    ...values,
  };
}

function unknownProps(props: PaymentPipelineProps): PropError[] {
  return Object.entries(props)
    .filter(([prop]) => !PROP_NAMES.has(prop))
    .map(([prop, value]) => ({ prop, value: value as unknown, must: `be left out: ${whyUnknown(prop)}` }));
}

function whyUnknown(prop: string): string {
  if (/batchingWindow/i.test(prop)) return 'Lambda has no batching window for FIFO queues';
  return 'the pipeline has no such prop';
}

function keyWithoutSecret(settings: Settings): PropError[] {
  const { apiKeySecretArn, apiKeyKmsKeyArn } = (settings.fraudApi as Settings['fraudApi'] | undefined) ?? {};
  if (apiKeyKmsKeyArn === undefined || apiKeySecretArn !== undefined) return [];
  return [
    {
      prop: 'fraudApi.apiKeyKmsKeyArn',
      value: apiKeyKmsKeyArn,
      must: 'be left out: it belongs to apiKeySecretArn, which is not given',
    },
  ];
}

/** Props of a child that another pipeline shares would silently do nothing. */
function unusedProps(props: PaymentPipelineProps): PropError[] {
  const { network, encryption, alerting, cidrBlock, deploymentPrincipalArn, alertEmail } = props;
  const unused = (child: string, shared: unknown, prop: string, value: unknown): PropError[] =>
    shared === undefined || value === undefined
      ? []
      : [{ prop, value, must: `be left out: the shared ${child} has its own` }];
  return [
    ...unused('network', network, 'cidrBlock', cidrBlock),
    ...unused('encryption', encryption, 'deploymentPrincipalArn', deploymentPrincipalArn),
    ...unused('alerting', alerting, 'alertEmail', alertEmail),
  ];
}

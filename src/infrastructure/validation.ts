import { Token } from 'cdktf';
import type { Construct } from 'constructs';
import { adapterFault } from './functions/adapter-check';
import { profileNamed } from './profile';
import { alarmErrors } from './monitoring/alarm-errors';
import { nameConflicts } from './name-registry';
import { ExistingNetwork } from './network/existing-network';
import { EXISTING_NETWORK_PROPS, existingNetworkErrors, existingNetworkValues } from './network/existing-network-rules';
import { Network } from './network/network';
import { FRAUD_API_PROPS } from './fraud-api-props';
import { type PipelineRow, PROPS } from './prop-definitions';
import { badValues, definedOf, listed, type PropError, unknownProps } from './prop-table';
import type { FraudApiSettings, PaymentPipelineProps, Settings } from './props';

/** Bad props of a payment pipeline. The message names each, with its value and the rule. */
export class PaymentPipelinePropsError extends Error {
  override readonly name = 'PaymentPipelinePropsError';
}

/**
 * Checks the props. A value that only Terraform knows is not checked.
 * @throws PaymentPipelinePropsError naming every bad prop at once
 */
export function validate(pipeline: Construct, props: PaymentPipelineProps, settings: Settings): void {
  const readable = withoutForeign(settings);
  const faults = [
    ...badValues({ ...PROPS, ...FRAUD_API_PROPS, ...EXISTING_NETWORK_PROPS }, toCheck(settings, readable)),
    ...unknownProps(PROPS, props, whyUnknown),
    ...unknownNetworkProps(readable),
    ...unusedProps(props, readable),
    ...alarmErrors(readable),
    ...lockOfDev(readable),
    ...keyWithoutSecret(readable),
    ...existingNetworkErrors(pipeline, readable),
    ...adapterErrors(readable),
    ...otherZones(pipeline, readable),
    ...nameConflicts(pipeline, readable),
  ];
  if (faults.length === 0) return;
  throw new PaymentPipelinePropsError(`Bad props of the payment pipeline "${pipeline.node.path}":${listed(faults)}`);
}

/** The settings without what stands for an object of this package and is none: the rules beyond its own can't read it. */
function withoutForeign(settings: Settings): Settings {
  const isForeign = ([prop, value]: [string, unknown]) => {
    const { rule } = PROPS[prop as keyof Settings] as PipelineRow;
    return rule !== undefined && 'classes' in rule && !rule.allows(value);
  };
  const entries = Object.entries(settings).filter(([prop]) => Object.hasOwn(PROPS, prop));
  return Object.fromEntries(entries.filter((entry) => !isForeign(entry))) as unknown as Settings;
}

/** The values that have a rule. An optional value is included only when it was given. */
function toCheck(settings: Settings, { fraudApi, network }: Settings): Record<string, unknown> {
  return {
    fraudApi: undefined,
    ...((fraudApi as FraudApiSettings | undefined) && fraudApiValues(fraudApi)),
    ...(settings.alerting === undefined && { alertEmail: undefined }),
    ...(network instanceof ExistingNetwork && existingNetworkValues(network)),
    ...(settings as Partial<Settings>),
  };
}

function fraudApiValues({ url, endpointService, apiKeySecretArn, apiKeyKmsKeyArn, adapter }: FraudApiSettings) {
  const { name: serviceName, availabilityZones } = endpointService ?? {};
  return {
    'fraudApi.url': url,
    ...(endpointService && { 'fraudApi.serviceName': serviceName }),
    ...definedOf({
      'fraudApi.availabilityZones': availabilityZones,
      'fraudApi.apiKeySecretArn': apiKeySecretArn,
      'fraudApi.apiKeyKmsKeyArn': apiKeyKmsKeyArn,
      'fraudApi.adapter': adapter,
    }),
  };
}

function whyUnknown(prop: string): string {
  if (/batchingWindow/i.test(prop)) return 'Lambda has no batching window for FIFO queues';
  return 'the pipeline has no such prop';
}

/** S3 can't empty a bucket of locked objects, as destroying the stack would have to. */
function lockOfDev({ profile, auditLock, audit }: Settings): PropError[] {
  const isLock = auditLock !== 'none' && PROPS.auditLock.rule.allows(auditLock);
  if (!isLock || audit !== undefined || !profileNamed(profile).forceDestroy) return [];
  return [
    { prop: 'auditLock', value: auditLock, must: `be 'none' in the profile 'dev', whose bucket can be destroyed` },
  ];
}

function unknownNetworkProps({ network }: Settings): PropError[] {
  if (!(network instanceof ExistingNetwork)) return [];
  return unknownProps(
    EXISTING_NETWORK_PROPS,
    existingNetworkValues(network),
    () => 'Network.existing has no such value',
  );
}

function keyWithoutSecret(settings: Settings): PropError[] {
  const { apiKeySecretArn, apiKeyKmsKeyArn } = (settings.fraudApi as FraudApiSettings | undefined) ?? {};
  if (apiKeyKmsKeyArn === undefined || apiKeySecretArn !== undefined) return [];
  return [
    {
      prop: 'fraudApi.apiKeyKmsKeyArn',
      value: apiKeyKmsKeyArn,
      must: 'be left out: it belongs to apiKeySecretArn, which is not given',
    },
  ];
}

function adapterErrors({ fraudApi }: Settings): PropError[] {
  const { adapter } = (fraudApi as FraudApiSettings | undefined) ?? {};
  const isPath = Token.isUnresolved(adapter) || FRAUD_API_PROPS['fraudApi.adapter'].rule.allows(adapter);
  if (adapter === undefined || !isPath) return [];
  const fault = adapterFault(adapter);
  return fault === undefined ? [] : [{ prop: 'fraudApi.adapter', value: adapter, must: `be an adapter: ${fault}` }];
}

/** Pipelines of one network share the endpoint of a service, so that they have to name the same zones. */
function otherZones(pipeline: Construct, { network, fraudApi }: Settings): PropError[] {
  const { url, endpointService } = (fraudApi as FraudApiSettings | undefined) ?? {};
  if (!(network instanceof Network)) return [];
  if (endpointService === undefined || !FRAUD_API_PROPS['fraudApi.url'].rule.allows(url)) return [];
  const { name: serviceName, availabilityZones } = endpointService;
  const existing = network.otherZones({ serviceName, url: url!, availabilityZones }, pipeline);
  if (existing === undefined) return [];
  const must = `be those of the endpoint that the shared network has for the service: ${existing}`;
  return [{ prop: 'fraudApi.availabilityZones', value: availabilityZones, must }];
}

/** Errors for props that configure a shared child: they would have no effect. */
function unusedProps(props: PaymentPipelineProps, settings: Settings): PropError[] {
  return Object.entries(PROPS).flatMap(([prop, { configures }]: [string, PipelineRow]) => {
    const value = props[prop as keyof PaymentPipelineProps];
    if (configures === undefined || settings[configures] === undefined || value === undefined) return [];
    return [{ prop, value, must: `be left out: the shared ${configures} has its own` }];
  });
}

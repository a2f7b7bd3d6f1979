import type { CloudwatchEventRule } from '@cdktf/provider-aws/lib/cloudwatch-event-rule';
import type { Construct } from 'constructs';
import { Alerting } from './alerting';
import { Audit } from './audit/audit';
import { recordedEvents } from './audit/data-events';
import { Encryption } from './encryption';
import type { Names } from './resource-names';
import { Network } from './network/network';
import { networkFor } from './network/existing-networks';
import type { Profile } from './profile';
import type { Settings } from './props';

export interface SharedConfig {
  readonly names: Names;
  readonly profile: Profile;
  readonly settings: Settings;
}

export interface Shared {
  readonly encryption: Encryption;
  readonly audit: Audit;
  readonly network: Network;
  readonly alerting: Alerting;
  readonly keyChangeRule: CloudwatchEventRule;
}

/** The resources that pipelines may share: another pipeline's if given, otherwise new ones. */
export function createShared(scope: Construct, { names, profile, settings }: SharedConfig): Shared {
  const { logRetentionDays, auditRetentionDays, auditLock, cidrBlock, deploymentPrincipalArn } = settings;

  const encryption =
    settings.encryption ?? new Encryption(scope, 'encryption', { names, profile, deploymentPrincipalArn });
  const dataEvents = recordedEvents(settings);
  const audit =
    settings.audit ??
    new Audit(scope, 'audit', {
      names,
      profile,
      logRetentionDays,
      auditRetentionDays,
      auditLock,
      dataEvents,
      encryption,
    });
  audit.record(names);
  const network = networkFor(
    scope,
    settings.network,
    (existing) => new Network(scope, 'network', { names, existing, cidrBlock, logRetentionDays, encryption, audit }),
  );
  const alertEmail = settings.alertEmail!; // validated: needed where no alerting is shared
  const alerting =
    settings.alerting ?? new Alerting(scope, 'alerting', { names, alertEmail, logRetentionDays, encryption });
  const keyChangeRule = alerting.keyChanges.watch(scope, encryption, names);

  return { encryption, audit, network, alerting, keyChangeRule };
}

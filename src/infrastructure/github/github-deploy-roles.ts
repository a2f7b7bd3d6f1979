import { IamOpenidConnectProvider } from '@cdktf/provider-aws/lib/iam-openid-connect-provider';
import { IamPolicy } from '@cdktf/provider-aws/lib/iam-policy';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicyAttachment } from '@cdktf/provider-aws/lib/iam-role-policy-attachment';
import { Construct } from 'constructs';
import { awsEnvironmentOf } from '../aws-environment';
import { escapeTexts } from '../token-expression';
import { gitHubNames, resourceNames } from '../names';
import { policyJson, type Statement } from '../policy';
import { withDefaults } from '../prop-table';
import { auditRights } from './audit-permissions';
import { functionRights } from './function-permissions';
import { messagingRights } from './messaging-permissions';
import { networkRights } from './network-permissions';
import { permissionsBoundary } from './permissions-boundary';
import type { GitHubDeployRolesProps, GitHubSettings } from './props';
import type { PipelineArns } from './permission-set';
import { stateRights } from './state-permissions';
import { storageRights } from './storage-permissions';
import { applyTrust, AUDIENCE, ISSUER, planTrust } from './trust';
import { PROPS, validate } from './validation';

/**
 * What lets the workflows of one repository plan and apply one pipeline, without a key of AWS in GitHub: the account's OIDC
 * provider, a role that reads, one that applies, and the boundary of every role that the second makes. It stands in a stack of
 * its own, which a person deploys: a role must not be able to change itself. The stack brings the aws provider, in the
 * pipeline's region.
 *
 * @example
 * new GitHubDeployRoles(this, 'github', {
 *   repository: 'example/payments',
 *   stateBucket: 'example-terraform-states',
 * });
 */
export class GitHubDeployRoles extends Construct {
  /** Pull requests and the branch take it: reads how the pipeline is set up, and writes nothing but the state's lock. */
  readonly planRole: IamRole;
  /** Only jobs of the branch in one of the environments take it: makes, changes and deletes what the pipeline is made of. */
  readonly applyRole: IamRole;
  /** The pipeline's `permissionsBoundaryArn`: the apply role makes no role without it. */
  readonly permissionsBoundary: IamPolicy;
  /** Of the account's OIDC provider for GitHub. */
  readonly oidcProviderArn: string;

  private readonly names: ReturnType<typeof gitHubNames>;

  /** @throws GitHubDeployRolesPropsError naming every bad prop at once */
  constructor(scope: Construct, id: string, props: GitHubDeployRolesProps) {
    super(scope, id);
    const given = withDefaults(PROPS, props) as GitHubSettings;
    validate(this, props, given);
    const settings = escapeTexts(given);
    const environment = settings.pipelineEnvironment;
    this.names = gitHubNames(environment);
    const deployment = awsEnvironmentOf(this);
    const target: PipelineArns = { names: resourceNames({ environment, queueName: settings.queueName }), deployment };

    this.oidcProviderArn = settings.oidcProviderArn ?? this.createProvider().arn;
    this.permissionsBoundary = this.createPolicy(
      'permissions_boundary',
      this.names.permissionsBoundary,
      permissionsBoundary(target, settings.apiKeySecretArn),
    );
    this.planRole = this.createRole('plan', this.names.planRole, planTrust(settings, this.oidcProviderArn));
    this.applyRole = this.createRole('apply', this.names.applyRole, applyTrust(settings, this.oidcProviderArn));
    this.grant(settings, target);
  }

  private grant(settings: GitHubSettings, target: PipelineArns): void {
    const state = stateRights(settings);
    this.attach('hold-state', state.plan, this.planRole, this.applyRole);
    this.attach('write-state', [...state.apply, this.denyItself()], this.applyRole);
    const rights = {
      messaging: messagingRights(target),
      storage: storageRights(target),
      audit: auditRights(target),
      functions: functionRights(target, this.permissionsBoundary.arn),
      network: networkRights(target),
    };
    this.attach(
      'read',
      [...rights.messaging.read, ...rights.storage.read, ...rights.network.read],
      this.planRole,
      this.applyRole,
    );
    this.attach('read-functions', [...rights.functions.read, ...rights.audit.read], this.planRole, this.applyRole);
    for (const [purpose, { write }] of Object.entries(rights)) this.attach(`write-${purpose}`, write, this.applyRole);
  }

  /** Nothing above allows it; so that nothing that is added ever does. */
  private denyItself(): Statement {
    const own = [this.planRole.arn, this.applyRole.arn, this.permissionsBoundary.arn, this.oidcProviderArn];
    return { sid: 'DenyItself', effect: 'Deny', actions: ['iam:*'], resources: own };
  }

  private createProvider(): IamOpenidConnectProvider {
    // Without thumbprints: AWS trusts the authorities that sign GitHub's certificate.
    return new IamOpenidConnectProvider(this, 'provider', { url: `https://${ISSUER}`, clientIdList: [AUDIENCE] });
  }

  private createRole(purpose: 'plan' | 'apply', name: string, trust: Statement[]): IamRole {
    return new IamRole(this, `${purpose}_role`, {
      name,
      assumeRolePolicy: policyJson(this, `${purpose}_trust`, trust),
    });
  }

  private attach(purpose: string, statements: Statement[], ...roles: IamRole[]): void {
    const id = purpose.replaceAll('-', '_');
    const policy = this.createPolicy(id, this.names.policy(purpose), statements);
    for (const role of roles) {
      const who = role === this.planRole ? 'plan' : 'apply';
      new IamRolePolicyAttachment(this, `${who}_${id}`, { role: role.name, policyArn: policy.arn });
    }
  }

  private createPolicy(id: string, name: string, statements: Statement[]): IamPolicy {
    return new IamPolicy(this, `${id}_policy`, { name, policy: policyJson(this, `${id}_permissions`, statements) });
  }
}

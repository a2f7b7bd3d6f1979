import { IamOpenidConnectProvider } from '@cdktf/provider-aws/lib/iam-openid-connect-provider';
import { IamPolicy } from '@cdktf/provider-aws/lib/iam-policy';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicyAttachment } from '@cdktf/provider-aws/lib/iam-role-policy-attachment';
import { Construct } from 'constructs';
import { awsEnvironmentOf } from '../aws-environment';
import { assertSameCdk } from '../same-cdk';
import { escapeTexts } from '../token-expression';
import { gitHubNames, resourceNames } from '../resource-names';
import { policyJson, type Statement } from '../policy';
import { withDefaults } from '../prop-table';
import { auditPermissions, evidenceDenials } from './audit-permissions';
import { functionPermissions } from './function-permissions';
import { messagingPermissions } from './messaging-permissions';
import { networkPermissions } from './network-permissions';
import { permissionsBoundary } from './permissions-boundary';
import type { GitHubDeployRolesProps, GitHubSettings } from './props';
import type { PipelineArns } from './permission-set';
import { statePermissions } from './state-permissions';
import { storagePermissions } from './storage-permissions';
import { applyTrust, AUDIENCE, ISSUER, planTrust } from './trust';
import { PROPS, validate } from './validation';

/**
 * Creates the roles with which the workflows of one repository plan and apply one pipeline, without an AWS key in GitHub. These are
 * the AWS account's OIDC provider, a role that reads, a role that applies, and the permissions boundary of every role that the
 * second creates. Put it in a stack of its own, which a person deploys: a role must not be able to change itself. The stack has to
 * have the aws provider, in the pipeline's region.
 *
 * @example
 * new GitHubDeployRoles(this, 'github', {
 *   repository: 'example/payments',
 *   stateBucket: 'example-terraform-states',
 * });
 */
export class GitHubDeployRoles extends Construct {
  /** Assumed by jobs of the branch in the workflow files that plan. Reads the pipeline's configuration and its state. */
  readonly planRole: IamRole;
  /** Assumed by jobs of the branch in the workflow files that apply, in one of the environments. Creates, changes and deletes the pipeline's resources. */
  readonly applyRole: IamRole;
  /** The pipeline's `permissionsBoundaryArn`. The apply role can create no role without it. */
  readonly permissionsBoundary: IamPolicy;
  /** ARN of the AWS account's OIDC provider for GitHub. */
  readonly oidcProviderArn: string;

  private readonly names: ReturnType<typeof gitHubNames>;

  /**
   * @throws GitHubDeployRolesPropsError naming every bad prop at once
   * @throws MixedPeersError when the stack is CDK Terrain's and the installed `cdktf` is not, or the other way round
   */
  constructor(scope: Construct, id: string, props: GitHubDeployRolesProps) {
    super(scope, id);
    assertSameCdk(this);
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
    const state = statePermissions(settings, target.deployment);
    this.attach('read-state', state.plan, this.planRole, this.applyRole);
    this.attach('write-state', [...state.apply, this.denyItself()], this.applyRole);
    const permissions = {
      messaging: messagingPermissions(target, settings.compositeAlarms),
      storage: storagePermissions(target, settings),
      audit: auditPermissions(target),
      functions: functionPermissions(target, this.permissionsBoundary.arn),
      network: networkPermissions(target, settings),
    };
    this.attach(
      'read',
      [...permissions.messaging.read, ...permissions.storage.read, ...permissions.network.read],
      this.planRole,
      this.applyRole,
    );
    this.attach(
      'read-functions',
      [...permissions.functions.read, ...permissions.audit.read],
      this.planRole,
      this.applyRole,
    );
    for (const [purpose, { write }] of Object.entries(permissions))
      this.attach(`write-${purpose}`, write, this.applyRole);
    if (settings.protectEvidence) this.attach('keep-evidence', evidenceDenials(target), this.applyRole);
  }

  /** No statement above allows this. The denial holds for statements that are added later, too. */
  private denyItself(): Statement {
    const own = [this.planRole.arn, this.applyRole.arn, this.permissionsBoundary.arn, this.oidcProviderArn];
    return { sid: 'DenyItself', effect: 'Deny', actions: ['iam:*'], resources: own };
  }

  private createProvider(): IamOpenidConnectProvider {
    // No thumbprints: AWS trusts the authorities that sign GitHub's certificate.
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

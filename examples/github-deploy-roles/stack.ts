import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { LocalBackend, TerraformOutput, TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { GitHubDeployRoles, type GitHubDeployRolesProps } from '../../src/index'; // 'cdktf-payment-pipeline' in a project of your own

/** The stack that a person deploys, once for each pipeline, before GitHub deploys the pipeline. */
export class GitHubDeployRolesStack extends TerraformStack {
  /** @param region of the pipeline */
  constructor(scope: Construct, id: string, region: string, props: GitHubDeployRolesProps) {
    super(scope, id);
    new LocalBackend(this, { path: `../../../../${id}.tfstate` }); // in the project's root
    new AwsProvider(this, 'aws', { region });

    const { planRole, applyRole, permissionsBoundary } = new GitHubDeployRoles(this, 'github', props);

    this.output('plan_role_arn', planRole.arn, 'What the workflow that plans takes on.');
    this.output(
      'apply_role_arn',
      applyRole.arn,
      'What the workflow that applies takes on; deployment_principal_arn of the pipeline.',
    );
    this.output('permissions_boundary_arn', permissionsBoundary.arn, 'permissions_boundary_arn of the pipeline.');
  }

  private output(name: string, value: string, description: string): void {
    new TerraformOutput(this, name, { value, description });
  }
}

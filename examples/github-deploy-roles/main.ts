import { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js';
import { App, LocalBackend, TerraformOutput, TerraformStack } from 'cdktf';
import { GitHubDeployRoles, type GitHubDeployRolesProps } from 'cdktf-payment-pipeline';

const {
  GITHUB_REPOSITORY,
  TF_STATE_BUCKET,
  GITHUB_ENVIRONMENT = 'production',
  TF_STATE_KEY = GITHUB_ENVIRONMENT === 'production' ? undefined : `payment-pipeline/${GITHUB_ENVIRONMENT}.tfstate`,
  PIPELINE_ENVIRONMENT = GITHUB_ENVIRONMENT,
  AWS_REGION = 'ap-southeast-1',
  QUEUE_NAME,
  FRAUD_API_KEY_SECRET_ARN,
  PRIVATE_LINK_HOST,
  OIDC_PROVIDER_ARN,
} = process.env;

const app = new App();
const name = GITHUB_ENVIRONMENT === 'production' ? 'github-deploy-roles' : `github-deploy-roles-${GITHUB_ENVIRONMENT}`;
const stack = new TerraformStack(app, name);
new LocalBackend(stack, { path: `../../../${name}.tfstate` }); // in the project's root
new AwsProvider(stack, 'aws', { region: AWS_REGION });

// If one of the first two is missing, the error names it.
const { planRole, applyRole, permissionsBoundary } = new GitHubDeployRoles(stack, 'github', {
  repository: GITHUB_REPOSITORY,
  stateBucket: TF_STATE_BUCKET,
  stateKey: TF_STATE_KEY,
  environments: [GITHUB_ENVIRONMENT, `${GITHUB_ENVIRONMENT}-review`],
  pipelineEnvironment: PIPELINE_ENVIRONMENT,
  queueName: QUEUE_NAME,
  apiKeySecretArn: FRAUD_API_KEY_SECRET_ARN,
  privateLinkHost: PRIVATE_LINK_HOST,
  oidcProviderArn: OIDC_PROVIDER_ARN,
} as GitHubDeployRolesProps);

new TerraformOutput(stack, 'plan_role_arn', {
  value: planRole.arn,
  description: 'Role of the workflow that plans.',
});
new TerraformOutput(stack, 'apply_role_arn', {
  value: applyRole.arn,
  description: 'Role of the workflow that applies; deployment_principal_arn of the pipeline.',
});
new TerraformOutput(stack, 'permissions_boundary_arn', {
  value: permissionsBoundary.arn,
  description: 'permissions_boundary_arn of the pipeline.',
});
app.synth();

import { App } from 'cdktf';
import type { GitHubDeployRolesProps } from '../../src/index';
import { GitHubDeployRolesStack } from './stack';

const {
  GITHUB_REPOSITORY,
  TF_STATE_BUCKET,
  TF_STATE_KEY,
  PIPELINE_ENVIRONMENT = 'production',
  AWS_REGION = 'ap-southeast-1',
  OIDC_PROVIDER_ARN,
} = process.env;

/** If one of the first two is missing, the error names it. */
const props = {
  repository: GITHUB_REPOSITORY,
  stateBucket: TF_STATE_BUCKET,
  stateKey: TF_STATE_KEY,
  pipelineEnvironment: PIPELINE_ENVIRONMENT, // as the workflows have it
  oidcProviderArn: OIDC_PROVIDER_ARN,
} as GitHubDeployRolesProps;

const app = new App({ outdir: 'cdktf.out/github-deploy-roles' });
new GitHubDeployRolesStack(app, 'github-deploy-roles', AWS_REGION, props);
app.synth();

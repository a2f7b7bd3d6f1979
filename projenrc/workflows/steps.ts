import type { Step } from './workflow-file';

/** Actions, pinned by commit because a tag can be moved. */
const ACTIONS = {
  checkout: 'actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1',
  setupNode: 'actions/setup-node@820762786026740c76f36085b0efc47a31fe5020 # v7.0.0',
  setupTerraform: 'hashicorp/setup-terraform@dfe3c3f87815947d99a8997f908cb6525fc44e9e # v4.0.1',
  configureAwsCredentials: 'aws-actions/configure-aws-credentials@e6de054238d6b7531b4efff3b6587d9aade6a06c # v6.2.3',
  uploadArtifact: 'actions/upload-artifact@bbbca2ddaa5d8feaa63e36b76fdaad77386f024f # v7.0.0',
  uploadPagesArtifact: 'actions/upload-pages-artifact@fc324d3547104276b827a68afc52ff2a11cc49c9 # v5.0.0',
  deployPages: 'actions/deploy-pages@cd2ce8fcbc39b97be8ca5fce6e763baed58fa128 # v5.0.0',
  downloadArtifact: 'actions/download-artifact@3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c # v8.0.1',
};

const NODE = '20';
const TERRAFORM = '1.11.4'; // a plan is applied by the version that made it

/** The profile that workflows deploy. */
export const PROFILE = 'production';

/** Where the state is. Like all variables, set once for the repository, see docs/how-to/deliver-with-github.md. */
export const STATE = { TF_STATE_BUCKET: '${{ vars.TF_STATE_BUCKET }}', TF_STATE_KEY: '${{ vars.TF_STATE_KEY }}' };

/** The environment variables for synthesizing and planning the stack. */
export const VARIABLES = {
  ...STATE,
  TF_VAR_environment: `\${{ vars.PIPELINE_ENVIRONMENT || '${PROFILE}' }}`,
  TF_VAR_region: "${{ vars.AWS_REGION || 'ap-southeast-1' }}",
  TF_VAR_alert_email: '${{ vars.ALERT_EMAIL }}',
  TF_VAR_fraud_api_url: '${{ vars.FRAUD_API_URL }}',
  TF_VAR_deployment_principal_arn: "${{ vars.AWS_APPLY_ROLE_ARN || 'root' }}",
  TF_VAR_permissions_boundary_arn: "${{ vars.PERMISSIONS_BOUNDARY_ARN || 'none' }}",
};

/** Whether somebody set the repository up to deploy. */
export const IS_SET_UP = "vars.TF_STATE_BUCKET != ''";

export const TOKEN = { GITHUB_TOKEN: '${{ github.token }}' };

/** Days that GitHub lets a person run a workflow again, which then needs the artifacts. */
export const KEPT_DAYS = 30;

/** Permissions that a role's session needs, with those of the steps behind it. */
export const MAY_LOG_IN = { contents: 'read', 'id-token': "write # for the role's session" } as const;

export function checkout(name = 'Check out', options: Readonly<Record<string, unknown>> = {}): Step {
  return { name, uses: ACTIONS.checkout, with: { ...options, 'persist-credentials': false } };
}

/** No cache: what one run left there, another would run. */
export function node(version = NODE): Step {
  return {
    name: `Set up Node ${version}`,
    uses: ACTIONS.setupNode,
    with: { 'node-version': version, 'package-manager-cache': false },
  };
}

export function terraform(): Step {
  return {
    name: `Set up Terraform ${TERRAFORM}`,
    uses: ACTIONS.setupTerraform,
    with: { terraform_version: TERRAFORM, terraform_wrapper: false },
  };
}

/** All that a job with the project's commands begins with. */
export function tools(source: Step = checkout()): Step[] {
  return [source, node(), terraform(), { name: 'Install', run: 'npm ci --no-audit --no-fund' }];
}

/**
 * Logs in, or says which variable is empty: the action would not.
 * @param role name of the repository's variable
 */
export function logIn(role: 'AWS_PLAN_ROLE_ARN' | 'AWS_APPLY_ROLE_ARN'): Step[] {
  return [
    {
      name: 'Refuse an empty role',
      env: { ROLE: `\${{ vars.${role} }}` },
      run: `: "\${ROLE:?Set the variable ${role}, see docs/how-to/deliver-with-github.md}"`,
    },
    {
      name: `Log in to AWS as the one who ${role === 'AWS_PLAN_ROLE_ARN' ? 'plans' : 'applies'}`,
      uses: ACTIONS.configureAwsCredentials,
      with: {
        'role-to-assume': `\${{ vars.${role} }}`,
        'aws-region': '${{ vars.AWS_REGION }}',
        'mask-aws-account-id': true,
      },
    },
  ];
}

/** Saves the plan in `plan.tfplan`, and what was said in `plan.log`. @param options of the command */
export function plan(options: string): Step {
  return { name: 'Plan', run: `npx projen plan -- ${options} -input=false -out=plan.tfplan 2>&1 | tee plan.log` };
}

export function upload(name: string, artifact: Readonly<Record<string, unknown>>): Step {
  return { name, uses: ACTIONS.uploadArtifact, with: { 'if-no-files-found': 'error', ...artifact } };
}

export function download(name: string, artifact: Readonly<Record<string, unknown>>): Step {
  return { name, uses: ACTIONS.downloadArtifact, with: artifact };
}

/** @param path the built site */
export function uploadSite(path: string): Step {
  return { name: 'Keep the site', uses: ACTIONS.uploadPagesArtifact, with: { path } };
}

/** Publishes what an earlier job of the run kept with {@link uploadSite}. */
export function deploySite(): Step {
  return { name: 'Publish the site', uses: ACTIONS.deployPages };
}

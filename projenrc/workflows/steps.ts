import { type Environment, planFile, planLog, PRODUCTION, titleOf, variable } from './environments';
import type { Step } from './workflow-file';

/** Actions, pinned by commit because a tag can be moved. */
export const ACTIONS = {
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

/** Where the state is, and whose. Like all variables, set once for the repository, see docs/how-to/deliver-with-github.md. */
export function stateOf(environment: Environment): Record<string, string> {
  const key = environment === PRODUCTION ? undefined : `payment-pipeline/${environment.name}.tfstate`;
  return {
    TF_STATE_BUCKET: given('TF_STATE_BUCKET', environment),
    TF_STATE_KEY: given('TF_STATE_KEY', environment, key),
    TF_VAR_environment: given('PIPELINE_ENVIRONMENT', environment, environment.name),
  };
}

/** The environment variables for planning the stack. */
export function variablesOf(environment: Environment): Record<string, string> {
  return {
    ...stateOf(environment),
    TF_VAR_region: given('AWS_REGION', environment, 'ap-southeast-1'),
    TF_VAR_alert_email: given('ALERT_EMAIL', environment),
    TF_VAR_fraud_api_url: given('FRAUD_API_URL', environment),
    TF_VAR_deployment_principal_arn: given('AWS_APPLY_ROLE_ARN', environment, 'root'),
    TF_VAR_permissions_boundary_arn: given('PERMISSIONS_BOUNDARY_ARN', environment, 'none'),
  };
}

/** @param instead the value where nobody set the variable */
function given(name: string, environment: Environment, instead?: string): string {
  return `\${{ vars.${variable(name, environment)}${instead === undefined ? '' : ` || '${instead}'`} }}`;
}

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

/** Environment variables with the roles. */
export function roleOf(use: 'PLAN' | 'APPLY', environment: Environment): Record<string, string> {
  const name = variable(`AWS_${use}_ROLE_ARN`, environment);
  return { [name]: `\${{ vars.${name} }}` };
}

/** Logs in, or says which variable is empty: the action would not. */
export function logIn(use: 'PLAN' | 'APPLY', environment: Environment): Step[] {
  const role = variable(`AWS_${use}_ROLE_ARN`, environment);
  return [
    {
      name: titleOf('Refuse an empty role', environment),
      env: { ROLE: `\${{ vars.${role} }}` },
      run: `: "\${ROLE:?Set the variable ${role}, see docs/how-to/deliver-with-github.md}"`,
    },
    {
      name: titleOf(`Log in to AWS as the one who ${use === 'PLAN' ? 'plans' : 'applies'}`, environment),
      uses: ACTIONS.configureAwsCredentials,
      with: {
        'role-to-assume': `\${{ vars.${role} }}`,
        'aws-region': given('AWS_REGION', environment),
        'mask-aws-account-id': true,
      },
    },
  ];
}

/**
 * Saves an environment's plan in its file, and what was said in a log beside it.
 * @param options of the command
 * @param variables of an environment whose variables the job doesn't have
 */
export function planStep(environment: Environment, options: string, variables?: Record<string, string>): Step {
  const run = `npx projen plan -- ${options} -input=false -out=${planFile(environment)} 2>&1 | tee ${planLog(environment)}`;
  return stepIn(environment, 'Plan', run, variables);
}

/** A step of a job that has production's variables, or those of its one environment. */
export function stepIn(environment: Environment, name: string, run: string, variables?: Record<string, string>): Step {
  const env = environment === PRODUCTION || variables === undefined ? {} : { env: variables };
  return { name: titleOf(name, environment), ...env, run };
}

export function upload(name: string, artifact: Readonly<Record<string, unknown>>): Step {
  return { name, uses: ACTIONS.uploadArtifact, with: { 'if-no-files-found': 'error', ...artifact } };
}

export function download(name: string, artifact: Readonly<Record<string, unknown>>): Step {
  return { name, uses: ACTIONS.downloadArtifact, with: artifact };
}

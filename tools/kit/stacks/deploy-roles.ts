import { globalArn } from './stack-graph';

export const REPOSITORY = 'example/payments';
export const STATE_BUCKET = 'example-terraform-states';

/** ARN of the permissions boundary of the pipeline's roles in the environment `dev`. */
export const BOUNDARY = globalArn('iam', 'policy/iam-policy-permissions-boundary-dev');

/** ARN of the role that applies in the environment `dev`. */
export const APPLY_ROLE = globalArn('iam', 'role/iam-role-github-apply-dev');

/** ARN of GitHub's OIDC provider in the AWS account. */
export const OIDC_PROVIDER = globalArn('iam', 'oidc-provider/token.actions.githubusercontent.com');

/** Claims of a token that GitHub issues for AWS, under the names of AWS's condition keys. */
export type Claims = Readonly<Record<string, string>>;

interface Job {
  readonly repository?: string;
  /** The repository in the subject claim, if it differs from `repository`. */
  readonly subject?: string;
  readonly audience?: string;
  /** The file in `.github/workflows`, whose version is the one on the job's ref. */
  readonly workflow?: string;
}

/** Claims of a job that a pull request started. */
export function pullRequest(job: Job = {}): Claims {
  return token(job, 'pull_request', { ref: 'refs/pull/7/merge' });
}

/** Claims of a job on a branch or a tag. */
export function jobOn(ref: string, job: Job = {}): Claims {
  return token(job, `ref:${ref}`, { ref });
}

/** Claims of a job in a GitHub environment. */
export function jobIn(environment: string, ref = 'refs/heads/main', job: Job = {}): Claims {
  return token({ workflow: 'apply.yml', ...job }, `environment:${environment}`, { ref, environment });
}

function token(
  { repository = REPOSITORY, subject = repository, audience = 'sts.amazonaws.com', workflow = 'plan.yml' }: Job,
  context: string,
  others: Claims & { readonly ref: string },
): Claims {
  const job_workflow_ref = `${repository}/.github/workflows/${workflow}@${others.ref}`;
  const claims = { aud: audience, sub: `repo:${subject}:${context}`, repository, job_workflow_ref, ...others };
  return Object.fromEntries(
    Object.entries(claims).map(([claim, value]) => [`token.actions.githubusercontent.com:${claim}`, value]),
  );
}

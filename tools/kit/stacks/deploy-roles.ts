import { globalArn } from './stack-graph';

export const REPOSITORY = 'example/payments';
export const STATE_BUCKET = 'example-terraform-states';

/** What bounds the roles of a pipeline in the environment `dev`. */
export const BOUNDARY = globalArn('iam', 'policy/iam-policy-permissions-boundary-dev');

/** The role that applies, of the environment `dev`. */
export const APPLY_ROLE = globalArn('iam', 'role/iam-role-github-apply-dev');

/** GitHub's provider of tokens in the AWS account. */
export const OIDC_PROVIDER = globalArn('iam', 'oidc-provider/token.actions.githubusercontent.com');

/** The claims of a token that GitHub makes out to AWS, under the names by which AWS knows them. */
export type Claims = Readonly<Record<string, string>>;

interface Job {
  readonly repository?: string;
  /** As the subject has it, if it is not the repository. */
  readonly subject?: string;
  readonly audience?: string;
}

/** Of a job that a pull request started. */
export function pullRequest(job: Job = {}): Claims {
  return token(job, 'pull_request', { ref: 'refs/pull/7/merge' });
}

/** Of a job on a branch, or a tag. */
export function jobOn(ref: string, job: Job = {}): Claims {
  return token(job, `ref:${ref}`, { ref });
}

/** Of a job that has waited for an environment. */
export function jobIn(environment: string, ref = 'refs/heads/main', job: Job = {}): Claims {
  return token(job, `environment:${environment}`, { ref, environment });
}

function token(
  { repository = REPOSITORY, subject = repository, audience = 'sts.amazonaws.com' }: Job,
  context: string,
  others: Claims,
): Claims {
  const claims = { aud: audience, sub: `repo:${subject}:${context}`, repository, ...others };
  return Object.fromEntries(
    Object.entries(claims).map(([claim, value]) => [`token.actions.githubusercontent.com:${claim}`, value]),
  );
}

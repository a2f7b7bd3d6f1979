import { GitHubDeployRoles, type GitHubDeployRolesProps, type PaymentPipelineProps } from '../../../src';
import { synthesizePipeline } from './pipeline-props';
import { globalArn, StackGraph } from './stack-graph';
import { synthesize, type Template } from './terraform';

export const REPOSITORY = 'example/payments';
export const STATE_BUCKET = 'example-terraform-states';

/** A stack with the deploy roles of one repository, `github`. */
export function synthesizeRoles(overrides: Partial<GitHubDeployRolesProps> = {}): Template {
  return synthesize(
    (stack) =>
      new GitHubDeployRoles(stack, 'github', { repository: REPOSITORY, stateBucket: STATE_BUCKET, ...overrides }),
  );
}

export function rolesStack(overrides: Partial<GitHubDeployRolesProps> = {}): StackGraph {
  return new StackGraph(synthesizeRoles(overrides).json);
}

/** What bounds the roles of a pipeline in the environment `dev`. */
export const BOUNDARY = globalArn('iam', 'policy/iam-policy-permissions-boundary-dev');

/** A stack with a pipeline for the deploy roles, its own roles bounded. */
export function boundedPipeline(overrides: Partial<PaymentPipelineProps> = {}): StackGraph {
  return new StackGraph(synthesizePipeline({ permissionsBoundaryArn: BOUNDARY, ...overrides }).json);
}

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

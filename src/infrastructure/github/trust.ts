import { Fn, Token } from 'cdktf';
import { condition, type Statement } from '../policy';
import type { GitHubSettings } from './props';

export const ISSUER = 'token.actions.githubusercontent.com';

/** Audience of GitHub's token for AWS: the official action's default. */
export const AUDIENCE = 'sts.amazonaws.com';

/**
 * Jobs on the branch, of the workflow files that plan. A pull request's own jobs are on `refs/pull/N/merge`: they get nothing,
 * whatever their workflow file says.
 */
export function planTrust(settings: GitHubSettings, providerArn: string): Statement[] {
  const subjects = [subjectOf(settings, `ref:${refOf(settings)}`)];
  return [trust(settings, providerArn, settings.planWorkflows, { sub: subjects })];
}

/** Jobs on the branch, of the workflow files that apply, in one of the environments, which the subject names instead of the branch. */
export function applyTrust(settings: GitHubSettings, providerArn: string): Statement[] {
  const { environments } = settings;
  const subjects = environments.map((environment) => subjectOf(settings, `environment:${environment}`));
  return [trust(settings, providerArn, settings.applyWorkflows, { sub: subjects, environment: environments })];
}

/** All claims have to be there, and to be one of the values. */
function trust(
  settings: GitHubSettings,
  providerArn: string,
  workflows: readonly string[],
  claims: Record<string, readonly string[]>,
): Statement {
  const repository = nameOf(settings);
  const ref = refOf(settings);
  const wanted = {
    aud: [AUDIENCE],
    repository: [repository],
    ref: [ref],
    job_workflow_ref: workflows.map((file) => `${repository}/.github/workflows/${file}@${ref}`),
    ...claims,
  };
  return {
    actions: ['sts:AssumeRoleWithWebIdentity'],
    principals: [{ type: 'Federated', identifiers: [providerArn] }],
    condition: Object.entries(wanted).map(([claim, values]) =>
      condition('StringEquals', `${ISSUER}:${claim}`, ...values),
    ),
  };
}

function subjectOf({ repository }: GitHubSettings, context: string): string {
  return `repo:${repository}:${context}`;
}

/** Only the subject has the numbers. */
function nameOf({ repository }: GitHubSettings): string {
  return Token.isUnresolved(repository) ? Fn.replace(repository, '/@[0-9]+/', '') : repository.replace(/@\d+/g, '');
}

function refOf({ branch }: GitHubSettings): string {
  return `refs/heads/${branch}`;
}

import { Fn, Token } from 'cdktf';
import { condition, type Statement } from '../policy';
import type { GitHubSettings } from './props';

export const ISSUER = 'token.actions.githubusercontent.com';

/** Audience of GitHub's token for AWS: the official action's default. */
export const AUDIENCE = 'sts.amazonaws.com';

/**
 * Pull requests, and jobs on the branch. GitHub gives a pull request from a fork no token, unless the repository's settings say
 * that it should: then it reads like one of the repository's own.
 */
export function planTrust(settings: GitHubSettings, providerArn: string): Statement[] {
  const subjects = ['pull_request', `ref:${refOf(settings)}`];
  return [trust(settings, providerArn, { sub: subjects.map((subject) => subjectOf(settings, subject)) })];
}

/** Jobs on the branch that wait for one of the environments. A subject with an environment has no branch in it: `ref` has. */
export function applyTrust(settings: GitHubSettings, providerArn: string): Statement[] {
  const { environments } = settings;
  return [
    trust(settings, providerArn, {
      sub: environments.map((environment) => subjectOf(settings, `environment:${environment}`)),
      ref: [refOf(settings)],
      environment: environments,
    }),
  ];
}

/** All claims have to be there, and to be one of the values. */
function trust(settings: GitHubSettings, providerArn: string, claims: Record<string, readonly string[]>): Statement {
  const wanted = { aud: [AUDIENCE], repository: [nameOf(settings)], ...claims };
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

import {
  type Claims,
  jobIn,
  jobOn,
  OIDC_PROVIDER,
  pullRequest,
  REPOSITORY,
} from '../../../tools/kit/stacks/deploy-roles';
import { Policy } from '../../../tools/kit/stacks/iam-policy';
import { globalArn, type Resource, type StackGraph } from '../../../tools/kit/stacks/stack-graph';
import { readGraph } from '../../../tools/kit/stacks/stacks';

interface Role extends Resource {
  readonly assume_role_policy: string;
}

const OTHER_PROVIDER = globalArn('iam', 'oidc-provider/token.example.com');
const FORK = 'somebody/payments';

/** Whether a token with these claims gets a role: from the account's provider to the role's trust. */
function takes(graph: StackGraph, purpose: 'plan' | 'apply', claims: Claims, by = OIDC_PROVIDER): boolean {
  const role = graph.only<Role>('aws_iam_role', { name: `iam-role-github-${purpose}-dev` });
  return Policy.of(graph, role.assume_role_policy).allows({
    by,
    action: 'sts:AssumeRoleWithWebIdentity',
    on: role.arn,
    context: claims,
  });
}

const graph = readGraph('roles');

/** Whether each identity gets the role that plans, and the one that applies. */
const WHO: Readonly<Record<string, readonly [Claims, plan: boolean, apply: boolean]>> = {
  'a pull request': [pullRequest(), false, false],
  "a pull request whose workflow file has the planner's name": [pullRequest({ workflow: 'plan.yml' }), false, false],
  'a planning job on the branch': [jobOn('refs/heads/main'), true, false],
  'the drift job on the branch': [jobOn('refs/heads/main', { workflow: 'drift.yml' }), true, false],
  'a job of another workflow file on the branch': [jobOn('refs/heads/main', { workflow: 'build.yml' }), false, false],
  'the destroying job on the branch, in the environment': [
    jobIn('production', 'refs/heads/main', { workflow: 'destroy.yml' }),
    false,
    true,
  ],
  'a job of another workflow file, in the environment': [
    jobIn('production', 'refs/heads/main', { workflow: 'plan.yml' }),
    false,
    false,
  ],
  'a job on the branch, in the environment': [jobIn('production'), false, true],
  'a job on the branch, in the environment for reviews': [jobIn('production-review'), false, true],
  'a job on another branch': [jobOn('refs/heads/feature'), false, false],
  'a job on a tag of the same name': [jobOn('refs/tags/main'), false, false],
  'a job on a branch that begins alike': [jobOn('refs/heads/main-2'), false, false],
  'a job on another branch, in the environment': [jobIn('production', 'refs/heads/feature'), false, false],
  'a pull request, in the environment': [jobIn('production', 'refs/pull/7/merge'), false, false],
  'a job on the branch, in another environment': [jobIn('staging'), false, false],
  'a job in an environment that begins alike': [jobIn('production-eu'), false, false],
  "a fork's pull request to itself": [pullRequest({ repository: FORK }), false, false],
  "a fork's branch": [jobOn('refs/heads/main', { repository: FORK }), false, false],
  "a fork's environment": [jobIn('production', 'refs/heads/main', { repository: FORK }), false, false],
  'a repository that begins alike': [
    jobIn('production', 'refs/heads/main', { repository: `${REPOSITORY}-2` }),
    false,
    false,
  ],
  'an owner in another case': [jobOn('refs/heads/main', { repository: 'Example/payments' }), false, false],
  'a subject that another repository has made up': [
    jobIn('production', 'refs/heads/main', { repository: FORK, subject: REPOSITORY }),
    false,
    false,
  ],
  'a token for somebody else than AWS': [
    jobIn('production', 'refs/heads/main', { audience: 'https://github.com/example' }),
    false,
    false,
  ],
  'a pattern': [jobIn('*', 'refs/heads/*', { repository: '*' }), false, false],
  'a token without claims': [{}, false, false],
};

test.each(Object.entries(WHO))('%s', (_, [claims, plan, apply]) => {
  expect({ plan: takes(graph, 'plan', claims), apply: takes(graph, 'apply', claims) }).toEqual({ plan, apply });
});

test('another provider of tokens gets neither', () => {
  for (const purpose of ['plan', 'apply'] as const) {
    const claims = purpose === 'plan' ? jobOn('refs/heads/main') : jobIn('production');
    expect([purpose, takes(graph, purpose, claims), takes(graph, purpose, claims, OTHER_PROVIDER)]).toEqual([
      purpose,
      true,
      false,
    ]);
  }
});

test.each(['plan', 'apply'])(
  'the role to %s trusts the provider alone, and asks for no claim by a pattern',
  (purpose) => {
    const role = graph.only<Role>('aws_iam_role', { name: `iam-role-github-${purpose}-dev` });
    const trust = Policy.of(graph, role.assume_role_policy);
    expect(trust.principals()).toEqual([graph.only('aws_iam_openid_connect_provider').arn]);
    expect(trust.tests()).toEqual(['StringEquals']);
  },
);

describe("a repository that GitHub's tokens name with its numbers", () => {
  const numbered = readGraph('rolesWithNumbers');
  const subject = 'example@123456/payments@456789';

  test('gets its roles', () => {
    expect(takes(numbered, 'plan', jobOn('refs/heads/main', { subject }))).toBe(true);
    expect(takes(numbered, 'apply', jobIn('production', 'refs/heads/main', { subject }))).toBe(true);
  });

  test.each(['example/payments', 'example@1/payments@456789', 'example@123456/payments@1'])(
    'leaves nothing to %s, of the same name',
    (other) => {
      expect(takes(numbered, 'plan', jobOn('refs/heads/main', { subject: other }))).toBe(false);
      expect(takes(numbered, 'apply', jobIn('production', 'refs/heads/main', { subject: other }))).toBe(false);
    },
  );
});

test('an account that has the provider keeps it', () => {
  const existing = readGraph('rolesOfKnownProvider');
  expect(existing.find('aws_iam_openid_connect_provider')).toEqual([]);
  expect(takes(existing, 'plan', jobOn('refs/heads/main'))).toBe(true);
});

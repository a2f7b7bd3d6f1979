import { GitHubDeployRolesStack } from '../../examples/github-deploy-roles/stack';
import { REPOSITORY, STATE_BUCKET } from '../../tools/kit/stacks/deploy-roles';
import { StackGraph } from '../../tools/kit/stacks/stack-graph';
import { templateOf, testApp, withoutTraces } from '../../tools/kit/stacks/synthesize';

const template = templateOf(
  withoutTraces(
    () =>
      new GitHubDeployRolesStack(testApp(), 'roles', 'ap-southeast-1', {
        repository: REPOSITORY,
        stateBucket: STATE_BUCKET,
      }),
  ),
);

test('the example deploys both roles, and says what the workflows and the pipeline have to know', () => {
  const graph = new StackGraph(template.json);
  const outputs = template.json.output as Record<string, { value: string; description: string }>;
  const arnOf = (name: string) => /^\$\{(aws_iam_\w+\.\w+)\.arn\}$/.exec(outputs[name]!.value)![1]!;
  const named = (name: string) =>
    graph.only<{ name: string }>(arnOf(name).split('.')[0]!, { address: arnOf(name) }).name;

  expect(Object.keys(outputs).sort()).toEqual(['apply_role_arn', 'permissions_boundary_arn', 'plan_role_arn']);
  expect(named('plan_role_arn')).toBe('iam-role-github-plan-dev');
  expect(named('apply_role_arn')).toBe('iam-role-github-apply-dev');
  expect(named('permissions_boundary_arn')).toBe('iam-policy-permissions-boundary-dev');
});

test('the example keeps its own state, in the region of its variable', () => {
  expect(template.json.provider).toEqual({ aws: [{ region: 'ap-southeast-1' }] });
  expect((template.json.terraform as { backend: object }).backend).toEqual({
    local: { path: '../../../../roles.tfstate' },
  });
});

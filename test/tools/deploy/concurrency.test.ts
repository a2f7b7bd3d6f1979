import { deployForEachTest, runTask } from '../../../tools/deploy/fixtures/each-test';
import type { FakeDeployment } from '../../../tools/deploy/fixtures/fake-deployment';
import { body, ScriptedServer, status } from '../../../tools/kit/scripted-server';

describe('plan and deploy', () => {
  let deployment: FakeDeployment;
  const lambda = new ScriptedServer();

  deployForEachTest((fresh) => {
    deployment = fresh;
  });

  beforeEach(async () => {
    const variable = { max_concurrency: { default: 50 }, reserve_concurrency: { default: true } };
    deployment.write('cdktf.out/stacks/payment-pipeline/cdk.tf.json', JSON.stringify({ variable }));
    lambda.answers(body('{"AccountLimit":{"ConcurrentExecutions":10,"UnreservedConcurrentExecutions":10}}'));
    await lambda.start();
    process.env.AWS_ENDPOINT_URL_LAMBDA = new URL(lambda.url).origin;
  });
  afterEach(() => lambda.stop());

  test.each(['plan', 'deploy'] as const)(
    '%s says what to set in a small AWS account, before Terraform runs',
    async (task) => {
      deployment.terraform({ verb: 'echo Terraform runs >&2' });
      const { code, stderr } = await runTask(deployment, task);
      expect(code).toBe(0);
      expect(stderr).toMatch(/reserve_concurrency = false and max_concurrency = 9, [^]*Terraform runs/);
    },
  );

  test.each([
    ['on the command line', () => ['-var=max_concurrency=8', '-var', 'reserve_concurrency=false']],
    [
      'in a file',
      () => [`-var-file=${deployment.write('small.hcl', 'max_concurrency = 8 # of 10\nreserve_concurrency=false\n')}`],
    ],
    [
      'in JSON',
      () => [`-var-file=${deployment.write('small.json', '{"max_concurrency": 8, "reserve_concurrency": false}')}`],
    ],
    [
      'in the environment',
      () => {
        Object.assign(process.env, { TF_VAR_max_concurrency: '8', TF_VAR_reserve_concurrency: 'false' });
        return [];
      },
    ],
  ])('nothing is said of values that fit: %s', async (_where, options) => {
    expect((await runTask(deployment, 'plan', '--', ...options())).stderr).not.toContain('quota');
    expect(lambda.requests).toHaveLength(1);
  });

  test('the reservation that the state has is its own', async () => {
    lambda.answers(body('{"AccountLimit":{"ConcurrentExecutions":150,"UnreservedConcurrentExecutions":100}}'));
    const address = 'aws_lambda_function.payments_payment_processor';
    const resources = [{ type: 'aws_lambda_function', address, values: { reserved_concurrent_executions: 50 } }];
    deployment.terraform({ show: `echo '${JSON.stringify({ values: { root_module: { resources } } })}'` });
    expect((await runTask(deployment, 'plan')).stderr).not.toContain('quota');
  });

  test('without the permission one line says so, and the plan goes on', async () => {
    lambda.answers(status(403, { 'x-amzn-errortype': 'AccessDeniedException' }, '{"Message":"not authorized"}'));
    const { code, stderr } = await runTask(deployment, 'plan');
    expect({ code, last: deployment.calls.at(-1) }).toEqual({
      code: 0,
      last: expect.stringMatching(/^plan/) as string,
    });
    expect(stderr).toMatch(/max_concurrency = 50, as lambda:GetAccountSettings fails \(AccessDeniedException\)\.\n/);
  });

  test('destroy does not ask', async () => {
    await runTask(deployment, 'destroy');
    expect(lambda.requests).toEqual([]);
  });

  test('the quota is that of the region, and another region than that of the state is refused', async () => {
    const resources = [{ type: 'aws_region', address: 'data.aws_region.current', values: { name: 'eu-west-1' } }];
    deployment.terraform({ show: `echo '${JSON.stringify({ values: { root_module: { resources } } })}'` });
    expect((await runTask(deployment, 'plan', '--', '-var=region=eu-west-1')).stderr).toMatch(
      /account 123456789012 in eu-west-1[^]*quota in eu-west-1 is 10/,
    );
    for (const task of ['plan', 'deploy', 'destroy'] as const) {
      const { code, stderr } = await runTask(deployment, task);
      expect({ code, last: deployment.calls.at(-1) }).toEqual({ code: 2, last: 'init' });
      expect(stderr).toMatch(/the state has resources of eu-west-1, but the variable region is "ap-southeast-1"/);
    }
  });
});

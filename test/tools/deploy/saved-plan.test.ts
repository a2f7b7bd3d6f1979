import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deployForEachTest, refusal, runTask } from '../../../tools/deploy/fixtures/each-test';
import type { FakeDeployment } from '../../../tools/deploy/fixtures/fake-deployment';

let deployment: FakeDeployment;

deployForEachTest((fresh) => {
  deployment = fresh;
});

describe('a saved plan', () => {
  const ZIP = '{"data": {"archive_file": {"code": {"output_path": "assets/code.zip"}}}}'; // and the stack's own file, too

  const bring = (...files: string[]) => {
    for (const file of files) {
      mkdirSync(join(deployment.stack, file, '..'), { recursive: true });
      writeFileSync(join(deployment.stack, file), ZIP);
    }
  };

  test('that is not there', async () => {
    expect(await refusal(deployment, 'deploy', 'none.tfplan')).toMatch(
      /There is no plan .*none\.tfplan.*npx projen plan -- -out=FILE/,
    );
  });

  test('is for deploy alone', async () => {
    expect(await refusal(deployment, 'destroy', 'my.tfplan')).toMatch(/Only deploy takes a saved plan/);
  });

  test.each([
    [[], /without cdk\.tf\.json:/],
    [['cdk.tf.json'], /without \.terraform\.lock\.hcl, assets\/code\.zip: bring the whole directory/],
    [['cdk.tf.json', '.terraform.lock.hcl'], /without assets\/code\.zip:/],
  ])('that came with no more than %p', async (files, sentence) => {
    bring(...files);
    expect(await refusal(deployment, 'deploy', deployment.write('my.tfplan', ''))).toMatch(sentence);
  });

  /** Terraform's form of a plan that uploads a zip, or leaves it. */
  const planOf = (zip: string, action = 'update') => {
    const after = { filename: 'assets/code.zip', source_code_hash: createHash('sha256').update(zip).digest('base64') };
    return JSON.stringify({
      resource_changes: [
        { type: 'aws_lambda_function', address: 'aws_lambda_function.f', change: { actions: [action], after } },
      ],
    });
  };

  test('that was made for other code than there is now is not applied', async () => {
    bring('cdk.tf.json', '.terraform.lock.hcl', 'assets/code.zip');
    deployment.terraform({ show: `echo '${planOf('other code')}'` });

    const { code, stderr } = await runTask(deployment, 'deploy', deployment.write('my.tfplan', ''));

    expect({ code, calls: deployment.calls }).toEqual({ code: 2, calls: ['init -lockfile=readonly'] });
    expect(stderr).toMatch(
      /code has changed since the plan was made \(assets\/code\.zip\).*npx projen plan -- -out=FILE/,
    );
  });

  test('that deletes a protected resource is not applied', async () => {
    bring('cdk.tf.json', '.terraform.lock.hcl', 'assets/code.zip');
    const change = { actions: ['delete', 'create'], before: { deletion_protection_enabled: true }, after: {} };
    deployment.terraform({
      show: `echo '${JSON.stringify({ resource_changes: [{ type: 'aws_dynamodb_table', address: 'aws_dynamodb_table.t', change }] })}'`,
    });

    const { code, stderr } = await runTask(deployment, 'deploy', deployment.write('my.tfplan', ''));

    expect(code).toBe(2);
    expect(stderr).toMatch(/Nothing was destroyed: aws_dynamodb_table\.t is protected/);
  });

  test.each([
    ['uploads what there is now', `echo '${planOf(ZIP)}'`],
    ['uploads nothing', `echo '${planOf('other code', 'no-op')}'`],
    ['Terraform cannot show, which says best why', 'exit 1'],
  ])('that %s is applied', async (_what, show) => {
    bring('cdk.tf.json', '.terraform.lock.hcl', 'assets/code.zip');
    deployment.terraform({ show });
    const plan = deployment.write('my.tfplan', '');

    expect((await runTask(deployment, 'deploy', plan)).code).toBe(0);
    expect(deployment.calls.at(-1)).toBe(`apply ${plan}`);
  });

  test('with all that it needs is applied as it is, without anything built and without variables', async () => {
    bring('cdk.tf.json', '.terraform.lock.hcl', 'assets/code.zip');
    deployment.write('terraform.tfvars', 'alert_email = "x@example.com"');
    const plan = deployment.write('my.tfplan', '');

    const { code, stderr } = await runTask(deployment, 'deploy', '-input=false', plan);

    expect({ code, calls: deployment.calls }).toEqual({
      code: 0,
      calls: ['init -input=false -lockfile=readonly', `apply -input=false ${plan}`],
    });
    expect(stderr).toContain('as planned');
  });
});

import { deployForEachTest, runTask } from '../../../tools/deploy/fixtures/each-test';
import type { FakeDeployment } from '../../../tools/deploy/fixtures/fake-deployment';

let deployment: FakeDeployment;

deployForEachTest((fresh) => {
  deployment = fresh;
});

describe('what AWS would not delete, when all else is gone', () => {
  const table = (deletion_protection_enabled: boolean) => ({
    type: 'aws_dynamodb_table',
    address: 'aws_dynamodb_table.t',
    values: { deletion_protection_enabled },
  });
  const bucket = (force_destroy: boolean) => ({
    type: 'aws_s3_bucket',
    address: 'aws_s3_bucket.b',
    values: { force_destroy },
  });
  const state = (...resources: object[]) => ({ values: { root_module: { resources } } });
  const shows = (json: unknown) => {
    deployment.terraform({ show: `echo '${JSON.stringify(json)}'` });
  };

  test.each([
    [
      'destroy',
      [],
      state(table(true)),
      /Nothing was destroyed: aws_dynamodb_table\.t is protected from deletion\. .*--profile dev/,
    ],
    [
      'destroy',
      [],
      state(bucket(false), table(true)),
      /aws_s3_bucket\.b is kept as long as there is anything in it, and aws_dynamodb_table\.t is/,
    ],
    ['deploy', ['-destroy'], state(table(true)), /Nothing was destroyed/],
  ] as const)('%s %p is refused, in one sentence, before anything goes', async (verb, options, json, sentence) => {
    shows(json);
    const { code, stderr } = await runTask(deployment, verb, '--', ...options);

    expect({ code, last: deployment.calls.at(-1) }).toEqual({ code: 2, last: 'init' });
    expect(stderr.trim().split('\n').at(-1)).toMatch(sentence);
  });

  test.each([
    ['destroy', [], state(table(false), bucket(true))],
    ['destroy', ['-target=aws_sqs_queue.q'], state(table(true))],
    ['destroy', [], {}],
    ['plan', ['-destroy'], state(table(true))],
    ['deploy', [], state(table(true))],
  ] as const)('%s %p of %j is not refused', async (verb, options, json) => {
    shows(json);
    expect((await runTask(deployment, verb, '--', ...options)).code).toBe(0);
  });
});

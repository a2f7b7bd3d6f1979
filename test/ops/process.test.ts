import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, existsSync, openSync } from 'node:fs';
import { payment } from '../../tools/kit/payments/black-box-payments';
import { body, hangs, resets, ScriptedServer } from '../../tools/kit/scripted-server';
import { EMPTY_DRY_RUN, fileOf, outputsOf } from '../../tools/kit/ops/ops-bench';
import { type OpsProcess, outcomeOf, startOps } from '../../tools/kit/ops/ops-process';

/** The counts of a dry run. */
const PLAN_TEXT = JSON.stringify({
  ...EMPTY_DRY_RUN,
  seen: 2,
  redriven: 2,
});
const PLAN = body(PLAN_TEXT);

/** AWS as far as the process meets it; the tool is a process of its own, as a person's shell starts it. */
const aws = new ScriptedServer();
const outputs = fileOf(outputsOf());
beforeAll(() => aws.start());
afterAll(() => aws.stop());

function start(args: readonly string[], more: NodeJS.ProcessEnv = {}, stdout?: 'pipe' | number): OpsProcess {
  const environment = {
    ...process.env,
    AWS_ACCESS_KEY_ID: 'a',
    AWS_SECRET_ACCESS_KEY: 's',
    AWS_ENDPOINT_URL: new URL(aws.url).origin,
    ...more,
  };
  return startOps([...args, '--outputs', outputs], environment, stdout);
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10));
}

test('an endpoint that cannot be reached', async () => {
  const { code, stdout, stderr } = await outcomeOf(
    start(['payment', 'tx-1'], { AWS_ENDPOINT_URL: 'http://127.0.0.1:9' }),
  );
  expect({ code, stdout, stderr }).toEqual({
    code: 2,
    stdout: '',
    stderr:
      'The payment table payments in ap-southeast-1 cannot be reached (ECONNREFUSED): check the network, the region and AWS_ENDPOINT_URL, and try again.\n',
  });
});

test('STS that cannot be reached', async () => {
  const settings = fileOf(
    '[profile ops]\nrole_arn = arn:aws:iam::000000000000:role/operator\nsource_profile = base\nregion = eu-west-1\n[profile base]\naws_access_key_id = a\naws_secret_access_key = s\n',
  );
  const { code, stderr } = await outcomeOf(
    start(['payment', 'tx-1'], {
      AWS_CONFIG_FILE: settings,
      AWS_PROFILE: 'ops',
      AWS_ENDPOINT_URL_STS: 'http://127.0.0.1:9',
    }),
  );
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr:
      'AWS, asked for the credentials of the AWS profile "ops", cannot be reached (ECONNREFUSED): check the network, the region, and HTTPS_PROXY if there is a proxy.\n',
  });
});

test('a lost answer of the function does not repeat the call', async () => {
  aws.answers(resets);
  expect(await outcomeOf(start(['redrive', '--yes']))).toEqual({
    code: 2,
    stdout: '',
    stderr:
      'The function dlq-processor in ap-southeast-1 gave no answer (ECONNRESET): check the network. It may have done what it was asked; the same command again is safe.\n',
  });
  expect(aws.requests).toHaveLength(1);
});

test('Ctrl-C ends a redrive while the function works: at once, with a sentence, and exit 130', async () => {
  aws.answers(PLAN, hangs);
  const child = start(['redrive', '--yes']);
  await until(() => aws.requests.length === 2);
  child.kill('SIGINT');
  const { code, stdout } = await outcomeOf(child);
  expect({ code, stdout }).toEqual({
    code: 130,
    stdout:
      'Interrupted. For certain: 0 payments done, 0 were decided already. A call in progress continues in the function, for two minutes at most. ' +
      'Nothing is lost or done twice: the same command continues from here.\n',
  });
});

test('Ctrl-C ends a snapshot that gets no answer', async () => {
  aws.answers(hangs);
  const child = start(['payment', 'tx-1']);
  await until(() => aws.requests.length === 1);
  child.kill('SIGINT');
  expect(await outcomeOf(child)).toEqual({ code: 130, stdout: '', stderr: 'Interrupted. No payment was changed.\n' });
});

test('many calls at once are nothing to warn of', async () => {
  aws.answers(hangs);
  const child = start(['watch']);
  await until(() => aws.requests.length > 11);
  child.kill('SIGINT');
  expect(await outcomeOf(child)).toEqual({ code: 0, stdout: '', stderr: '' });
});

describe('a reader of both streams that is gone at once, as in "2>&1 | head -0"', () => {
  const answerOf = (fields: object) =>
    body(JSON.stringify({ ...(JSON.parse(PLAN_TEXT) as object), dryRun: false, redriven: 1, ...fields }));

  test('a redrive makes all of its calls', async () => {
    aws.answers(PLAN, answerOf({ more: true }), answerOf({ more: true }), answerOf({ more: false }));
    const child = start(['redrive', '--yes']);
    child.stderr!.destroy();
    child.stdout!.destroy();
    expect((await outcomeOf(child)).code).toBe(0);
    expect(aws.requests).toHaveLength(4);
  });

  test('a file is sent to its end, and its bad lines are known by the exit code', async () => {
    const payments = Array.from({ length: 60 }, (_, index) =>
      JSON.stringify(payment({ account_id: `account-${index % 7}` })),
    );
    const file = fileOf(['not JSON', ...payments, 'not JSON either'].join('\n'));
    const sent: string[] = [];
    aws.answers(
      (response) => response.end(JSON.stringify({ QueueUrl: `${new URL(aws.url).origin}/000000000000/payments.fifo` })),
      (response) => {
        const { Entries } = JSON.parse(aws.requests.at(-1)!.body) as { Entries: { Id: string; MessageBody: string }[] };
        sent.push(...Entries.map(({ MessageBody }) => MessageBody));
        const Successful = Entries.map(({ Id, MessageBody }) => ({
          Id,
          MessageId: Id,
          SequenceNumber: '1',
          MD5OfMessageBody: createHash('md5').update(MessageBody).digest('hex'),
        }));
        response
          .writeHead(200, { 'content-type': 'application/x-amz-json-1.0' })
          .end(JSON.stringify({ Successful, Failed: [] }));
      },
    );
    const child = start(['send', file]);
    child.stderr!.destroy();
    child.stdout!.destroy();
    expect((await outcomeOf(child)).code).toBe(1);
    expect(sent).toHaveLength(60);
  });
});

(existsSync('/dev/full') ? test : test.skip)('an answer that cannot be written is a failure', async () => {
  const full = openSync('/dev/full', 'w');
  const child = startOps(['--help'], process.env, full);
  closeSync(full);
  expect(await outcomeOf(child)).toMatchObject({
    code: 2,
    stderr: 'The answer cannot be written (ENOSPC): what was done is done.\n',
  });
});

test('a reader that closes the answer early, as head does, is no failure', async () => {
  aws.answers(body(JSON.stringify({ QueueUrl: 'http://queue', Attributes: {}, Count: 0, Items: [] })));
  const child = start(['watch', '--json', '--interval', '1']);
  await once(child.stdout!, 'data');
  child.stdout!.destroy();
  expect(await outcomeOf(child)).toMatchObject({ code: 0, stderr: '' });
});

(existsSync('/dev/full') ? test : test.skip)('a watch whose snapshots cannot be written ends', async () => {
  aws.answers(body(JSON.stringify({ QueueUrl: 'http://queue', Attributes: {}, Count: 0, Items: [] })));
  const full = openSync('/dev/full', 'w');
  const child = start(['watch', '--interval', '1'], {}, full);
  closeSync(full);
  expect(await outcomeOf(child)).toMatchObject({
    code: 2,
    stderr: 'The answer cannot be written (ENOSPC): what was done is done.\n',
  });
});

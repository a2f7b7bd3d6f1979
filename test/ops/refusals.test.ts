import { type Answer, ScriptedServer, status } from '../../tools/kit/scripted-server';
import { fileOf, outputsOf, runOps } from '../../tools/kit/ops/ops-bench';

/** AWS's answer; its text must not be shown. */
const refusal = (code: string, message = 'MARKED', httpStatus = 400): Answer =>
  status(
    httpStatus,
    { 'content-type': 'application/x-amz-json-1.0' },
    JSON.stringify({ __type: `com.amazonaws#${code}`, message }),
  );
const isNotAuthorized = (action: string) =>
  `User: arn:aws:iam::1:user/MARKED is not authorized to perform: ${action} on resource: MARKED`;

const aws = new ScriptedServer();
const outputs = fileOf(outputsOf());
beforeAll(async () => {
  await aws.start();
  Object.assign(process.env, {
    AWS_REGION: 'ap-southeast-1',
    AWS_ACCESS_KEY_ID: 'a',
    AWS_SECRET_ACCESS_KEY: 's',
    AWS_ENDPOINT_URL: new URL(aws.url).origin,
  });
});
afterAll(() => aws.stop());

const TABLE = 'payment table payments in ap-southeast-1';

describe('what AWS refuses is one sentence that says what to do, exit 2', () => {
  test.each<[code: string, answer: Answer, sentence: string]>([
    [
      'ExpiredTokenException',
      refusal('ExpiredTokenException'),
      'The AWS credentials have expired (ExpiredTokenException): log in again, as by "aws sso login", or renew them.',
    ],
    [
      'UnrecognizedClientException',
      refusal('UnrecognizedClientException'),
      'AWS does not take these credentials (UnrecognizedClientException): see that AWS_PROFILE is the one you mean, or renew them.',
    ],
    [
      'AccessDeniedException',
      refusal('AccessDeniedException', isNotAuthorized('dynamodb:GetItem')),
      `These credentials may not do dynamodb:GetItem on the ${TABLE} (AccessDeniedException): ask for the permission, or take other ones.`,
    ],
    [
      'AccessDeniedException of unknown words',
      refusal('AccessDeniedException'),
      `These credentials may not use the ${TABLE} (AccessDeniedException): ask for the permission, or take other ones.`,
    ],
    [
      'ResourceNotFoundException',
      refusal('ResourceNotFoundException'),
      `There is no ${TABLE}: check that ${outputs} is of this deployment, and the credentials of its account.`,
    ],
    [
      'ValidationException',
      refusal('ValidationException'),
      `The ${TABLE} did not answer as asked (ValidationException): check AWS_ENDPOINT_URL, and try again; if it fails again, check the status of AWS itself.`,
    ],
  ])('%s', async (_code, answer, sentence) => {
    aws.answers(answer);
    expect(await runOps(['payment', 'tx-1', '--outputs', outputs])).toEqual({
      code: 2,
      stdout: '',
      stderr: `${sentence}\n`,
    });
  });
});

test('a region of another pipeline or none: nothing is found there, and the sentence names the region', async () => {
  aws.answers(refusal('ResourceNotFoundException'));
  const before = process.env.AWS_REGION;
  process.env.AWS_REGION = 'eu-west-1';
  const { code, stderr } = await runOps(['payment', 'tx-1']);
  process.env.AWS_REGION = before;
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr:
      "There is no payment table payment-status-dev in eu-west-1: check AWS_REGION, the credentials' account, --environment (dev) and --queue-name (payment-processing).\n",
  });
});

test('outputs of one account, and credentials of another one that has the same names: its function and queue are not taken', async () => {
  aws.answers(refusal('AccessDeniedException', isNotAuthorized('lambda:InvokeFunction'), 403));
  await runOps(['redrive', '--yes', '--outputs', outputs]);
  expect(decodeURIComponent(aws.requests[0]!.path!)).toContain(
    '/functions/arn:aws:lambda:ap-southeast-1:000000000000:function:dlq-processor/invocations',
  );

  aws.answers(refusal('QueueDoesNotExist'));
  await runOps(['send', outputs, '--outputs', outputs]);
  expect(JSON.parse(aws.requests[0]!.body)).toEqual({
    QueueName: 'payments.fifo',
    QueueOwnerAWSAccountId: '000000000000',
  });
});

describe('the function, whose calls are not repeated by themselves', () => {
  test.each<[what: string, args: string[], answer: Answer, sentence: string]>([
    [
      'throttled',
      ['redrive', '--yes'],
      refusal('TooManyRequestsException', 'MARKED', 429),
      'The function dlq-processor in ap-southeast-1 takes no more calls for now (TooManyRequestsException): wait a minute, and try again.',
    ],
    [
      'not allowed',
      ['analyze'],
      refusal('AccessDeniedException', isNotAuthorized('lambda:InvokeFunction'), 403),
      'These credentials may not do lambda:InvokeFunction on the function dlq-processor in ap-southeast-1 (AccessDeniedException): ask for the permission, or take other ones.',
    ],
    [
      'out of time',
      ['redrive', '--yes'],
      status(
        200,
        { 'x-amz-function-error': 'Unhandled' },
        '{"errorMessage":"2026-07-01T08:30:00.000Z f3a1 Task timed out after 120.00 seconds"}',
      ),
      'dlq-processor ran out of its time. What it has done stays done: the same command continues where it ended.',
    ],
  ])('%s', async (_what, args, answer, sentence) => {
    aws.answers(answer);
    expect(await runOps([...args, '--outputs', outputs])).toEqual({ code: 2, stdout: '', stderr: `${sentence}\n` });
    expect(aws.requests).toHaveLength(1);
  });
});

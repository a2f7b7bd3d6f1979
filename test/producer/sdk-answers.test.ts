import { SQSClient } from '@aws-sdk/client-sqs';
import { PaymentProducer, QueueUrlError } from '../../src/producer';
import { answerOf, callFailed } from '../../src/producer/send-attempt';
import { type Answer, body, resets, ScriptedServer, status } from '../../tools/kit/scripted-server';
import { aPayment } from '../../tools/kit/payments/payments';

const server = new ScriptedServer();
beforeAll(() => server.start());
afterAll(() => server.stop());

const STORED = body(
  JSON.stringify({
    Successful: [{ Id: '0', MessageId: 'm-1', SequenceNumber: '7' }],
    Failed: [],
  }),
);
const error = (code: number, name: string): Answer =>
  status(
    code,
    { 'content-type': 'application/x-amz-json-1.0' },
    JSON.stringify({ __type: `com.amazonaws.sqs#${name}` }),
  );

const SDK = { region: 'eu-west-1', md5: false as const };
const CREDENTIALS = { accessKeyId: 'nobody', secretAccessKey: 'nobody' };

function send(options: Partial<ConstructorParameters<typeof SQSClient>[0]> = {}) {
  const client = new SQSClient({
    ...SDK,
    endpoint: new URL(server.url).origin,
    credentials: CREDENTIALS,
    maxAttempts: 1,
    ...options,
  });
  return new PaymentProducer(client, 'https://sqs.eu-west-1.amazonaws.com/1/payments.fifo').send([aPayment()]);
}

test.each<[what: string, first: Answer]>([
  ['throttled', error(400, 'RequestThrottled')],
  ['throttled by KMS', error(400, 'KmsThrottled')],
  ['broken', error(503, 'ServiceUnavailable')],
  ['cut off', resets],
])("after a call that is %s, the SDK's next answer counts", async (_what, first) => {
  server.answers(first, STORED);

  expect(await send()).toEqual([{ payment: aPayment(), status: 'accepted', messageId: 'm-1', sequenceNumber: '7' }]);
  expect(server.requests).toHaveLength(2);
  expect(server.requests[1]!.body).toBe(server.requests[0]!.body);
});

test.each([
  [403, 'AccessDeniedException'],
  [400, 'QueueDoesNotExist'],
  [400, 'KmsDisabled'],
])('HTTP %i %s is final, and says so', async (code, name) => {
  server.answers(error(code, name));

  expect(await send()).toMatchObject([
    { status: 'refused', code: 'SEND_FAILED', reason: `SQS did not take it: ${name}.`, cause: { name } },
  ]);
  expect(server.requests).toHaveLength(1);
});

test("what the SDK's own retry hides is not taken for a refusal", async () => {
  server.answers(resets, error(403, 'AccessDeniedException'));

  const results = await send({ maxAttempts: 2 });

  expect(results).toMatchObject([{ status: 'unknown', reason: expect.stringContaining('AccessDeniedException') }]);
});

test('credentials that cannot be had are a refusal: nothing was sent', async () => {
  const expired = () =>
    Promise.reject(Object.assign(new Error('The SSO session has expired.'), { name: 'CredentialsProviderError' }));

  expect(await send({ credentials: expired })).toMatchObject([
    { status: 'refused', code: 'SEND_FAILED', cause: { message: 'The SSO session has expired.' } },
  ]);
});

test('a client without a region sends nothing, and says so at once', async () => {
  const before = process.env;
  process.env = {
    ...Object.fromEntries(Object.entries(before).filter(([name]) => !name.startsWith('AWS_'))),
    AWS_CONFIG_FILE: '/dev/null',
  };
  try {
    expect(await send({ region: undefined as never })).toMatchObject([
      {
        status: 'refused',
        code: 'SEND_FAILED',
        reason: 'SQS did not take it: RegionMissing.',
        cause: { message: 'Region is missing' },
      },
    ]);
  } finally {
    process.env = before;
  }
});

test.each([
  [undefined],
  [''],
  ['payments.fifo'],
  ['https://sqs.eu-west-1.amazonaws.com/1/payments'],
  [new URL('https://sqs.eu-west-1.amazonaws.com/1/payments.fifo')],
])('%p is no URL of a FIFO queue', (url) => {
  const make = () => new PaymentProducer(new SQSClient(SDK), url as unknown as string);

  expect(make).toThrow(QueueUrlError);
  expect(make).toThrow(
    url === undefined
      ? /^The queue's URL is undefined, but must be/
      : `The queue's URL is "${String(url)}", but must be`,
  );
});

const failure = (name: string, httpStatusCode: number) =>
  Object.assign(new Error(), { name, $metadata: { httpStatusCode, attempts: 1 } });

test.each([
  ['SlowDown', 503, 'throttled'],
  ['OverLimit', 403, 'throttled'],
  ['RequestThrottled', 400, 'throttled'],
  ['TooManyRequestsException', 400, 'throttled'],
  ['LimitExceeded', 400, 'throttled'],
  ['Unknown', 429, 'throttled'],
  ['RequestTimeout', 408, 'unclear'],
  ['InternalFailure', 500, 'unclear'],
  ['AccessDenied', 403, 'refused'],
])('a call that fails by %s (HTTP %i) is %s', (name, code, outcome) => {
  expect(callFailed(failure(name, code))).toMatchObject({ outcome, code: name });
});

test.each([
  ['AWS.SimpleQueueService.InvalidMessageContents', true, 'unfit'],
  ['OverLimit', true, 'throttled'],
  ['InvalidParameterValue', true, 'refused'],
  ['InternalError', false, 'unclear'],
])("an entry that fails by %s (the sender's fault: %s) is %s", (Code, SenderFault, outcome) => {
  expect(answerOf('0', { Failed: [{ Id: '0', Code, SenderFault }] })).toMatchObject({ outcome, code: Code });
});

test('a network error is named by its code, and by nothing that it may quote', () => {
  expect(callFailed(Object.assign(new Error('getaddrinfo of somebody'), { code: 'EAI_AGAIN' }))).toMatchObject({
    outcome: 'unclear',
    code: 'EAI_AGAIN',
  });
});

test('an entry that fails without a code, or is stored without ids, has a result all the same', () => {
  expect(answerOf('0', { Failed: [{ Id: '0', Code: undefined, SenderFault: true }] })).toMatchObject({
    outcome: 'refused',
    code: 'Unknown',
  });
  expect(answerOf('0', { Successful: [{ Id: '0', MessageId: undefined, MD5OfMessageBody: undefined }] })).toEqual({
    outcome: 'stored',
    messageId: '',
    sequenceNumber: '',
  });
});

test('an error without a name is unclear', () => {
  expect(callFailed({})).toMatchObject({ outcome: 'unclear', code: 'Unknown' });
});

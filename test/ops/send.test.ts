import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { EventEmitter } from 'node:events';
import { writeFileSync } from 'node:fs';
import { payment } from '../../tools/kit/payments/black-box-payments';
import { fileOf, OpsBench, outputsOf, runOps } from '../../tools/kit/ops/ops-bench';

let bench: OpsBench;
beforeAll(async () => {
  bench = await OpsBench.start();
});
afterAll(() => bench.close());

const lines = (...values: (object | string)[]) =>
  fileOf(values.map((value) => (typeof value === 'string' ? value : JSON.stringify(value))).join('\n'));
const sent = async () => (await bench.pipeline.depth('payments')).visible;

test('a file of payments is sent, each in the group of its account', async () => {
  const [one, two] = [payment(), payment()];
  const { code, stdout, stderr } = await bench.run('send', lines(one, two));

  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/accepted │ 2 /);
  expect(stdout).toContain('All were accepted.');
  expect(stdout).toContain('Sent as arn:aws:iam::000000000000:root.');
  const { Messages = [] } = await bench.pipeline.aws.sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: bench.pipeline.queues.payments,
      MaxNumberOfMessages: 10,
      MessageSystemAttributeNames: ['MessageGroupId'],
      VisibilityTimeout: 0,
    }),
  );
  const groups = Object.fromEntries(
    Messages.map(({ Body, Attributes }) => [
      (JSON.parse(Body!) as typeof one).transaction_id,
      Attributes?.MessageGroupId,
    ]),
  );
  expect(groups).toEqual({ [one.transaction_id]: one.account_id, [two.transaction_id]: two.account_id });
});

test('a bad line is named by its number, the others are sent, and the exit code is 1', async () => {
  const [before, file] = [
    await sent(),
    lines(payment(), 'no JSON', payment(), { ...payment({ account_id: 'account-4711' }), amount: -1 }, payment()),
  ];
  const { code, stdout, stderr } = await bench.run('send', file);

  expect(code).toBe(1);
  expect(stderr).toMatch(/^line 2: refused, INVALID_JSON: .*\nline 4: refused, INVALID_PAYMENT: .*amount.*\n$/);
  expect(stderr).not.toContain('4711');
  expect(stdout).toMatch(/accepted │ 3 [^]*refused +│ 2 /);
  expect((await sent()) - before).toBe(3);
});

test('an id that holds a card number is refused, and shown nowhere', async () => {
  const before = await sent();
  const ids = ['transaction_id', 'account_id', 'beneficiary_id'].map((field) =>
    payment({ [field]: '4111-1111-1111-1111' }),
  );
  const { code, stdout, stderr } = await bench.run('send', lines(...ids), '--json');

  expect(code).toBe(1);
  expect(stderr.match(/refused, CARD_NUMBER: .*_id must not hold a card number/g)).toHaveLength(3);
  expect(stdout + stderr).not.toContain('4111');
  expect(await sent()).toBe(before);
});

test.each<[what: string, encode: (text: string) => Buffer]>([
  ['UTF-8 with a byte order mark', (text) => Buffer.from(`\uFEFF${text}`)],
  ['UTF-16 with a byte order mark', (text) => Buffer.from(`\uFEFF${text}`, 'utf16le')],
])(
  '%s: no payment of an account overtakes the first, blank lines are skipped, and U+2028 ends no line',
  async (_what, encode) => {
    const account_id = 'account-of-a-mark';
    const [one, two] = [payment({ account_id, reference: 'a\u2028b 💶' }), payment({ account_id })];
    const before = await sent();
    const file = fileOf('');
    writeFileSync(file, encode(`${JSON.stringify(one)}\r\n\r\n \r\n${JSON.stringify(two)}\r\n`));

    expect(await bench.run('send', file)).toMatchObject({
      code: 0,
      stderr: '',
      stdout: expect.stringMatching(/accepted │ 2 /) as string,
    });
    expect((await sent()) - before).toBe(2);
  },
);

test('a line that is not UTF-8 is refused, and the others are sent', async () => {
  const file = fileOf('');
  writeFileSync(
    file,
    Buffer.concat([
      Buffer.from(`${JSON.stringify(payment())}\n`),
      Buffer.from(JSON.stringify(payment({ reference: 'Caf\u00e9' })), 'latin1'),
      Buffer.from(`\n${JSON.stringify(payment())}`),
    ]),
  );
  const { code, stdout, stderr } = await bench.run('send', file);

  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: expect.stringMatching(/^line 2: refused, INVALID_JSON: .*not valid UTF-8.*\n$/) as string,
  });
  expect(stdout).toMatch(/accepted │ 2 [^]*refused +│ 1 /);
});

test('for scripts: counts, and each line that was not accepted', async () => {
  const { code, stdout } = await bench.run('send', lines('{}', payment()), '--json');
  expect({ code, json: JSON.parse(stdout) as unknown }).toMatchObject({
    code: 1,
    json: {
      accepted: 1,
      refused: 1,
      unknown: 0,
      interrupted: false,
      not_accepted: [{ line: 1, status: 'refused', code: 'INVALID_PAYMENT' }],
    },
  });
});

test('a payment that the queue refuses is named by its line', async () => {
  process.env.AWS_ENDPOINT_URL_SQS = bench.pipeline.sqs.endpoint;
  bench.pipeline.sqs.fail('SendMessageBatch', 'refused');
  const { code, stderr } = await bench.run('send', lines('', payment()));
  bench.pipeline.sqs.heal();

  expect(code).toBe(1);
  expect(stderr).toMatch(/line 2: refused, SEND_FAILED: SQS did not take it: AccessDenied/);
});

test('Ctrl-C: calls in progress finish and are counted, the rest is not sent, and the sentence says how to continue', async () => {
  const [signals, account_id] = [new EventEmitter(), 'account-4711'];
  process.env.AWS_ENDPOINT_URL_SQS = bench.pipeline.sqs.endpoint;
  bench.pipeline.sqs.before = ({ operation }) => {
    if (operation === 'SendMessageBatch') signals.emit('SIGINT');
    return Promise.resolve();
  };
  const { code, stdout, stderr } = await bench.runAt(
    { signals },
    'send',
    lines(payment({ account_id }), payment({ account_id })),
  );
  bench.pipeline.sqs.before = undefined;

  expect(code).toBe(130);
  expect(stderr).toContain('Interrupted: calls in progress may finish, for 10 s at most; Ctrl-C again ends at once.\n');
  expect(stdout).toMatch(/accepted │ 1 /);
  expect(stdout).toMatch(/Interrupted: later lines .* were not sent\. Send the file again/);
});

test('a warning names an account with more payments than --warn-above before anything is sent, without its number', async () => {
  const [before, account_id] = [await sent(), 'account-4711'];
  const file = lines(payment(), 'no JSON', ...Array.from({ length: 4 }, () => payment({ account_id })));
  const { code, stdout, stderr } = await bench.run('send', file, '--warn-above', '3');

  expect(stderr).toMatch(
    /^Warning: the account of line 3 has 4 payments in .*outputs\.json\. SQS serves no other account while the first 120,000 messages of the queue are of one\. .*\nline 2: refused/,
  );
  expect(stdout + stderr).not.toContain('4711');
  expect({ code, sent: (await sent()) - before }).toEqual({ code: 1, sent: 5 });
  expect((await bench.run('send', file, '--warn-above', '4')).stderr).not.toContain('Warning');
  expect((await bench.run('send', file)).stderr).not.toContain('Warning');
});

test.each([
  [
    'a file that is not there',
    () => '/none.jsonl',
    /^\/none\.jsonl cannot be read \(ENOENT\): give a file of JSON lines/,
  ],
  ['a file of blank lines', () => fileOf('\n \r\n'), /outputs\.json is empty: give a file of JSON lines/],
  ['an empty file', () => fileOf(''), /outputs\.json is empty: give a file of JSON lines/],
])('%s is bad usage', async (_what, file, sentence) => {
  expect(await bench.run('send', file())).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringMatching(sentence) as string,
  });
});

test('a queue that is not there is one sentence', async () => {
  const outputs = fileOf(
    outputsOf({ payments_payment_queue_arn: 'arn:aws:sqs:ap-southeast-1:000000000000:gone.fifo' }),
  );
  const { code, stderr } = await runOps(['send', lines(payment()), '--outputs', outputs]);
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr: expect.stringMatching(/^There is no queue gone\.fifo in ap-southeast-1: check that /) as string,
  });
});

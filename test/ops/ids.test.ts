import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { main } from '../../src/ops/main';
import { identifiers } from '../../tools/kit/payments/arbitraries';
import { aPayment } from '../../tools/kit/payments/payments';
import { body, ScriptedServer } from '../../tools/kit/scripted-server';
import { newDirectory } from '../../tools/kit/new-directory';
import { EMPTY_DRY_RUN, fileOf, outputsOf, runOps, terminalOf } from '../../tools/kit/ops/ops-bench';

/** An answer that each command takes: an empty dead-letter queue, no record, a queue. */
const NOTHING = body(
  JSON.stringify({
    ...EMPTY_DRY_RUN,
    QueueUrl: 'http://127.0.0.1/000000000000/payments.fifo',
    Successful: [],
    Failed: [],
  }),
);
const aws = new ScriptedServer();
const outputs = fileOf(outputsOf());
const before = { env: { ...process.env }, directory: process.cwd() };
beforeAll(async () => {
  await aws.start();
  Object.assign(process.env, {
    AWS_ACCESS_KEY_ID: 'a',
    AWS_SECRET_ACCESS_KEY: 's',
    AWS_ENDPOINT_URL: new URL(aws.url).origin,
  });
});
beforeEach(() => {
  aws.answers(NOTHING);
});
afterAll(async () => {
  process.env = before.env;
  process.chdir(before.directory);
  await aws.stop();
});

/** The payload of the first call. */
async function asked(...args: string[]): Promise<unknown> {
  const { stderr } = await runOps([...args]);
  if (aws.requests.length === 0) throw new Error(stderr);
  return JSON.parse(aws.requests[0]!.body);
}

/** Valid ids, all of them. */
const LIKE_OPTIONS = [
  '--yes',
  '--environment',
  '--dry-run',
  '--json',
  '--help',
  '-h',
  '--',
  '-',
  '--id',
  '-x',
  '--limit',
];
const WORK: [action: string, ...reason: string[]][] = [['redrive'], ['discard', '--reason', 'late']];

test.each(WORK)('%s: any id, in the form --id=ID, is the id', async (...command) => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof(identifiers, fc.constantFrom(...LIKE_OPTIONS)), { minLength: 1, maxLength: 4 }),
      async (ids) => {
        aws.answers(NOTHING);
        const event = await asked(
          ...command,
          ...ids.map((id) => `--id=${id}`),
          ...ids.map((id) => `--account=${id}`),
          '--outputs',
          outputs,
          '--dry-run',
        );
        expect(event).toMatchObject({ action: command[0], dryRun: true, transactionIds: ids, accountIds: ids });
      },
    ),
    { numRuns: 30 },
  );
});

describe.each(WORK)('%s', (...command) => {
  test.each(['--id', '--account', '--ids-from'])(
    '%s takes exactly one value, and nothing that looks like an option',
    async (option) => {
      for (const value of ['--yes', '--environment', '--dry-run', '--id', '-h', '--', '--unknown']) {
        const { code, stderr } = await runOps([...command, option, value, '--outputs', outputs]);
        expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(`${option}=${value}`) as string });
      }
      expect(aws.requests).toEqual([]);
    },
  );

  test.each([
    ['a list of ids behind one option', ['--id', 'tx-1', 'tx-2', '--yes'], /--id=tx-1 --id=tx-2/],
    [
      'a list from the one that has the words of options in it',
      ['--id', 'tx-1', 'tx-2', '--environment', 'production', '--yes'],
      /^Unexpected argument 'tx-2'/,
    ],
    ['ids with commas', ['--id', 'tx-1,tx-2', '--yes'], /tx-1,tx-2/],
    ['an id that cannot be one', ['--id', 'tx 1', '--yes'], /A-Z a-z 0-9 \. _ -/],
    ['an empty id', ['--id=', '--yes'], /A-Z a-z 0-9 \. _ -/],
    ['a shortened account', ['--account', '…4711', '--yes'], /--full/],
  ])('%s is refused before any call', async (_what, args, sentence) => {
    const { code, stderr } = await runOps([...command, ...args]);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(sentence) as string });
    expect(aws.requests).toEqual([]);
  });
});

describe('forty ids come from a file, or from the input', () => {
  const ids = Array.from({ length: 40 }, (_, index) => (index % 5 === 0 ? `--yes.${index}` : `tx-${index}`)).concat(
    LIKE_OPTIONS,
  );

  test.each<[how: string, content: string | Buffer]>([
    ['one a line', ids.join('\n')],
    ['as Windows ends lines, with blank lines and a byte order mark', `\ufeff${ids.join('\r\n\r\n')}\r\n`],
    ['as the AWS CLI writes them as text, with tabs', `${ids.join('\t')}\n`],
    ['in UTF-16, as Windows PowerShell writes them', Buffer.from(`\ufeff${ids.join('\r\n')}\r\n`, 'utf16le')],
    ['with spaces', `  ${ids.join('  ')} `],
  ])('%s', async (_how, content) => {
    const file = join(newDirectory(), 'ids.txt');
    writeFileSync(file, content);
    expect(
      await asked('redrive', '--ids-from', file, '--id', 'tx-0001', '--outputs', outputs, '--dry-run'),
    ).toMatchObject({ transactionIds: ['tx-0001', ...ids] });
  });

  test('piped', async () => {
    const terminal = { ...terminalOf(), stdin: Object.assign(new PassThrough(), { isTTY: false }) };
    terminal.stdin.end(ids.join('\n'));
    await main(['redrive', '--ids-from', '-', '--outputs', outputs, '--dry-run'], terminal);
    expect(JSON.parse(aws.requests[0]!.body)).toMatchObject({ transactionIds: ids });
  });

  test('typed in a terminal, too', async () => {
    const { code, stderr } = await runOps(['redrive', '--ids-from', '-', '--outputs', outputs], { typed: 'tx-1\n' });
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(/--yes, or --dry-run/) as string });
    expect(aws.requests).toEqual([]);
  });

  test.each([
    ['rows of the list', 'tx-1\n│ 2026-01-02 │ tx-2 │\n', /line 2: "│" is no id/],
    ["the terminal's controls", 'tx-1\n\n\u001b[2J\n', /line 3: "\\x1b\[2J" is no id/],
    ['nothing', ' \n', /has no id/],
    ['bytes that are not text', Buffer.from('tx-1\ntx-\xe9\n', 'latin1'), /is not text in UTF-8 or UTF-16/],
  ])('%s: refused, and nothing is done', async (_what, text, sentence) => {
    const file = join(newDirectory(), 'ids.txt');
    writeFileSync(file, text);
    const { code, stderr } = await runOps(['redrive', '--ids-from', file, '--yes', '--outputs', outputs]);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(sentence) as string });
    expect(aws.requests).toEqual([]);
  });

  test('a file that is not there', async () => {
    expect((await runOps(['redrive', '--ids-from', '/none', '--yes', '--outputs', outputs])).stderr).toMatch(
      /^\/none cannot be read \(ENOENT\)/,
    );
  });
});

describe('a payment', () => {
  test.each(LIKE_OPTIONS)('%s, behind --', async (id) => {
    expect(await asked('payment', '--outputs', outputs, '--', id)).toMatchObject({
      Key: { transaction_id: { S: id } },
    });
    aws.answers(NOTHING);
    expect(await asked('--', 'payment', '--outputs', outputs, '--', id)).toMatchObject({
      Key: { transaction_id: { S: id } },
    });
  });

  test.each(['--yes', '--environment', '--json', '-x'])('%s without it: how it is written', async (id) => {
    const { code, stderr } = await runOps(['payment', id]);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('payment -- ') as string });
  });
});

test('a file of payments whose name is an option', async () => {
  process.chdir(newDirectory());
  writeFileSync('--yes', JSON.stringify(aPayment()));
  expect(await asked('send', '--outputs', outputs, '--', '--yes')).toMatchObject({ QueueName: 'payments.fifo' });
  expect((await runOps(['send', '--yes'])).stderr).toContain('send -- ');
});

test.each([
  ['--reason', '--yes', false],
  ['--reason', '-late', false],
  ['--reason', '-5 % fee', true],
  ['--reason', '- late', true],
])('a text: %s %j is taken: %s', async (option, text, isTaken) => {
  const { code, stderr } = await runOps(['discard', option, text, '--dry-run', '--outputs', outputs]);
  expect(code).toBe(isTaken ? 0 : 2);
  if (isTaken) expect(JSON.parse(aws.requests[0]!.body)).toMatchObject({ reason: text });
  else expect(stderr).toContain(`${option}=${text}`);
  aws.answers(NOTHING);
  expect(await asked('discard', `${option}=${text}`, '--dry-run', '--outputs', outputs)).toMatchObject({
    reason: text,
  });
});

test.each([
  ['failed', '--account', '--json'],
  ['failed', '--cause', '--full'],
  ['status', '--outputs', '--json'],
  ['status', '--environment', '--full'],
])('%s %s %s: an option is no value of another', async (...args) => {
  const { code, stderr } = await runOps(args);
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(`${args[1]}=${args[2]}`) as string });
  expect(aws.requests).toEqual([]);
});

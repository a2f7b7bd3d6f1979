import { readFileSync, writeFileSync } from 'node:fs';
import { EventEmitter } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { PaymentRecord } from '../../../src/contract';
import { aPayment } from '../../../tools/kit/payments/payments';
import { BUNDLE, runDemoCommand } from '../../../tools/demo/fixtures/demo-run';
import { APPROVES, body, ScriptedServer } from '../../../tools/kit/scripted-server';
import { newDirectory } from '../../../tools/kit/new-directory';

const directory = newDirectory();

function inputOf(...lines: string[]): string {
  const file = join(directory, `${lines.length}-${Math.random()}.jsonl`);
  writeFileSync(file, lines.join('\n'));
  return file;
}

describe('bad usage is one clear sentence, exit 2, and no run', () => {
  test.each<[what: string, args: string[], sentence: RegExp]>([
    ['an unknown option', ['--colour', 'red'], /^Unknown option '--colour'\. Try --help\.\n$/],
    ['an argument too many', ['extra'], /^Unexpected argument 'extra'/],
    ['a missing input', ['--input', join(directory, 'none.jsonl')], /none\.jsonl cannot be read \(ENOENT\)/],
    [
      'an input whose name the terminal would obey',
      ['--input', '/none\u001b[2J\n'],
      /\/none\\x1b\[2J\\n cannot be read/,
    ],
    ['an option as the value of another', ['--input', '--json'], /--input=--json/],
    ['a directory as input', ['--input', directory], /cannot be read \(EISDIR\)/],
    ['an empty input', ['--input', inputOf('')], /is empty/],
    ['an input of blank lines', ['--input', inputOf('', ' ', '')], /is empty/],
    ['no payments', ['--payments', '0'], /'--payments <n>'.*whole number from 1 to 1000000/],
    ['half an account', ['--accounts', '1.5'], /'--accounts <n>'.*whole number/],
    ['a negative seed', ['--seed', '-1'], /'--seed <n>'.*whole number/],
    ['a fault rate above one', ['--fault-rate', '1.1'], /'--fault-rate <p>'.*from 0 to 1/],
    ['more poison than payments', ['--payments', '3', '--poison', '4'], /--poison 4 is more than --payments 3/],
    ['an input and a generated set', ['--input', inputOf('{}'), '--payments', '5'], /cannot be used with/],
    [
      'a fraud API by plain http elsewhere',
      ['--fraud-url', 'http://fraud.example/check'],
      /'--fraud-url <url>'.*loopback/,
    ],
    [
      'faults of a fraud API that is not ours',
      ['--fraud-url', 'http://127.0.0.1:1/', '--fault-rate', '0.5'],
      /cannot be used with/,
    ],
    [
      'an unknown handling of failed payments',
      ['--on-failed-payment', 'stop'],
      /'--on-failed-payment <mode>'.*Allowed choices are continue, hold/,
    ],
    [
      'an adapter that is none',
      ['--fraud-adapter', __filename],
      /'--fraud-adapter <file>'.*It must be an adapter of the fraud API: the file can't be loaded by itself/,
    ],
    ['an output that cannot be written', ['--output', join(directory, 'none', 'records.jsonl')], /cannot be written/],
  ])('%s', async (_what, args, sentence) => {
    const { code, stdout, stderr } = await runDemoCommand(args);

    expect(stderr).toMatch(sentence);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });

  test('a fraud API that refuses connections', async () => {
    const port = await freePort();

    const { code, stderr } = await runDemoCommand(['--payments', '1', '--fraud-url', `http://127.0.0.1:${port}/check`]);

    expect(stderr).toMatch(/The fraud API at 127\.0\.0\.1 does not answer \(ECONNREFUSED\)/);
    expect(code).toBe(2);
  });
});

test('a fraud API that answers in another shape: probe and report name the field that was missing', async () => {
  const api = new ScriptedServer();
  await api.start();
  api.answers(body('{"status":"APPROVED"}'));

  const { stdout, stderr, report } = await runDemoCommand([
    '--payments',
    '4',
    '--accounts',
    '4',
    '--poison',
    '0',
    '--fraud-url',
    api.url,
  ]);
  await api.stop();

  expect(stderr).toMatch(/^ {2}It is no decision: HTTP 200 with an unreadable answer \(decision is missing; score/m);
  expect(report?.failed).toBe(4);
  expect(Object.entries(report!.failures)).toEqual([[expect.stringContaining('decision is missing'), 4]]);
  expect(stdout).toMatch(/4 failed: .*decision is missing; score is missing/);
});

test('a bundle that refuses its environment ends the run with its own words', async () => {
  const refusing = join(directory, 'refusing.mjs');
  writeFileSync(refusing, `process.env.FRAUD_API_TIMEOUT_MS = 'soon'; await import(${JSON.stringify(BUNDLE)});`);

  const { code, stderr } = await runDemoCommand(['--payments', '1', '--poison', '0'], { bundle: refusing });

  expect(stderr).toMatch(/The function does not start: EnvironmentError: .*FRAUD_API_TIMEOUT_MS must be/);
  expect(code).toBe(1);
});

test('the fraud API gets one payment before the run, by the same key as in the run', async () => {
  const api = new ScriptedServer();
  await api.start();
  api.answers(APPROVES);

  const { code, stderr } = await runDemoCommand(['--payments', '3', '--fraud-url', api.url]);
  await api.stop();

  const [first, ...others] = api.requests.map(({ headers, body }) => [headers['idempotency-key'], body]);
  expect(stderr).toContain(`Asking the fraud API about ${String(first![0])}, which it gets again in the run`);
  expect(others).toHaveLength(3);
  expect(others).toContainEqual(first);
  expect(code).toBe(0);
});

test('an adapter translates for the embedded fraud API, too', async () => {
  const adapter = join(directory, 'adapter.mjs');
  const decision = "{ decision: 'review', score: 0.5, reasons: ['translated'] }";
  writeFileSync(
    adapter,
    `export const toRequest = (payment) => ({ body: JSON.stringify(payment) });\nexport const toAnswer = (status) => (status === 200 ? ${decision} : 'transient');\n`,
  );

  const args = ['--payments', '5', '--poison', '0', '--fault-rate', '0', '--fraud-adapter', adapter];
  const { code, report } = await runDemoCommand(args);

  expect(report).toMatchObject({ review: 5, failed: 0 });
  expect(code).toBe(0);
});

describe('an input with good and bad lines', () => {
  const one = aPayment({ transaction_id: 'one', account_id: 'a' });
  const two = aPayment({ transaction_id: 'two', account_id: 'a' });
  const conflict = aPayment({ transaction_id: 'one', account_id: 'b' });
  const input = inputOf(
    JSON.stringify(one),
    'not JSON',
    JSON.stringify({ ...two, amount: 0 }),
    '',
    JSON.stringify(two),
    JSON.stringify(one),
    JSON.stringify(conflict),
  );
  const output = join(directory, 'records.jsonl');

  test('pays the good ones, names the bad ones, and proves its claims', async () => {
    const { code, stdout, stderr, report } = await runDemoCommand([
      ...['--input', input, '--output', output, '--fault-rate', '0'],
    ]);

    expect(stderr).toMatch(/line 2: .*not JSON/);
    expect(stderr).toMatch(/line 3: .*amount must be at least 1/);
    expect(stderr).not.toMatch(/line 4: /);
    expect(report).toMatchObject({
      submitted: 6,
      accepted: 4,
      refused: 2,
      reasons: { INVALID_JSON: 1, INVALID_PAYMENT: 1 },
      duplicates_ignored: 1,
      dead_lettered: 1,
      lost: 0,
      stray_dead_letters: 0,
      failed: 0,
    });
    const records = readFileSync(output, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as PaymentRecord);
    expect(records.map(({ transaction_id }) => transaction_id).sort()).toEqual(['one', 'two']);
    expect(records.every(({ history }) => history.length === 2)).toBe(true);
    expect(stdout).toMatch(/1 in the dead-letter queue as conflicting[^]*: one\n/);
    expect(code).toBe(0);
  });
});

describe('an input in any encoding, with texts of any characters that SQS carries', () => {
  const payments = ['💶 \u{20BB7} \u{1FFFE}', 'a\u2028b\u2029c\u0085d', 'Zürich \uFFFD'].map((reference, index) =>
    aPayment({
      transaction_id: `text-${index}`,
      account_id: 'a',
      reference,
      requested_at: ['2016-12-31T23:59:60Z', '2026-01-02t03:04:05.1234567890z', '2026-01-02T03:04:05-00:00'][index]!,
    }),
  );
  const text = `\uFEFF${payments.map((one) => JSON.stringify(one)).join('\r\n\r\n')}\r\n`;

  test.each<[encoding: string, bytes: Buffer]>([
    ['UTF-8', Buffer.from(text)],
    ['UTF-16', Buffer.from(text, 'utf16le')],
  ])('%s with a byte order mark', async (encoding, bytes) => {
    const [input, output] = [join(directory, `${encoding}.jsonl`), join(directory, `${encoding}-records.jsonl`)];
    const bad =
      encoding === 'UTF-8'
        ? Buffer.concat([Buffer.from('"Caf'), Buffer.from([0xe9]), Buffer.from('"\n')])
        : Buffer.from('"\ud83d"\n', 'utf16le');
    const notCarried = Buffer.from(
      `${JSON.stringify(aPayment({ transaction_id: 'not-carried', reference: '\uFFFE' }))}\n`,
      encoding === 'UTF-8' ? 'utf8' : 'utf16le',
    );
    writeFileSync(input, Buffer.concat([bytes, bad, notCarried]));

    const { code, stderr, report } = await runDemoCommand(['--input', input, '--output', output, '--fault-rate', '0']);

    expect(stderr).toMatch(new RegExp(`line 6: .*not valid ${encoding}`));
    expect(stderr).toMatch(/line 7: .*reference must not hold U\+FFFE/);
    expect(report).toMatchObject({
      submitted: 5,
      accepted: 3,
      refused: 2,
      reasons: { INVALID_JSON: 1, INVALID_PAYMENT: 1 },
      lost: 0,
      order_violations: 0,
    });
    const records = readFileSync(output, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as PaymentRecord);
    for (const { transaction_id, reference, requested_at } of payments)
      expect(records).toContainEqual(expect.objectContaining({ transaction_id, reference, requested_at }));
    expect(code).toBe(0);
  });
});

test('an input without a single payment proves nothing, and fails', async () => {
  const { code, stdout, stderr, report } = await runDemoCommand(['--input', inputOf('nothing')]);

  expect(report).toMatchObject({ submitted: 1, accepted: 0, refused: 1 });
  expect(stderr).toMatch(/nothing is proven/);
  expect(stdout).not.toMatch(/claim/i);
  expect(code).toBe(1);
});

test('Ctrl-C ends a run clean, with what was done so far', async () => {
  const signals = new EventEmitter();
  const api = new ScriptedServer();
  await api.start();
  api.answers(
    APPROVES,
    (response) => {
      signals.emit('SIGINT');
      APPROVES(response);
    },
    APPROVES,
  );

  const { code, stdout, report } = await runDemoCommand(
    ['--payments', '5000', '--poison', '0', '--fraud-url', api.url],
    {
      signals,
    },
  );
  await api.stop();

  expect(stdout).toMatch(/^Interrupted: [\d,]+ still queued\./m);
  expect(stdout).not.toContain('Broken');
  expect(report?.interrupted).toBe(true);
  expect(report?.accepted).toBeLessThanOrEqual(5_000);
  expect(report?.order_violations).toBe(0);
  expect(code).toBe(130);
});

/** A port that nothing listens on. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

test('with --on-failed-payment hold nothing overtakes a failed payment, and waiting payments are counted apart [G3]', async () => {
  const args = '--payments 40 --accounts 2 --poison 2 --fault-rate 0 --on-failed-payment hold'.split(' ');
  const { code, stdout, report } = await runDemoCommand(args);

  expect(code).toBe(0);
  expect(report!.parked).toBeGreaterThan(0);
  expect(report!.dead_lettered).toBe(report!.parked + report!.failed);
  expect(report!.approved + report!.declined + report!.review + report!.dead_lettered).toBe(40);
  expect(stdout).toContain('nothing overtook a failed one');
  expect(stdout).toContain('ON_FAILED_PAYMENT=hold (deployed: continue)');
});

import { payment } from '../../tools/kit/payments/black-box-payments';
import { ProcessorBench } from '../../tools/kit/bundles/processor-bench';

/** The longest body that the queue accepts. */
const SIZE = 261_120;

/** Loaded into the function's process before the bundle: says how much CPU each invocation has used. */
const CPU_METER = `
  let before;
  process.on('message', () => { before = process.cpuUsage(); });
  const { send } = process;
  process.send = (message, ...rest) => {
    const { user, system } = process.cpuUsage(before);
    if ('result' in message) console.log(JSON.stringify({ cpuMs: (user + system) / 1000 }));
    return send.call(process, message, ...rest);
  };`;

let bench: ProcessorBench;
beforeAll(async () => {
  bench = await ProcessorBench.start({
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(CPU_METER)}`,
  });
});
afterAll(() => bench.close());

const valid = JSON.stringify({
  schema_version: 1,
  transaction_id: 't',
  account_id: 'hostile',
  amount: 100,
  currency: 'EUR',
  beneficiary_id: 'b',
  requested_at: '2026-07-01T00:00:00Z',
});
const filled = (piece: string, [before, after] = ['', '']) =>
  before + piece.repeat(Math.floor((SIZE - before.length - after.length) / piece.length)) + after;
const member = (name: string) => [`${valid.slice(0, -1)},"${name}":`, '}'] as const;
const inReference = member('reference').map((part, at) => (at === 0 ? `${part}"` : `"${part}`)) as [string, string];

/** Code, body, and whether it holds card numbers. */
const HOSTILE: readonly (readonly [code: string, body: string, hasCards: boolean])[] = [
  ['INVALID_PAYMENT', filled('4'), false],
  ['INVALID_JSON', filled('4 '), true],
  ['INVALID_JSON', filled('4. '), true],
  ['INVALID_PAYMENT', filled('4 ', inReference), true],
  ['INVALID_PAYMENT', filled('4-', inReference), true],
  ['INVALID_JSON', filled('00 00000 '), false],
  ['INVALID_JSON', filled('4222222222222 GB29 '), true],
  ['INVALID_JSON', filled(String.raw`\u0034\t`), true],
  [
    'INVALID_PAYMENT',
    `${valid.slice(0, -1)},"metadata":{${Array.from({ length: 470 }, (_, at) => `"${at}${'4 '.repeat(122)}":"${'4 '.repeat(128)}"`).join(',')}}}`,
    true,
  ],
];

/** On a full CPU; a function of 256 MB has a seventh of one: AWS Lambda, "Configure Lambda function memory". When each place was tried separately, the bodies took 4,100 ms. */
const MOST_CPU_MS = 1_500;

test('nine hostile bodies cost little CPU, and the valid payment behind them is decided in its first receive [G10]', async () => {
  const healthy = payment({ account_id: 'healthy' });
  const places = await bench.deliver(
    ...HOSTILE.map((_, at) => ({ body: 'a place in the queue', group: `hostile-${at}` })),
    { body: healthy },
  );
  const messages = places.map((message, at) => ({ ...message, body: HOSTILE[at]?.[1] ?? message.body }));
  const lines = bench.lines.length;
  const run = await bench.run(messages);
  expect(run.response).toEqual({ batchItemFailures: [] });
  expect(await bench.record(healthy.transaction_id)).toMatchObject({ payment_status: 'APPROVED', attempts: 1 });

  const used = bench.lines
    .slice(lines)
    .filter((line) => line.startsWith('{"cpuMs":'))
    .map((line) => (JSON.parse(line) as { cpuMs: number }).cpuMs);
  expect(used).toEqual([expect.any(Number)]);
  expect(used[0]).toBeLessThan(MOST_CPU_MS);

  const copies = await bench.deadLettersOfEach(messages.slice(0, -1));
  expect(
    copies.map((each) => each.map(({ MessageAttributes }) => MessageAttributes?.failure_code?.StringValue)),
  ).toEqual(HOSTILE.map(([code]) => [code]));
  for (const [at, [, body, hasCards]] of HOSTILE.entries())
    expect([at, copies[at]![0]!.Body !== body]).toEqual([at, hasCards]);
});

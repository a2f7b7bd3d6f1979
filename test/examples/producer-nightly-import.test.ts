import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { countMessages } from '../../tools/kit/embedded/aws';
import { FunctionError, FunctionProcess } from '../../tools/kit/embedded/function-process';
import { codeBlocks, pageText, ROOT } from '../../tools/kit/documents';
import { newDirectory } from '../../tools/kit/new-directory';
import { runProgram } from '../../tools/kit/processes';
import { EmbeddedQueue } from '../../tools/kit/producer/embedded-queue';
import { idsOf, payments } from '../../tools/kit/producer/producing';

const PAGE = pageText('examples/producer-nightly-import/README.md');
const [REPORT] = codeBlocks(PAGE, 'json');
const BUCKET = 'payment-files';
/** `RESERVE_MS` of the example. */
const RESERVE_MS = 30_000;

interface Report {
  readonly complete: boolean;
  readonly accepted: number;
  readonly invalid: number;
  readonly unsent: number;
  readonly lines: readonly { readonly line: number; readonly code: string }[];
}

jest.setTimeout(120_000); // seconds on a machine of its own

let queue: EmbeddedQueue;
let s3: S3Client;
let lambda: FunctionProcess;

beforeAll(async () => {
  queue = await EmbeddedQueue.start();
  const endpoint = queue.environment.AWS_ENDPOINT_URL_S3!;
  s3 = new S3Client({ region: 'eu-west-1', endpoint, credentials: { accessKeyId: 'any', secretAccessKey: 'any' } });
  await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
  lambda = new FunctionProcess({
    bundle: await build(),
    functionName: 'payment-import',
    timeoutMs: 900_000,
    environment: queue.environment,
    onLine: () => undefined,
  });
});
afterEach(() => queue.take());
afterAll(async () => {
  await lambda.close();
  s3.destroy();
  await queue.close();
});

/** Runs the README's command. @returns the file that it wrote */
async function build(): Promise<string> {
  const command = codeBlocks(PAGE, 'sh')
    .join('\n')
    .match(/^npx esbuild (.*)$/m)![1]!;
  const file = join(newDirectory(), 'index.js');
  const args = command.replace(/--outfile=\S+/, `--outfile=${file}`).split(' ');
  const { code } = await runProgram(join(ROOT, 'node_modules/.bin/esbuild'), args, { directory: ROOT });
  expect(code).toBe(0);
  return file;
}

async function upload(key: string, content: string | Buffer): Promise<void> {
  await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: key, Body: content }));
}

/** Invokes the function as S3 does for a new object. @param key as S3 encodes it */
function importFile(key: string, remainingMs?: number): Promise<unknown> {
  return lambda.invoke({ Records: [{ s3: { bucket: { name: BUCKET }, object: { key } } }] }, { remainingMs });
}

async function reportOf(key: string): Promise<Report> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: BUCKET, Key: `reports/${key}.json` }));
  return JSON.parse(await Body!.transformToString()) as Report;
}

const linesOf = (values: readonly object[]) => values.map((value) => JSON.stringify(value)).join('\n');

test('writes the report that the README shows', async () => {
  const [first, second, third] = payments(3, 1);
  await upload('payments/readme.jsonl', linesOf([first!, { ...second, amount: 0 }, third!]));
  await importFile('payments/readme.jsonl');

  expect(await reportOf('payments/readme.jsonl')).toEqual(JSON.parse(REPORT!));
  expect(idsOf(await queue.take())).toEqual(['payment-0', 'payment-2']);
});

test('sends each valid line in order, whatever the others are', async () => {
  const sent = payments(300, 7).map((payment) => ({ ...payment, reference: 'a\u2028b €' }));
  const bytes = Buffer.concat([
    Buffer.from(`\uFEFF${linesOf(sent.slice(0, 100))}\r\n\r\n{"schema_version":\n`),
    Buffer.from('{"reference":"é"}\nnull\n', 'latin1'),
    Buffer.from(linesOf(sent.slice(100))),
  ]);
  await upload('payments/2026 03+01.jsonl', bytes);
  await importFile('payments/2026+03%2B01.jsonl');

  expect(await reportOf('payments/2026 03+01.jsonl')).toMatchObject({
    complete: true,
    accepted: sent.length,
    invalid: 3,
    unsent: 0,
    lines: [
      { line: 102, code: 'INVALID_JSON' },
      { line: 103, code: 'INVALID_JSON' },
      { line: 104, code: 'INVALID_PAYMENT' },
    ],
  });
  const queued = await queue.take();
  for (const account of new Set(sent.map(({ account_id }) => account_id)))
    expect(idsOf(queued, account)).toEqual(idsOf(sent, account));
});

describe('a file of one account', () => {
  const named = (name: string) =>
    payments(400, 1).map((payment) => ({ ...payment, transaction_id: `${name}-${payment.transaction_id}` }));

  test.each([
    ['as it is sent', RESERVE_MS + 100],
    ['before it is read', RESERVE_MS - 10_000],
  ])('whose time ends %s fails with a report; the next run sends the rest in order', async (_when, remainingMs) => {
    const sent = named(`slow-${remainingMs}`);
    await upload('payments/slow.jsonl', linesOf(sent));

    await expect(importFile('payments/slow.jsonl', remainingMs)).rejects.toThrow(FunctionError);
    const report = await reportOf('payments/slow.jsonl');
    expect(report).toMatchObject({ complete: false });
    expect(report.accepted).toBeLessThan(sent.length);

    await importFile('payments/slow.jsonl');
    expect(await reportOf('payments/slow.jsonl')).toMatchObject({ complete: true, accepted: sent.length });
    expect(idsOf(await queue.take())).toEqual(idsOf(sent));
  });

  test('that a crash interrupts is sent as a whole by the next run, in order', async () => {
    const sent = named('crash');
    await upload('payments/crash.jsonl', linesOf(sent));

    const run = importFile('payments/crash.jsonl');
    run.catch(() => undefined);
    const { sqs } = queue.aws;
    while ((await countMessages(sqs, queue.environment.PAYMENT_QUEUE_URL!)) < 100) await sleep(5);
    expect(lambda.kill()).toBe(true);
    await expect(run).rejects.toThrow(FunctionError);

    await importFile('payments/crash.jsonl');
    expect(idsOf(await queue.take())).toEqual(idsOf(sent));
  });

  test('that SQS refuses is unsent, and the function fails', async () => {
    const other = new FunctionProcess({
      bundle: await build(),
      functionName: 'payment-import',
      timeoutMs: 900_000,
      environment: {
        ...queue.environment,
        PAYMENT_QUEUE_URL: queue.environment.PAYMENT_QUEUE_URL!.replace('payments', 'none'),
      },
      onLine: () => undefined,
    });
    await upload('payments/none.jsonl', linesOf(payments(3, 1)));
    const event = { Records: [{ s3: { bucket: { name: BUCKET }, object: { key: 'payments/none.jsonl' } } }] };
    await expect(other.invoke(event)).rejects.toThrow(FunctionError);
    await other.close();

    expect(await reportOf('payments/none.jsonl')).toMatchObject({
      complete: false,
      accepted: 0,
      unsent: 3,
      lines: [
        { line: 1, code: 'SEND_FAILED' },
        { line: 2, code: 'BLOCKED_BY' },
        { line: 3, code: 'BLOCKED_BY' },
      ],
    });
  });
});

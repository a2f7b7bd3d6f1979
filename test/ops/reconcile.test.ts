import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { PaymentMessage, PaymentRecord } from '../../src/contract';
import { DynamoDbPayments } from '../../src/ops/dynamodb-payments';
import { ManifestFile, type ManifestPayment } from '../../src/ops/manifest-file';
import { newDirectory } from '../../tools/kit/new-directory';
import { fileOf, OpsBench } from '../../tools/kit/ops/ops-bench';
import { aPayment, aRecord } from '../../tools/kit/payments/payments';

let bench: OpsBench;
beforeAll(async () => {
  bench = await OpsBench.start();
});
afterAll(() => bench.close());

let serial = 0;
const newPayment = (fields: Partial<PaymentMessage> = {}) =>
  aPayment({ transaction_id: `reconciled-${++serial}`, account_id: `account-${serial}`, currency: 'EUR', ...fields });
const newFile = () => join(newDirectory(), 'manifest.jsonl');

async function sent(payments: readonly PaymentMessage[], manifest = newFile()): Promise<string> {
  const file = fileOf(payments.map((payment) => JSON.stringify(payment)).join('\n'));
  expect(await bench.run('send', file, '--manifest', manifest)).toMatchObject({ code: 0, stderr: '' });
  return manifest;
}

const put = (...records: readonly PaymentRecord[]) => bench.pipeline.put(records as never);

async function reconciled(manifest: string, ...args: string[]) {
  const { code, stdout } = await bench.run('reconcile', '--manifest', manifest, '--json', ...args);
  return { code, json: JSON.parse(stdout) as Record<string, unknown> };
}

const inEuros = (count: number, sum: number) => ({ EUR: { count, sum: String(sum) } });

test('each payment is in the group of its record, with the sums; what is missing or different is named', async () => {
  const amounts = [1, 20, 300, 4_000, 50_000, 600_000, 7_000_000, 80_000_000, 900_000_000_000];
  const payments = amounts.map((amount) => newPayment({ amount }));
  const manifest = await sent(payments);
  const [approved, declined, review, failed, processing, parked, other, edited] = payments;
  const fraud = { decision: 'approve', score: 0, reasons: [] } as const;
  await put(
    aRecord(approved, { payment_status: 'APPROVED', fraud }),
    aRecord(declined, { payment_status: 'DECLINED', fraud }),
    aRecord(review, { payment_status: 'REVIEW', fraud }),
    aRecord(failed, { payment_status: 'FAILED' }),
    aRecord(processing),
    aRecord(parked, { parked_behind: 'tx-0' }),
    aRecord(newPayment({ transaction_id: other!.transaction_id })),
    { ...aRecord(edited), amount: 1 } as PaymentRecord,
  );

  const { code, json } = await reconciled(manifest);

  expect(code).toBe(1);
  expect(json).toMatchObject({
    actors: ['arn:aws:iam::000000000000:root'],
    sent: inEuros(9, 900_087_654_321),
    accepted: inEuros(9, 900_087_654_321),
    refused: {},
    approved: inEuros(1, 1),
    declined: inEuros(1, 20),
    review: inEuros(1, 300),
    failed: inEuros(1, 4_000),
    processing: inEuros(1, 50_000),
    parked: inEuros(1, 600_000),
    different: inEuros(2, 87_000_000),
    missing: inEuros(1, 900_000_000_000),
    unknown: {},
    ids: {
      processing: [processing!.transaction_id],
      parked: [parked!.transaction_id],
      different: [other!.transaction_id, edited!.transaction_id],
      missing: [payments.at(-1)!.transaction_id],
    },
    agrees: false,
  });
  const { stdout } = await bench.run('reconcile', '--manifest', manifest);
  expect(Math.max(...stdout.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(80);
});

test('a manifest whose payments all have an outcome agrees; a second run of the same payments counts none twice', async () => {
  const payments = Array.from({ length: 250 }, () => newPayment({ amount: 2 }));
  const manifest = await sent(payments);
  await sent(payments, manifest);
  await put(...payments.map((payment) => aRecord(payment, { payment_status: 'FAILED' })));

  expect(await reconciled(manifest)).toMatchObject({
    code: 0,
    json: { sent: inEuros(250, 500), failed: inEuros(250, 500), unended_runs: 0, agrees: true },
  });
  expect(await reconciled(manifest, '--skip', '200')).toMatchObject({ code: 0, json: { failed: inEuros(50, 100) } });
});

/** A table that has every record, and answers some of the keys of a call. */
function slowTable(answered: (keys: number) => number) {
  const calls: number[] = [];
  const handle = ({ body }: { readonly body: Uint8Array }) => {
    type Keys = { readonly transaction_id: { readonly S: string } }[];
    const { Keys } = (JSON.parse(new TextDecoder().decode(body)) as { RequestItems: { table: { Keys: Keys } } })
      .RequestItems.table;
    calls.push(Keys.length);
    const first = answered(Keys.length);
    const rest = Keys.slice(first);
    const answer = {
      Responses: { table: Keys.slice(0, first) },
      UnprocessedKeys: rest.length === 0 ? {} : { table: { Keys: rest } },
    };
    return Promise.resolve({
      response: { statusCode: 200, headers: {}, body: Readable.from([Buffer.from(JSON.stringify(answer))]) },
    });
  };
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  const client = new DynamoDBClient({ region: 'eu-west-1', credentials, requestHandler: { handle } as never });
  return { calls, payments: new DynamoDbPayments(client, 'table', { region: 'eu-west-1', foundBy: 'its name' }) };
}

// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html
describe('DynamoDB leaves keys unprocessed', () => {
  const ids = Array.from({ length: 250 }, (_, index) => `tx-${index}`);

  test('they are asked for again, and none is missing', async () => {
    const { payments, calls } = slowTable((keys) => Math.min(keys, 60));
    expect([...(await payments.readMany([...ids, ...ids])).keys()].sort()).toEqual([...ids].sort());
    expect(calls.slice(0, 3)).toEqual([100, 100, 50]);
    expect(calls.slice(3)).toEqual([40, 40]);
  });

  test('a table that answers none is not asked for ever', async () => {
    await expect(slowTable(() => 0).payments.readMany(['tx-1'])).rejects.toThrow(/left 1 keys unread in 8 calls/);
  }, 30_000);
});

describe('a manifest file', () => {
  const read = async (file: string) => {
    const found: ManifestPayment[] = [];
    const manifest = new ManifestFile(file);
    for await (const payment of manifest.payments()) found.push(payment);
    return { found, facts: manifest.facts };
  };
  const withLines = async (change: (lines: string[]) => string[]) => {
    const file = await sent([newPayment(), newPayment()]);
    writeFileSync(file, change(readFileSync(file, 'utf8').split('\n').slice(0, -1)).join('\n'));
    return file;
  };
  const isTotals = (line: string) => line.includes('"totals"');
  const isResult = (line: string) => line.includes('"result"');

  test('a payment without a result is unknown, until a later run has it accepted', async () => {
    const file = await withLines((lines) => [
      ...lines.filter((line) => !isTotals(line) && !isResult(line)),
      '{"kind":"sending","trans',
    ]);
    expect(await read(file)).toMatchObject({
      found: [{ status: 'unknown' }, { status: 'unknown' }],
      facts: { unended_runs: 1 },
    });

    appendFileSync(file, '\n');
    const [{ transaction_id }] = (await read(file)).found as [ManifestPayment];
    await sent([newPayment({ transaction_id, account_id: transaction_id })], file);
    expect((await read(file)).found.map(({ status }) => status)).toEqual(['accepted', 'unknown', 'unknown']);
  });

  test.each<[what: string, change: (lines: string[]) => string[]]>([
    ['a line less', (lines) => lines.filter((line, index) => !isResult(line) || index === lines.findIndex(isResult))],
    ['another amount', (lines) => lines.map((line) => line.replace(/"amount":\d+/, '"amount":1'))],
    ['a line of something else', (lines) => [lines[0]!, 'x', ...lines.slice(1)]],
    ['no beginning', (lines) => lines.slice(1)],
  ])('a manifest with %s is refused', async (_what, change) => {
    const { code, stderr } = await bench.run('reconcile', '--manifest', await withLines(change));
    expect(code).toBe(2);
    expect(stderr).toMatch(/line \d+ .*: the file was changed/);
  });

  test('a file that is empty, or not there, is refused', async () => {
    for (const file of [fileOf(''), '/no/such/file'])
      expect(await bench.run('reconcile', '--manifest', file)).toMatchObject({ code: 2 });
  });
});

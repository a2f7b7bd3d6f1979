import type { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { appendFileSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fingerprint, type PaymentMessage } from '../../src/contract';
import { Manifest, type ManifestLine, PaymentProducer } from '../../src/producer';
import { newDirectory } from '../../tools/kit/new-directory';
import { aPayment } from '../../tools/kit/payments/payments';
import { payments, QUEUE_URL } from '../../tools/kit/producer/producing';

const OPTIONS = { queueUrl: QUEUE_URL, actor: 'arn:aws:iam::111122223333:user/alice' };
const newFile = () => join(newDirectory(), 'manifest.jsonl');
const linesOf = (file: string) =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as ManifestLine);

/** A queue in memory, in real time, as the file system has no other. */
class Queue {
  readonly queued: PaymentMessage[] = [];
  readonly producer: PaymentProducer;

  constructor(onEntry: (transactionId: string) => void = () => undefined) {
    const send = ({ input: { Entries = [] } }: SendMessageBatchCommand) => {
      const sent = Entries.map(({ MessageBody }) => JSON.parse(MessageBody!) as PaymentMessage);
      for (const { transaction_id } of sent) onEntry(transaction_id);
      this.queued.push(...sent);
      return Promise.resolve({
        Successful: Entries.map(({ Id }, index) => ({ Id, SequenceNumber: String(this.queued.length + index) })),
      });
    };
    this.producer = new PaymentProducer({ send } as unknown as SQSClient, QUEUE_URL);
  }
}

async function sent(file: string, given: readonly PaymentMessage[], { producer } = new Queue()): Promise<void> {
  const manifest = await Manifest.open(file, OPTIONS);
  await producer.send(given, { manifest });
  await manifest.close();
}

test('a manifest has who sent, each payment before its result, and the totals, and nothing else of a payment', async () => {
  const file = newFile();
  const [one, two] = [
    aPayment({ transaction_id: 'tx-1', account_id: 'account-4711', amount: 999_999_999_999, reference: 'rent' }),
    aPayment({ transaction_id: 'tx-2', account_id: 'account-4712', amount: 999_999_999_999 }),
  ];
  const yen = aPayment({ transaction_id: 'tx-3', account_id: 'account-4711', amount: 1, currency: 'JPY' });
  const bad = aPayment({ transaction_id: '4111-1111-1111-1111' });

  await sent(file, [one, two, yen, bad]);

  const [run, ...lines] = linesOf(file);
  expect(run).toEqual({ kind: 'run', manifest: 1, at: expect.any(String), queue_url: QUEUE_URL, actor: OPTIONS.actor });
  expect(lines.filter(({ kind }) => kind === 'sending')).toEqual(
    [one, two, yen].map((payment) => ({
      kind: 'sending',
      transaction_id: payment.transaction_id,
      fingerprint: fingerprint(payment),
      amount: payment.amount,
      currency: payment.currency,
    })),
  );
  const results = lines.filter((line) => line.kind === 'result');
  expect(results.map((line) => line.fingerprint).sort()).toEqual([one, two, yen].map(fingerprint).sort());
  expect(results).toEqual(
    results.map(() => expect.objectContaining({ status: 'accepted', sequence_number: expect.any(String) })),
  );
  expect(lines.filter(({ kind }) => kind === 'invalid')).toMatchObject([{ code: 'CARD_NUMBER' }]);
  expect(lines.at(-1)).toMatchObject({
    kind: 'totals',
    accepted: 3,
    refused: 1,
    unknown: 0,
    amounts: { [one.currency]: { count: 2, sum: '1999999999998' }, JPY: { count: 1, sum: '1' } },
  });
  expect(readFileSync(file, 'utf8')).not.toMatch(/account-47|rent|4111/);
  expect(statSync(file).mode & 0o077).toBe(0);
});

test('each payment is in the file before its call', async () => {
  const file = newFile();
  const missing: string[] = [];
  const queue = new Queue((id) => {
    if (!readFileSync(file, 'utf8').includes(`"${id}"`)) missing.push(id);
  });

  await sent(file, payments(500, 50), queue);

  expect(queue.queued).toHaveLength(500);
  expect(missing).toEqual([]);
});

test('the accounts keep their order', async () => {
  const queue = new Queue();
  const given = payments(300, 3);
  await sent(newFile(), given, queue);
  for (const account of ['account-0', 'account-1', 'account-2'])
    expect(queue.queued.filter(({ account_id }) => account_id === account)).toEqual(
      given.filter(({ account_id }) => account_id === account),
    );
});

test('a second run goes on in the file, behind a line that a crash has cut', async () => {
  const file = newFile();
  await sent(file, payments(1, 1));
  appendFileSync(file, '{"kind":"sending","transac');

  await sent(file, payments(2, 1));

  const text = readFileSync(file, 'utf8').split('\n');
  expect(text.filter((line) => line.startsWith('{"kind":"run"'))).toHaveLength(2);
  expect(text).toContain('{"kind":"sending","transac');
});

test('nothing is sent that cannot be noted, and the error comes out', async () => {
  const file = newFile();
  const { producer, queued } = new Queue();
  const full = Object.assign(await Manifest.open(file, OPTIONS), {
    handle: { appendFile: () => Promise.reject(new Error('ENOSPC')), close: () => Promise.resolve() },
  }) as Manifest;

  await expect(producer.send(payments(20, 2), { manifest: full })).rejects.toThrow('ENOSPC');
  expect(queued).toEqual([]);
  await expect(full.close()).rejects.toThrow('ENOSPC');
});

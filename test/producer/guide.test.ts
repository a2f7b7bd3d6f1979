import * as files from 'node:fs';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as sqs from '@aws-sdk/client-sqs';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';
import { type EmbeddedAws, startEmbeddedAws } from '../../tools/kit/embedded/aws';
import { takeDeadLetters } from '../../tools/demo/verification/evidence';
import * as producer from '../../src/producer';
import { newDirectory } from '../../tools/kit/new-directory';
import { payments } from '../../tools/kit/producer/producing';

const GUIDE = readFileSync(join(__dirname, '../../docs/how-to/send-payments.md'), 'utf8');
const source = [...GUIDE.matchAll(/```ts\n(.*?)```/gs)].map(([, code]) => code).join('\n');

/** The SDK's own, but that the host of a queue's URL, which is no real one here, is not called. */
class EmulatorClient extends sqs.SQSClient {
  constructor(config: sqs.SQSClientConfig) {
    super({ ...config, useQueueUrlAsEndpoint: false });
  }
}

const PACKAGES: Readonly<Record<string, unknown>> = {
  '@aws-sdk/client-sqs': { SQSClient: EmulatorClient },
  'cdktf-payment-pipeline/producer': producer,
  'node:fs': files,
};

interface Exports {
  readonly results: readonly producer.SendResult[];
  readonly notAccepted: readonly producer.SendResult[];
  readonly sendFile: (file: string) => Promise<string[]>;
}

let aws: EmbeddedAws;
let queueUrl: string;
let guide: Exports;

beforeAll(async () => {
  aws = await startEmbeddedAws('eu-west-1');
  const Attributes = { FifoQueue: 'true' };
  const { QueueUrl } = await aws.sqs.send(new sqs.CreateQueueCommand({ QueueName: 'payments.fifo', Attributes }));
  queueUrl = QueueUrl!;
  guide = await run({ ...aws.environment, PAYMENT_QUEUE_URL: queueUrl });
});
afterAll(() => aws.close());

/** The page's TypeScript, one block after the other as a reader would write them, with the SDK's own settings. */
async function run(environment: Readonly<Record<string, string>>): Promise<Exports> {
  const { outputText } = transpileModule(source, {
    compilerOptions: { module: ModuleKind.CommonJS, target: ScriptTarget.ES2022 },
  });
  const load = (name: string) => PACKAGES[name];
  const before = { ...process.env };
  Object.assign(process.env, environment);
  const AsyncFunction = Object.getPrototypeOf(run).constructor as new (
    ...code: string[]
  ) => (...values: unknown[]) => Promise<void>;
  const exports = {};
  try {
    await new AsyncFunction('require', 'exports', outputText)(load, exports);
  } finally {
    process.env = before;
  }
  return exports as Exports;
}

test('the first example sends its payment', () => {
  expect(guide.results).toMatchObject([
    { status: 'accepted', payment: { transaction_id: 'order-4711' }, sequenceNumber: expect.stringMatching(/^\d+$/) },
  ]);
  expect(guide.notAccepted).toEqual([]);
});

test('the second sends a file, and says which lines are to be sent again', async () => {
  const file = join(newDirectory(), 'payments.jsonl');
  const sent = payments(25, 4).map((payment, index) => (index === 7 ? { ...payment, amount: -1 } : payment));
  writeFileSync(file, sent.map((payment) => JSON.stringify(payment)).join('\n'));

  expect(await guide.sendFile(file)).toEqual([
    'payment-7: The message is no valid payment: amount must be at least 1.',
  ]);

  const queued = (await takeDeadLetters(aws.sqs, queueUrl)).map(({ transactionId }) => transactionId!);
  expect(queued).toHaveLength(25);
  for (const account of [0, 1, 2, 3]) {
    const own = queued.filter((id) => id.startsWith('payment-') && Number(id.slice(8)) % 4 === account);
    expect(own).toEqual([...own].sort((a, b) => Number(a.slice(8)) - Number(b.slice(8))));
  }
});

test('it reads the lines as the tools do: a byte order mark, blank lines, any line end of JSON, characters in two reads of the file', async () => {
  const file = join(newDirectory(), 'payments.jsonl');
  const sent = ['a\u2028b\u2029c', '€'.repeat(140), '💶'].map((reference, index) => ({
    ...payments(1, 1)[0]!,
    transaction_id: `text-${index}`,
    account_id: 'texts',
    reference,
    amount: -1,
  }));
  const spread = (json: string) => json.replace('{', '{\r');
  writeFileSync(
    file,
    `\uFEFF${sent.map((payment) => `${' '.repeat(65_500)}${spread(JSON.stringify(payment))}`).join('\r\n\r\n')}`,
  );

  expect(await guide.sendFile(file)).toEqual(
    sent.map(({ transaction_id }) => `${transaction_id}: The message is no valid payment: amount must be at least 1.`),
  );

  writeFileSync(file, Buffer.from(JSON.stringify({ ...sent[0], reference: 'Caf\u00e9' }), 'latin1'));
  await expect(guide.sendFile(file)).rejects.toThrow(/utf-8/);
});

import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { CreateTableCommand, DescribeContinuousBackupsCommand, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import {
  CreateQueueCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { type EmbeddedAws, startEmbeddedAws } from '../../../tools/kit/embedded/aws';

let aws: EmbeddedAws;
beforeEach(async () => {
  aws = await startEmbeddedAws('ap-southeast-1');
});
afterEach(() => aws.close());

test('the table outlives a client that is gone in the middle of its request', async () => {
  const { port } = new URL(aws.environment.AWS_ENDPOINT_URL_DYNAMODB!);
  const client = connect(Number(port), '127.0.0.1');
  client.write('POST / HTTP/1.1\r\nhost: any\r\ncontent-length: 100\r\n\r\n{"half');
  await sleep(50);
  client.resetAndDestroy();
  await sleep(50);

  expect(await aws.dynamodb.send(new ListTablesCommand())).toMatchObject({ TableNames: [] });
});

test('an operation that the emulator lacks is refused as an unknown one', async () => {
  const asking = aws.dynamodb.send(new DescribeContinuousBackupsCommand({ TableName: 'any' }));

  await expect(asking).rejects.toMatchObject({ name: 'UnknownOperationException' });
});

test('dropped connections cost no data, and the SDK comes through by itself', async () => {
  await aws.dynamodb.send(
    new CreateTableCommand({
      TableName: 'kept',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    }),
  );
  const listing = aws.dynamodb.send(new ListTablesCommand());

  expect(await aws.dropTableConnections()).toBeGreaterThanOrEqual(1);
  expect(await listing).toMatchObject({ TableNames: ['kept'] });
});

describe('the embedded queue carries every character that SQS carries (SendMessage, SQS API Reference), from any client', () => {
  let client: SQSClient;
  let QueueUrl: string;
  beforeEach(async () => {
    const {
      AWS_ENDPOINT_URL_SQS: endpoint,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
    } = aws.environment;
    client = new SQSClient({
      endpoint: endpoint!,
      region: 'ap-southeast-1',
      credentials: { accessKeyId: accessKeyId!, secretAccessKey: secretAccessKey! },
    });
    QueueUrl = (await client.send(new CreateQueueCommand({ QueueName: 'texts' }))).QueueUrl!;
  });
  afterEach(() => {
    client.destroy();
  });

  test.each([
    '\t',
    '\n',
    '\r',
    ' ',
    '\uD7FF',
    '\uE000',
    '\uFFFD',
    '\u0085',
    '\u2028',
    '\uFDD0',
    '\uFEFF',
    '\u{10000}',
    '\u{1F4B6}',
    '\u{1F468}\u200D\u{1F469}',
    '\u{20BB7}',
    '\u{1FFFE}',
    '\u{10FFFF}',
  ])('%j', async (character) => {
    const MessageBody = `a${character}b`;
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody }));
    await client.send(new SendMessageBatchCommand({ QueueUrl, Entries: [{ Id: '0', MessageBody }] }));

    const { Messages = [] } = await client.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
    expect(Messages.map(({ Body }) => Body)).toEqual([MessageBody, MessageBody]);
  });

  test.each(['\uFFFE', '\uFFFF', '\u0000', '\u0001', '\u001F'])('but not %j', async (character) => {
    const MessageBody = `a${character}b`;
    await expect(client.send(new SendMessageCommand({ QueueUrl, MessageBody }))).rejects.toThrow(/Invalid characters/);
    const { Failed } = await client.send(
      new SendMessageBatchCommand({ QueueUrl, Entries: [{ Id: '0', MessageBody }] }),
    );
    expect(Failed).toMatchObject([{ Code: 'InvalidMessageContents', SenderFault: true }]);
  });
});

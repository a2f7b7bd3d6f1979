import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { CreateTableCommand, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { type EmbeddedAws, startEmbeddedAws } from '../../../src/local/embedded/aws';

let aws: EmbeddedAws;
beforeEach(async () => { aws = await startEmbeddedAws('ap-southeast-1'); });
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

import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { EmbeddedCloudWatch } from '../cloudwatch/embedded-cloudwatch';
import { NOT_CARRIED } from '../fifo-queue';
import { deliverAsDocumented, type Message, type QueueStore, type Stores } from './fifo-queue';
import { QueueMeter } from './queue-meter';
import { EmbeddedTables } from './tables';

const LOOPBACK = '127.0.0.1';
/** Invented credentials: the emulators check no signature. */
const CREDENTIALS = { accessKeyId: 'embedded', secretAccessKey: 'embedded' };
const OBSERVER = { accessKeyId: 'observer', secretAccessKey: 'observer' };

/** The modules of fauxqs' queues; the package exports its server only. */
const FAUXQS_QUEUES = join(__dirname, '../../../node_modules/fauxqs/dist/sqs');

/** Emulators of SQS, SNS and DynamoDB, in this process, on loopback ports that the system chose. */
export interface EmbeddedAws {
  readonly sqs: SQSClient;
  readonly dynamodb: DynamoDBClient;
  /** For the page, which watches the run: its requests to the tables are in no metric, and never throttled. */
  readonly observer: DynamoDBClient;
  /** The AWS SDK's variables that direct a process to the emulators. */
  readonly environment: Readonly<Record<string, string>>;
  /** Makes the messages in a queue older, as if time had passed for them alone. Needs a CloudWatch, which knows their age. */
  ageMessages(queueName: string, byMs: number): void;
  /** The messages in a queue, those in flight included. None is received by it. */
  messages(queueName: string): readonly Pick<Message, 'messageId' | 'body' | 'messageAttributes'>[];
  /** Answers each receive that waits for messages, as if its time were over. */
  endPolls(): void;
  /** Refuses every call to the tables, as DynamoDB does at the end of its capacity, or no longer. */
  throttleTables(isThrottled: boolean): void;
  /** Cuts every open connection to the table, in use or not; its data stays. @returns how many there were */
  dropTableConnections(): Promise<number>;
  close(): Promise<void>;
}

export interface EmbeddedAwsOptions {
  /** Messages in which a queue looks for groups, if fewer than AWS's. */
  readonly groupWindow?: number;
  /** Gets the metrics of queues and tables. */
  readonly cloudWatch?: EmbeddedCloudWatch;
}

export async function startEmbeddedAws(
  region: string,
  { groupWindow, cloudWatch }: EmbeddedAwsOptions = {},
): Promise<EmbeddedAws> {
  const { buildApp } = await import('fauxqs');
  const { INVALID_MESSAGE_BODY_CHAR, SETTABLE_ATTRIBUTES, ALL_ATTRIBUTE_NAMES } = (await importFromFauxqs(
    'sqsTypes.js',
  )) as { INVALID_MESSAGE_BODY_CHAR: RegExp; SETTABLE_ATTRIBUTES: Set<string>; ALL_ATTRIBUTE_NAMES: string[] };
  const { SqsStore } = (await importFromFauxqs('sqsStore.js')) as { SqsStore: new () => QueueStore };
  // fauxqs' pattern lacks the flag `u`, so it refuses every character beyond U+FFFF.
  INVALID_MESSAGE_BODY_CHAR.test = (body) => NOT_CARRIED.test(body);
  // An attribute that fauxqs keeps as any other, but does not list.
  SETTABLE_ATTRIBUTES.add('RedriveAllowPolicy');
  if (!ALL_ATTRIBUTE_NAMES.includes('RedriveAllowPolicy')) ALL_ATTRIBUTE_NAMES.push('RedriveAllowPolicy');
  const meters = new Map<string, QueueMeter>();
  const sqsStore = deliverAsDocumented(new SqsStore(), groupWindow, (queue) => {
    if (cloudWatch !== undefined) meters.set(queue.name, new QueueMeter(queue, cloudWatch));
    return meters.get(queue.name);
  });
  sqsStore.host = ''; // So that queue URLs have the emulator's own address, which the SDK calls.
  const stores = { sqsStore } as Stores; // fauxqs makes the others
  const queues = buildApp({ logger: false, defaultRegion: region, stores });
  const sqsEndpoint = await queues.listen({ host: LOOPBACK, port: 0 });
  const tables = await new EmbeddedTables({ observerKeyId: OBSERVER.accessKeyId, cloudWatch }).listen();
  const dynamodbEndpoint = tables.url;

  const config = { region, credentials: CREDENTIALS };
  const sqs = new SQSClient({ ...config, endpoint: sqsEndpoint, useQueueUrlAsEndpoint: false });
  const dynamodb = new DynamoDBClient({ ...config, endpoint: dynamodbEndpoint });
  const observer = new DynamoDBClient({ ...config, credentials: OBSERVER, endpoint: dynamodbEndpoint });
  return {
    sqs,
    dynamodb,
    observer,
    environment: {
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
      AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
      AWS_ENDPOINT_URL_SQS: sqsEndpoint,
      AWS_ENDPOINT_URL_SNS: sqsEndpoint, // one emulator has all three
      AWS_ENDPOINT_URL_STS: sqsEndpoint,
      AWS_ENDPOINT_URL_DYNAMODB: dynamodbEndpoint,
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    },
    ageMessages(queueName, byMs) {
      meters.get(queueName)!.age(byMs);
    },
    messages(queueName) {
      const { ready, delayed, inflight } = sqsStore.inspectQueue(queueName)!.messages;
      return [...ready, ...delayed, ...inflight.map(({ message }) => message)];
    },
    endPolls() {
      sqsStore.shutdown();
    },
    throttleTables(isThrottled) {
      tables.isThrottled = isThrottled;
    },
    dropTableConnections: () => tables.dropConnections(),
    async close() {
      // Open connections first: the queues would wait for them.
      sqs.destroy();
      dynamodb.destroy();
      observer.destroy();
      await Promise.all([queues.close(), tables.close()]);
    },
  };
}

function importFromFauxqs(file: string): Promise<unknown> {
  return import(pathToFileURL(join(FAUXQS_QUEUES, file)).href);
}

/** Messages of a queue: waiting, hidden and delayed ones. */
export async function countMessages(sqs: SQSClient, queueUrl: string): Promise<number> {
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl: queueUrl,
      AttributeNames: [
        'ApproximateNumberOfMessages',
        'ApproximateNumberOfMessagesNotVisible',
        'ApproximateNumberOfMessagesDelayed',
      ],
    }),
  );
  return Object.values(Attributes).reduce((sum, count) => sum + Number(count), 0);
}

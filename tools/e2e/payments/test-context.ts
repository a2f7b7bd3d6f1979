import { setTimeout as sleep } from 'node:timers/promises';
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { PaymentMessage, PaymentRecord } from '../../../src/contract';
import { pollQueue } from '../../kit/embedded/event-source';
import type { FunctionProcess } from '../../kit/embedded/function-process';
import { PaymentProducer } from '../../../src/producer/payment-producer';
import type { Deployed } from '../assertions/assertion';
import { DEAD_LETTER_QUEUE, QUEUE, TABLE } from '../support/names';
import { attributesOf, queueUrl } from '../support/lookups';
import type { Clients } from '../support/clients';

const BATCH_SIZE = 10;
const LOOK_EVERY_MS = 300;
const PATIENCE_MS = 60_000;

export interface Depth {
  readonly visible: number;
  readonly inFlight: number;
}

/** Who takes part in the payments' way through the deployed pipeline; each has the rights of its own role only. */
export interface Scene {
  /** As the administrator sees it. */
  readonly deployed: Deployed;
  readonly client: Clients;
  readonly processor: Clients;
  readonly process: FunctionProcess;
}

/** Sends payments as a client would, and messages that are none. */
export async function send(
  { deployed, client }: Scene,
  payments: readonly PaymentMessage[],
  noPayments: readonly string[] = [],
): Promise<void> {
  const url = await queueUrl(deployed, QUEUE);
  const results = await new PaymentProducer(client.sqs, url).send(payments);
  const refused = results.filter(({ status }) => status !== 'accepted');
  if (refused.length > 0) throw new Error(`The queue refused payments: ${JSON.stringify(refused)}`);
  for (const [index, MessageBody] of noPayments.entries()) {
    const entry = {
      QueueUrl: url,
      MessageBody,
      MessageGroupId: `nobody-${index}`,
      MessageDeduplicationId: `no-payment-${index}`,
    };
    await client.sqs.send(new SendMessageCommand(entry));
  }
}

/** Does what Lambda's event source mapping would, with the processor's own role, until `done`. */
export async function deliverUntil(scene: Scene, done: () => Promise<boolean>): Promise<void> {
  const stopping = new AbortController();
  const polling = pollQueue(scene.process, {
    sqs: scene.processor.sqs,
    queueUrl: await queueUrl(scene.deployed, QUEUE),
    queueArn: (await attributesOf(scene.deployed, QUEUE)).QueueArn!,
    batchSize: BATCH_SIZE,
    signal: stopping.signal,
    onFunctionError: (error) => {
      throw error;
    },
  });
  const deadline = Date.now() + PATIENCE_MS;
  const watching = (async () => {
    while (!(await done()) && !stopping.signal.aborted) {
      if (Date.now() > deadline) throw new Error('The payments do not get where they should within a minute.');
      await sleep(LOOK_EVERY_MS);
    }
  })();
  try {
    await Promise.race([watching, polling]);
  } finally {
    stopping.abort();
    await Promise.allSettled([watching, polling]);
  }
}

export async function depthOf(deployed: Deployed, queue: string): Promise<Depth> {
  const found = await attributesOf(deployed, queue);
  return {
    visible: Number(found.ApproximateNumberOfMessages),
    inFlight: Number(found.ApproximateNumberOfMessagesNotVisible),
  };
}

export async function queueIsEmpty({ deployed }: Scene): Promise<boolean> {
  const { visible, inFlight } = await depthOf(deployed, QUEUE);
  return visible + inFlight === 0;
}

export const deadLetters = ({ deployed }: Scene) => depthOf(deployed, DEAD_LETTER_QUEUE);

/** As a client with `grantReadPayments` reads it. */
export async function recordOf({ client }: Scene, transactionId: string): Promise<PaymentRecord> {
  const Key = { transaction_id: { S: transactionId } };
  const { Item } = await client.dynamodb.send(new GetItemCommand({ TableName: TABLE, Key, ConsistentRead: true }));
  if (Item === undefined) throw new Error(`There is no record of ${transactionId}.`);
  return unmarshall(Item) as PaymentRecord;
}

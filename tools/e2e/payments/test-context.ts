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

/** The clients that process payments in the deployed pipeline. Each has the permissions of its own role only. */
export interface TestContext {
  /** The pipeline with the administrator's permissions. */
  readonly deployed: Deployed;
  readonly client: Clients;
  readonly processor: Clients;
  readonly process: FunctionProcess;
}

/** Sends payments as a client would, and invalid messages. */
export async function send(
  { deployed, client }: TestContext,
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
export async function deliverUntil(context: TestContext, done: () => Promise<boolean>): Promise<void> {
  const stopping = new AbortController();
  const polling = pollQueue(context.process, {
    sqs: context.processor.sqs,
    queueUrl: await queueUrl(context.deployed, QUEUE),
    queueArn: (await attributesOf(context.deployed, QUEUE)).QueueArn!,
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

export async function queueIsEmpty({ deployed }: TestContext): Promise<boolean> {
  const { visible, inFlight } = await depthOf(deployed, QUEUE);
  return visible + inFlight === 0;
}

export const deadLetters = ({ deployed }: TestContext) => depthOf(deployed, DEAD_LETTER_QUEUE);

/** Reads the record with the permissions of `grantReadPayments`. */
export async function recordOf({ client }: TestContext, transactionId: string): Promise<PaymentRecord> {
  const Key = { transaction_id: { S: transactionId } };
  const { Item } = await client.dynamodb.send(new GetItemCommand({ TableName: TABLE, Key, ConsistentRead: true }));
  if (Item === undefined) throw new Error(`There is no record of ${transactionId}.`);
  return unmarshall(Item) as PaymentRecord;
}

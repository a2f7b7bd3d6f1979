import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  DynamoDBDocumentClient,
  GetCommand,
  QueryCommand,
  type QueryCommandInput,
  type QueryCommandOutput,
} from '@aws-sdk/lib-dynamodb';
import {
  accountOfHold,
  HELD,
  type Held,
  holdKey,
  type PaymentRecord,
  type PaymentStatus,
  readHold,
  STATUS_INDEX,
} from '../contract';
import { setTimeout as sleep } from 'node:timers/promises';
import { AwsCallError, awsCall, type Place } from './aws-call';
import type { HeldAccount, HeldCount, ListedPayment, Payments, StatusCount } from './services';

/** Most records of one status that are counted, which limits the cost. */
const MOST_COUNTED = 10_000;
const MOST_HELD_SHOWN = 10;
/** "up to 100 items": https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html */
const BATCH_KEYS = 100;
/** Calls for the same keys; the last one waits for six seconds at most. */
const BATCH_CALLS = 8;
const FIRST_WAIT_MS = 50;

export class DynamoDbPayments implements Payments {
  private readonly client: DynamoDBDocumentClient;

  constructor(
    client: DynamoDBClient,
    private readonly tableName: string,
    private readonly region: Place,
  ) {
    this.client = DynamoDBDocumentClient.from(client);
  }

  get place(): string {
    return `${this.tableName} in ${this.region.region}`;
  }

  async read(transactionId: string): Promise<PaymentRecord | undefined> {
    return (await this.item(transactionId)) as PaymentRecord | undefined;
  }

  async readMany(transactionIds: Iterable<string>): Promise<ReadonlyMap<string, PaymentRecord>> {
    const ids = [...new Set(transactionIds)];
    const calls = Array.from({ length: Math.ceil(ids.length / BATCH_KEYS) }, (_, call) =>
      this.readBatch(ids.slice(call * BATCH_KEYS, (call + 1) * BATCH_KEYS)),
    );
    return new Map((await Promise.all(calls)).flat().map((record) => [record.transaction_id, record]));
  }

  /** DynamoDB may leave keys unprocessed; AWS "strongly recommends" to wait longer before each further call: BatchGetItem, API Reference. */
  private async readBatch(ids: readonly string[]): Promise<PaymentRecord[]> {
    const found: PaymentRecord[] = [];
    let keys: Record<string, unknown>[] = ids.map((transaction_id) => ({ transaction_id }));
    for (let call = 0; keys.length > 0; call++) {
      if (call === BATCH_CALLS)
        throw new AwsCallError(
          `The payment table ${this.place} left ${keys.length} keys unread in ${BATCH_CALLS} calls: wait a minute, and try again.`,
        );
      if (call > 0) await sleep(Math.random() * FIRST_WAIT_MS * 2 ** call);
      const RequestItems = { [this.tableName]: { Keys: keys, ConsistentRead: true } };
      const { Responses, UnprocessedKeys } = await this.call(() =>
        this.client.send(new BatchGetCommand({ RequestItems })),
      );
      found.push(...((Responses?.[this.tableName] ?? []) as PaymentRecord[]));
      keys = UnprocessedKeys?.[this.tableName]?.Keys ?? [];
    }
    return found;
  }

  async *changed(status: PaymentStatus, from: string, to: string): AsyncGenerator<readonly string[]> {
    const { ExpressionAttributeValues, ...query } = this.withStatus(status);
    const period: QueryCommandInput = {
      ...query,
      KeyConditionExpression: 'payment_status = :status AND #at BETWEEN :from AND :to',
      ExpressionAttributeNames: { '#at': 'timestamp' },
      ExpressionAttributeValues: { ...ExpressionAttributeValues, ':from': from, ':to': to },
      ProjectionExpression: 'transaction_id, #at',
    };
    for await (const items of this.pages(period))
      yield items.flatMap(({ transaction_id, timestamp }) => (timestamp === to ? [] : [String(transaction_id)]));
  }

  async held(accountId: string): Promise<readonly Held[]> {
    return readHold(await this.item(holdKey(accountId)));
  }

  failed(pageSize?: number): AsyncGenerator<readonly ListedPayment[]> {
    return this.list('FAILED', { ScanIndexForward: false, Limit: pageSize });
  }

  inReview(): AsyncGenerator<readonly ListedPayment[]> {
    return this.list('REVIEW', { ScanIndexForward: true });
  }

  private async *list(
    status: PaymentStatus,
    order: Pick<QueryCommandInput, 'ScanIndexForward' | 'Limit'>,
  ): AsyncGenerator<readonly ListedPayment[]> {
    for await (const items of this.pages({ ...this.withStatus(status), ...order })) yield items.map(listedPayment);
  }

  private async *pages(query: QueryCommandInput): AsyncGenerator<Record<string, unknown>[]> {
    let from: QueryCommandOutput['LastEvaluatedKey'];
    do {
      const command = new QueryCommand({ ...query, ExclusiveStartKey: from });
      const { Items = [], LastEvaluatedKey }: QueryCommandOutput = await this.call(() => this.client.send(command));
      yield Items;
      from = LastEvaluatedKey;
    } while (from !== undefined);
  }

  async heldAccounts(): Promise<HeldCount> {
    const oldest: HeldAccount[] = [];
    const counted = await this.countItems(
      HELD,
      { ProjectionExpression: 'transaction_id, #since', ExpressionAttributeNames: { '#since': 'timestamp' } },
      (items) => {
        oldest.push(...items.slice(0, MOST_HELD_SHOWN - oldest.length).map(heldAccount));
      },
    );
    return { ...counted, oldest };
  }

  count(status: PaymentStatus): Promise<StatusCount> {
    return this.countItems(status, { Select: 'COUNT' });
  }

  private async countItems(
    status: PaymentStatus | typeof HELD,
    fields: Partial<QueryCommandInput>,
    see: (items: readonly Record<string, unknown>[]) => void = () => undefined,
  ): Promise<StatusCount> {
    let count = 0;
    let from: QueryCommandOutput['LastEvaluatedKey'];
    do {
      // One above the limit shows whether there are more.
      const command = new QueryCommand({
        ...this.withStatus(status),
        ...fields,
        Limit: MOST_COUNTED + 1 - count,
        ExclusiveStartKey: from,
      });
      const {
        Count = 0,
        Items = [],
        LastEvaluatedKey,
      }: QueryCommandOutput = await this.call(() => this.client.send(command));
      count += Count;
      see(Items);
      from = LastEvaluatedKey;
    } while (from !== undefined && count <= MOST_COUNTED);
    return { count: Math.min(count, MOST_COUNTED), more: count > MOST_COUNTED };
  }

  private withStatus(status: PaymentStatus | typeof HELD) {
    return {
      TableName: this.tableName,
      IndexName: STATUS_INDEX,
      KeyConditionExpression: 'payment_status = :status',
      ExpressionAttributeValues: { ':status': status },
    };
  }

  private async item(transaction_id: string): Promise<Record<string, unknown> | undefined> {
    const command = new GetCommand({ TableName: this.tableName, Key: { transaction_id }, ConsistentRead: true });
    return (await this.call(() => this.client.send(command))).Item;
  }

  private call<T>(send: () => Promise<T>): Promise<T> {
    return awsCall(this.region, `payment table ${this.tableName}`, send);
  }
}

function heldAccount({ transaction_id, timestamp }: Record<string, unknown>): HeldAccount {
  return { account_id: accountOfHold(String(transaction_id)), since: String(timestamp) };
}

/** The fields of the index. The items have further keys. */
function listedPayment(item: Record<string, unknown>): ListedPayment {
  const { transaction_id, timestamp, account_id, failure_code, attempts, release_id } =
    item as unknown as ListedPayment;
  return {
    transaction_id,
    timestamp,
    account_id,
    ...(failure_code !== undefined && { failure_code }),
    attempts,
    release_id,
  };
}

import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
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
import { awsCall, type Place } from './aws-call';
import type { HeldAccount, HeldCount, ListedPayment, Payments, StatusCount } from './services';

/** Most records of one status that are counted, which limits the cost. */
const MOST_COUNTED = 10_000;
const MOST_HELD_SHOWN = 10;

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
    let from: QueryCommandOutput['LastEvaluatedKey'];
    do {
      const command = new QueryCommand({ ...this.withStatus(status), ...order, ExclusiveStartKey: from });
      const { Items = [], LastEvaluatedKey }: QueryCommandOutput = await this.call(() => this.client.send(command));
      yield Items.map(listedPayment);
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

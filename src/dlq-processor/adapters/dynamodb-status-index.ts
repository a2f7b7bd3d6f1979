import { type NativeAttributeValue, QueryCommand, type QueryCommandOutput } from '@aws-sdk/lib-dynamodb';
import { accountOfHold, HELD, type PaymentStatus, STATUS_INDEX } from '../../contract';
import type { PaymentTable } from '../../runtime/payment-table';
import type { FailedPayment, FailedPaymentsPage, HeldAccountsPage, Position, StatusIndex } from '../core/ports';

type Attribute = keyof FailedPayment;

const OF_A_FAILURE: readonly Attribute[] = ['transaction_id', 'account_id', 'timestamp', 'failure_code', 'release_id'];
const UNKNOWN = 'unknown';

export class DynamoDbStatusIndex implements StatusIndex {
  constructor(private readonly table: PaymentTable) {}

  async failed(size: number, from: Position | undefined): Promise<FailedPaymentsPage> {
    const { Items = [], LastEvaluatedKey } = await this.list('FAILED', OF_A_FAILURE, size, from);
    return { payments: Items.map(failureOf), next: LastEvaluatedKey };
  }

  async latestApprovals(size: number): Promise<readonly string[]> {
    const { Items = [] } = await this.list('APPROVED', ['release_id'], size, undefined);
    return Items.map((item) => failureOf(item).release_id);
  }

  async oldestReview(): Promise<string | undefined> {
    const { Items: [oldest] = [] } = await this.list('REVIEW', ['timestamp'], 1, undefined, { oldestFirst: true });
    return oldest && String(oldest.timestamp);
  }

  async heldAccounts(size: number, from: Position | undefined): Promise<HeldAccountsPage> {
    const { Items = [], LastEvaluatedKey } = await this.list(HELD, ['transaction_id', 'timestamp'], size, from, {
      oldestFirst: true,
    });
    const accounts = Items.map((item) => ({
      accountId: accountOfHold(String(item.transaction_id)),
      since: String(item.timestamp),
    }));
    return { accounts, next: LastEvaluatedKey };
  }

  private list(
    status: PaymentStatus | typeof HELD,
    attributes: readonly Attribute[],
    size: number,
    from: Position | undefined,
    { oldestFirst }: { readonly oldestFirst: boolean } = { oldestFirst: false },
  ): Promise<QueryCommandOutput> {
    const query = new QueryCommand({
      TableName: this.table.name,
      IndexName: STATUS_INDEX,
      KeyConditionExpression: 'payment_status = :status',
      ExpressionAttributeNames: Object.fromEntries(attributes.map((name) => [`#${name}`, name])),
      ExpressionAttributeValues: { ':status': status },
      ProjectionExpression: attributes.map((name) => `#${name}`).join(', '),
      ScanIndexForward: oldestFirst,
      Limit: size,
      ExclusiveStartKey: from,
    });
    return this.table.call('list payments', (documents, options) => documents.send(query, options));
  }
}

/** Counts every item of the index as a failed payment, even if it lacks fields. */
function failureOf(item: Readonly<Record<string, NativeAttributeValue>>): FailedPayment {
  const known = item as Partial<FailedPayment> & Pick<FailedPayment, 'transaction_id' | 'timestamp'>;
  return { account_id: UNKNOWN, release_id: UNKNOWN, ...known };
}

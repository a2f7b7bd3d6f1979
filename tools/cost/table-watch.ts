import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, paginateScan } from '@aws-sdk/lib-dynamodb';
import { itemSize } from '../kit/bundles/item-size';
import type { AwsCall, RecordingProxy } from '../kit/bundles/recording-proxy';
import type { EmbeddedAws } from '../kit/embedded/aws';
import { indexEntry, indexWriteUnits, type TableIndex } from './index-writes';

type Item = Readonly<Record<string, unknown>>;

/** Bytes that DynamoDB adds to each item: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.html#GSI.StorageConsiderations */
const OVERHEAD_BYTES = 100;

/** Follows the items of the embedded table, which measures no index: its units follow from each item before and after a call. */
export class TableWatch {
  /** Each item as it was before each of its calls. */
  private readonly images = new Map<string, (Item | undefined)[]>();
  private readonly documents: DynamoDBDocumentClient;

  constructor(
    { observer }: EmbeddedAws,
    private readonly tableName: string,
    private readonly indexes: readonly TableIndex[],
    calls: RecordingProxy,
  ) {
    this.documents = DynamoDBDocumentClient.from(observer);
    calls.before = (call) => this.note(call);
  }

  /** Write request units of the indexes, and bytes stored, so far. */
  async totals(): Promise<{ readonly index_write_units: number; readonly stored_bytes: number }> {
    const items: Item[] = [];
    for await (const { Items = [] } of paginateScan({ client: this.documents }, { TableName: this.tableName }))
      items.push(...Items);
    return {
      index_write_units: sum(items, (item) => this.unitsOf(item)),
      stored_bytes: sum(items, (item) => this.bytesOf(item)),
    };
  }

  private async note({ input }: AwsCall): Promise<void> {
    const { transaction_id } = (input.Key ?? input.Item) as Record<string, AttributeValue>;
    const id = transaction_id!.S!;
    const Key = { transaction_id: id };
    const { Item } = await this.documents.send(
      new GetCommand({ TableName: this.tableName, Key, ConsistentRead: true }),
    );
    this.images.set(id, [...(this.images.get(id) ?? []), Item]);
  }

  private unitsOf(item: Item): number {
    const images = [...this.images.get(String(item.transaction_id))!, item];
    return sum(this.indexes, (index) =>
      sum([...images.keys()], (at) => (at === 0 ? 0 : indexWriteUnits(index, images[at - 1], images[at]))),
    );
  }

  private bytesOf(item: Item): number {
    const entries = [item, ...this.indexes.map((index) => indexEntry(index, item))];
    return sum(entries, (entry) => (entry === undefined ? 0 : OVERHEAD_BYTES + itemSize(entry)));
  }
}

function sum<T>(values: readonly T[], one: (value: T) => number): number {
  return values.reduce((total, value) => total + one(value), 0);
}

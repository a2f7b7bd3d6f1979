import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, paginateScan } from '@aws-sdk/lib-dynamodb';
import type { PaymentRecord } from '../../src/contract';
import { indexEntry, itemSize, writeUnits } from '../kit/bundles/item-size';
import type { AwsCall, RecordingProxy } from '../kit/bundles/recording-proxy';
import type { EmbeddedAws } from '../kit/embedded/aws';

/** Bytes that DynamoDB adds to each item: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.html#GSI.StorageConsiderations */
const OVERHEAD_BYTES = 100;

/** Follows the records in the embedded table, which measures no index: its units follow from each record before and after a call. */
export class TableWatch {
  /** Each record as it was before each of its calls. */
  private readonly images = new Map<string, (PaymentRecord | undefined)[]>();
  private readonly documents: DynamoDBDocumentClient;

  constructor(
    { observer }: EmbeddedAws,
    private readonly tableName: string,
    calls: RecordingProxy,
  ) {
    this.documents = DynamoDBDocumentClient.from(observer);
    calls.before = (call) => this.note(call);
  }

  /** Write request units of the index, and bytes stored, so far. */
  async totals(): Promise<{ readonly index_write_units: number; readonly stored_bytes: number }> {
    let [index_write_units, stored_bytes] = [0, 0];
    for await (const { Items = [] } of paginateScan({ client: this.documents }, { TableName: this.tableName }))
      for (const record of Items as PaymentRecord[]) {
        index_write_units += this.unitsOf(record);
        stored_bytes += bytesOf(record);
      }
    return { index_write_units, stored_bytes };
  }

  private async note({ input }: AwsCall): Promise<void> {
    const { transaction_id } = (input.Key ?? input.Item) as Record<string, AttributeValue>;
    const id = transaction_id!.S!;
    const Key = { transaction_id: id };
    const { Item } = await this.documents.send(
      new GetCommand({ TableName: this.tableName, Key, ConsistentRead: true }),
    );
    this.images.set(id, [...(this.images.get(id) ?? []), Item as PaymentRecord | undefined]);
  }

  private unitsOf(record: PaymentRecord): number {
    const [before, ...images] = [...this.images.get(record.transaction_id)!, record];
    return images.reduce(
      ({ sum, was }, is) => ({ sum: sum + (is === undefined ? 0 : writeUnits(was, is).index), was: is }),
      { sum: 0, was: before },
    ).sum;
  }
}

function bytesOf(record: PaymentRecord): number {
  return [record, indexEntry(record)].reduce((sum, entry) => sum + (entry ? OVERHEAD_BYTES + itemSize(entry) : 0), 0);
}

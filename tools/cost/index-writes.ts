import { itemSize } from '../kit/bundles/item-size';

type Item = Readonly<Record<string, unknown>>;

/** An index of a table, as Terraform has it. */
export interface TableIndex {
  readonly name: string;
  readonly hash_key: string;
  readonly range_key: string;
  readonly non_key_attributes?: readonly string[];
}

const UNIT_BYTES = 1_024;

/**
 * Write request units that a change of an item costs in an index: one for each 1 KiB of the entry, of both entries when a key of the index changes, and
 * none when the entry stays the same.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.html#GSI.ThroughputConsiderations.Writes
 */
export function indexWriteUnits(index: TableIndex, before: Item | undefined, after: Item | undefined): number {
  const [old, fresh] = [indexEntry(index, before), indexEntry(index, after)];
  if (JSON.stringify(old) === JSON.stringify(fresh)) return 0;
  if (old !== undefined && fresh !== undefined && keyOf(index, old) !== keyOf(index, fresh))
    return writeUnits(old) + writeUnits(fresh);
  return Math.max(writeUnits(old), writeUnits(fresh));
}

/** The item as the index has it; undefined when it lacks a key of the index. The table's key is `transaction_id`. */
export function indexEntry(
  { hash_key, range_key, non_key_attributes = [] }: TableIndex,
  item: Item = {},
): Item | undefined {
  if (!(hash_key in item && range_key in item)) return undefined;
  const names = ['transaction_id', hash_key, range_key, ...non_key_attributes];
  return Object.fromEntries(names.filter((name) => name in item).map((name) => [name, item[name]]));
}

function keyOf({ hash_key, range_key }: TableIndex, entry: Item): string {
  return JSON.stringify([entry[hash_key], entry[range_key]]);
}

function writeUnits(entry: Item | undefined): number {
  return entry === undefined ? 0 : Math.ceil(itemSize(entry) / UNIT_BYTES);
}

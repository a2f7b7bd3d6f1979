import { type PaymentRecord, STATUS_INDEX_FIELDS } from '../../../src/contract';

/** The most that an item of DynamoDB may have: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
export const MOST_BYTES_OF_AN_ITEM = 400 * 1_024;

/** Bytes of an item as DynamoDB counts them: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html */
export function itemSize(item: object): number {
  return Object.entries(item).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + valueSize(value), 0);
}

/**
 * Write units of one write: of the table, "the larger of the item size before and after", and of the status index, "one to delete the
 * previous item from the index and another one to put the new item" when a key of it changes:
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.html
 */
export function writeUnits(before: PaymentRecord | undefined, after: PaymentRecord): { table: number; index: number } {
  const [was, is] = [before, after].map((record) => record && indexEntry(record));
  const isSame = JSON.stringify(was) === JSON.stringify(is);
  const isMoved = before?.payment_status !== after.payment_status || before.timestamp !== after.timestamp;
  const isOneWrite = was === undefined || is === undefined || !isMoved;
  return { table: unitsOf(Math.max(itemSize(before ?? {}), itemSize(after))), index: isSame ? 0 : isOneWrite ? 1 : 2 };
}

/** The record as the status index has it; undefined when it isn't in the index. */
export function indexEntry(record: PaymentRecord): Partial<PaymentRecord> | undefined {
  if (record.timestamp === undefined) return undefined;
  const fields = ['transaction_id', 'payment_status', 'timestamp', ...STATUS_INDEX_FIELDS] as const;
  return Object.fromEntries(fields.filter((field) => field in record).map((field) => [field, record[field]]));
}

function unitsOf(bytes: number): number {
  return Math.ceil(bytes / 1_024);
}

/** Stores the item with the most elements that the table takes. @returns their count: with one more the item is too large */
export async function putLargest<T extends object>(
  item: (count: number) => T,
  put: (item: T) => Promise<unknown>,
  upTo = 5_000,
): Promise<number> {
  const isTaken = (count: number) =>
    put(item(count)).then(
      () => true,
      (error: unknown) => {
        if (!String(error).includes('exceeded the maximum allowed size')) throw error;
        return false;
      },
    );
  let count = mostThatFit(item, upTo);
  while (await isTaken(count + 1)) count++;
  while (!(await isTaken(count))) count--;
  return count;
}

/** The same as this module counts, which is near to what the table takes. */
function mostThatFit(item: (count: number) => object, upTo: number): number {
  let [fits, isTooMany] = [0, upTo];
  while (isTooMany - fits > 1) {
    const count = Math.floor((fits + isTooMany) / 2);
    if (itemSize(item(count)) <= MOST_BYTES_OF_AN_ITEM) fits = count;
    else isTooMany = count;
  }
  return fits;
}

function valueSize(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (typeof value === 'number') return Math.ceil(String(value).replace(/\D/g, '').length / 2) + 1;
  if (value instanceof Set) return [...(value as Set<unknown>)].reduce<number>((sum, one) => sum + valueSize(one), 0);
  if (Array.isArray(value)) return value.reduce<number>((sum, one) => sum + 1 + valueSize(one), 3);
  if (typeof value === 'object' && value !== null) return 3 + Object.keys(value).length + itemSize(value);
  return 1;
}

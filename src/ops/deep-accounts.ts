import { stat } from 'node:fs/promises';
import { readPaymentFile } from '../cli/payment-file';

/** An account's payments in a file. */
export interface AccountCount {
  /** Line of the first payment that was counted. */
  readonly line: number;
  readonly payments: number;
}

/** Bytes of the shortest payment. */
const SHORTEST_LINE = 145;
/** Accounts that are counted at the same time, which bounds the memory. */
const COUNTED_ACCOUNTS = 100_000;

/**
 * The accounts with more than `limit` payments in the file, the one with the most first. When there are more accounts than are counted at
 * the same time, each count goes down by one for each account without room (Misra and Gries, 1982), so that it may be too low by one for each
 * 100,000 lines. A file that is too small for that many payments is not read. A pipe is not read either: it has no size, and can be read only once.
 * @throws UsageError when the file holds no line
 */
export async function accountsAbove(
  limit: number,
  file: string,
  countedAccounts = COUNTED_ACCOUNTS,
): Promise<AccountCount[]> {
  const found = await stat(file).catch(() => undefined);
  if (found === undefined || found.size <= limit * SHORTEST_LINE) return [];
  const counts = new Map<string, { line: number; payments: number }>();
  for await (const read of readPaymentFile(file)) {
    if ('fault' in read) continue;
    const { account_id } = read.payment;
    const count = counts.get(account_id);
    if (count !== undefined) count.payments++;
    else if (counts.size < countedAccounts) counts.set(account_id, { line: read.line, payments: 1 });
    else for (const [other, counted] of counts) if (--counted.payments === 0) counts.delete(other);
  }
  return [...counts.values()]
    .filter(({ payments }) => payments > limit)
    .sort((one, other) => other.payments - one.payments);
}

import type { KnownHash, ListedPayment, UnknownHash } from './services';

/** Which payments of a status are listed. */
export interface ListOptions {
  /** An account's number, or its hash as an analysis shows it. */
  readonly account?: string;
  /** Most payments that are listed. */
  readonly limit: number;
}

/**
 * Reads until one payment more is found than may be listed, which shows that there are more.
 * @param isMeant what else a payment has to be
 */
export async function findListed(
  { account, limit }: ListOptions,
  pages: AsyncIterable<readonly ListedPayment[]>,
  hash: KnownHash | UnknownHash,
  isMeant: (payment: ListedPayment) => boolean = () => true,
): Promise<{ readonly found: readonly ListedPayment[]; readonly more: boolean }> {
  const found: ListedPayment[] = [];
  const isOfAccount = ({ account_id }: ListedPayment) =>
    account === undefined || account_id === account || hash.of?.(account_id) === account;
  for await (const page of pages) {
    found.push(...page.filter((payment) => isOfAccount(payment) && isMeant(payment)));
    if (found.length > limit) return { found: found.slice(0, limit), more: true };
  }
  return { found, more: false };
}

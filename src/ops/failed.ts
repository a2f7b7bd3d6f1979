import { EXIT } from '../cli/command';
import { joined, shown, type ShownText } from '../cli/shown-text';
import { accountHash, type FailureCode } from '../contract';
import type { FailedPayment, Services } from './services';
import { type Answer, type Look, shownAccount, shownId, table } from './shown';

export interface FailedOptions {
  /** An account's number, or its hash as an analysis tells it. */
  readonly account?: string;
  readonly cause?: FailureCode;
  /** The most that are listed. */
  readonly limit: number;
}

/** The failed payments, the latest first. */
export async function listFailed(options: FailedOptions, { payments }: Services, look: Look): Promise<Answer> {
  const { found, more } = await find(options, payments.failed());
  const json = {
    failed: found.map((payment) => ({ ...payment, account_id: shownAccount(payment.account_id, look), account_hash: accountHash(payment.account_id) })),
    more,
  };
  return { json, text: textOf(found, more, isFiltered(options), look), exitCode: EXIT.fine };
}

/** Reads on until one more is found than may be listed, which tells that there are more. */
async function find({ account, cause, limit }: FailedOptions, pages: AsyncIterable<readonly FailedPayment[]>) {
  const found: FailedPayment[] = [];
  const isMeant = ({ account_id, failure_code }: FailedPayment) =>
    (cause === undefined || failure_code === cause) && (account === undefined || account_id === account || accountHash(account_id) === account);
  for await (const page of pages) {
    found.push(...page.filter(isMeant));
    if (found.length > limit) return { found: found.slice(0, limit), more: true };
  }
  return { found, more: false };
}

function isFiltered({ account, cause }: FailedOptions): boolean {
  return account !== undefined || cause !== undefined;
}

function textOf(found: readonly FailedPayment[], more: boolean, filtered: boolean, look: Look): ShownText {
  if (found.length === 0) return filtered ? shown`No FAILED payment is of that account and cause.` : shown`No payment is FAILED.`;
  const rows = found.map(({ timestamp, transaction_id, account_id, failure_code, attempts, release_id }) => [
    timestamp, transaction_id, shownAccount(account_id, look), failure_code ?? '', attempts, shownId(release_id, look),
  ]);
  const count = more ? `The latest ${found.length}, and there are more: raise --limit, or pick by --account or --cause.` : `${found.length} in all.`;
  return joined([table(['Failed at', 'Transaction', 'Account', 'Cause', 'Attempts', 'Release'], rows, look), count]);
}

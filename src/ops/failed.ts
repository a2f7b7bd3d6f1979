import { EXIT } from '../cli/command-error';
import { joined, shown, type ShownText } from '../cli/escaped-text';
import type { FailureCode } from '../contract';
import type { ListedPayment, KnownHash, Services, UnknownHash } from './services';
import { type Answer, type FormatOptions, shownAccount, shownId } from './format';
import { findListed, type ListOptions } from './listed-payments';
import { table } from './table';

export interface FailedOptions extends ListOptions {
  readonly cause?: FailureCode;
}

/** Lists the failed payments, the latest first. */
export async function listFailed(
  options: FailedOptions,
  { payments, accountHash }: Services,
  format: FormatOptions,
): Promise<Answer> {
  const hash = await accountHash();
  const { cause } = options;
  const { found, more } = await findListed(
    options,
    payments.failed(),
    hash,
    ({ failure_code }) => cause === undefined || failure_code === cause,
  );
  const json = {
    failed: found.map((payment) => ({
      ...payment,
      account_id: shownAccount(payment.account_id, format),
      account_hash: hash.of?.(payment.account_id),
    })),
    more,
    ...(hash.of === undefined && { account_hash_unknown: hash.unknown }),
  };
  return { json, text: textOf(found, more, options, hash, format), exitCode: EXIT.success };
}

function textOf(
  found: readonly ListedPayment[],
  more: boolean,
  { account, cause }: FailedOptions,
  hash: KnownHash | UnknownHash,
  format: FormatOptions,
): ShownText {
  if (found.length === 0) {
    if (account === undefined && cause === undefined) return shown`No payment is FAILED.`;
    const unknown =
      account === undefined || hash.of !== undefined
        ? ''
        : ` Hashes of accounts could not be compared: ${hash.unknown}`;
    return shown`No FAILED payment is of that account and cause.${unknown}`;
  }
  const rows = found.map(({ timestamp, transaction_id, account_id, failure_code, attempts, release_id }) => [
    timestamp,
    transaction_id,
    shownAccount(account_id, format),
    failure_code ?? '',
    attempts,
    shownId(release_id, format),
  ]);
  const count = more
    ? `The latest ${found.length}, and there are more: raise --limit, or pick by --account or --cause.`
    : `${found.length} in all.`;
  return joined([table(['Failed at', 'Transaction', 'Account', 'Cause', 'Attempts', 'Release'], rows, format), count]);
}

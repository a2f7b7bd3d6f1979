import { EXIT } from '../cli/command-error';
import { joined, shown, type ShownText } from '../cli/escaped-text';
import type { DecidedRecord, PaymentRecord } from '../contract';
import { type Answer, type FormatOptions, shownAccount } from './format';
import { findListed, type ListOptions } from './listed-payments';
import type { KnownHash, Services, UnknownHash } from './services';
import { table } from './table';

/** Records that are read at the same time. */
const READS = 10;

/** Lists the payments in `REVIEW`, the longest waiting first, with what a decision needs. */
export async function listReviews(
  options: ListOptions,
  { payments, accountHash }: Services,
  format: FormatOptions,
): Promise<Answer> {
  const hash = await accountHash();
  const { found, more } = await findListed(options, payments.inReview(), hash);
  const records: DecidedRecord[] = [];
  // The status index has neither amounts nor reasons.
  for (let from = 0; from < found.length; from += READS) {
    const page = found.slice(from, from + READS);
    const read = await Promise.all(page.map(({ transaction_id }) => payments.read(transaction_id)));
    records.push(...read.flatMap((record) => (isInReview(record) ? [record] : [])));
  }
  const json = {
    in_review: records.map((record) => ({
      transaction_id: record.transaction_id,
      since: record.timestamp,
      waits_seconds: waitOf(record),
      account_id: shownAccount(record.account_id, format),
      account_hash: hash.of?.(record.account_id),
      amount: record.amount,
      currency: record.currency,
      score: record.fraud.score,
      reasons: record.fraud.reasons,
    })),
    more,
    ...(hash.of === undefined && { account_hash_unknown: hash.unknown }),
  };
  return { json, text: textOf(records, more, options, hash, format), exitCode: EXIT.success };
}

function textOf(
  records: readonly DecidedRecord[],
  more: boolean,
  { account }: ListOptions,
  hash: KnownHash | UnknownHash,
  format: FormatOptions,
): ShownText {
  if (records.length === 0) {
    if (account === undefined) return shown`No payment is in REVIEW.`;
    const unknown = hash.of === undefined ? ` Hashes of accounts could not be compared: ${hash.unknown}` : '';
    return shown`No payment of that account is in REVIEW.${unknown}`;
  }
  const rows = records.map((record) => [
    duration(waitOf(record)),
    record.transaction_id,
    shownAccount(record.account_id, format),
    `${record.amount} ${record.currency}`,
    record.fraud.score,
    record.fraud.reasons.join(', '),
  ]);
  const count = more
    ? `The ${records.length} that have waited longest, and there are more: raise --limit, or pick by --account.`
    : `${records.length} in all.`;
  return joined([
    table(['Waits', 'Transaction', 'Account', 'Amount', 'Score', 'Reasons'], rows, format, true),
    `${count} Amounts are in minor units. Decide by approve ID --reason TEXT, or decline ID --reason TEXT.`,
  ]);
}

function isInReview(record: PaymentRecord | undefined): record is DecidedRecord {
  return record?.payment_status === 'REVIEW';
}

function waitOf({ timestamp }: DecidedRecord): number {
  return Math.max(0, Math.round((Date.now() - Date.parse(timestamp)) / 1_000));
}

/** The two largest units, such as `3 d 4 h`. */
function duration(seconds: number): string {
  const [minutes, hours, days] = [60, 3_600, 86_400].map((unit) => Math.floor(seconds / unit)) as [
    number,
    number,
    number,
  ];
  if (days > 0) return `${days} d ${hours % 24} h`;
  return hours > 0 ? `${hours} h ${minutes % 60} min` : `${minutes} min`;
}

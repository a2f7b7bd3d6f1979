import { EXIT, UsageError } from '../cli/command-error';
import { joined, shown, type ShownText } from '../cli/escaped-text';
import { findBlocker, type Held, type HistoryEntry, type PaymentRecord } from '../contract';
import { type Blocker, blockerOf } from './held-accounts';
import { ID_RULE, isId } from './ids';
import type { KnownHash, Services, UnknownHash } from './services';
import { type Answer, keyValueList, type FormatOptions, shownAccount, shownId } from './format';
import { table } from './table';

/** Shows one payment: its record, its history, and its account's hold. */
export async function showPayment(
  transactionId: string,
  { payments, accountHash }: Services,
  format: FormatOptions,
): Promise<Answer> {
  if (!isId(transactionId)) {
    throw new UsageError(`That is no transaction id: it has ${ID_RULE}`);
  }
  const record = await payments.read(transactionId);
  if (record === undefined) {
    const text = shown`No payment ${transactionId} in ${payments.place}: check the id. One that waits in a queue, or was refused by its rules, has no record.`;
    return { json: { transaction_id: transactionId, found: false }, text, exitCode: EXIT.failed };
  }
  const [hold, hash] = await Promise.all([readHold(record, payments), accountHash()]);
  return { json: jsonOf(record, hash, hold, format), text: textOf(record, hash, hold, format), exitCode: EXIT.success };
}

/** The hold of the payment's account, and the payment that it waits for. */
interface Hold {
  readonly entries: readonly Held[];
  readonly blocker: Blocker | undefined;
}

async function readHold({ account_id }: PaymentRecord, payments: Services['payments']): Promise<Hold> {
  const entries = await payments.held(account_id);
  const blocker = await findBlocker(entries, (transactionId) => payments.read(transactionId));
  return { entries, blocker: blocker && blockerOf(blocker) };
}

function jsonOf(
  { account_id, beneficiary_id, reference, metadata, ...record }: PaymentRecord,
  hash: KnownHash | UnknownHash,
  { entries, blocker }: Hold,
  format: FormatOptions,
) {
  return {
    ...record,
    account_id: shownAccount(account_id, format),
    ...(hash.of === undefined ? { account_hash_unknown: hash.unknown } : { account_hash: hash.of(account_id) }),
    beneficiary_id: shownAccount(beneficiary_id, format),
    ...(format.full && reference !== undefined && { reference }),
    ...(format.full && metadata !== undefined && { metadata }),
    account_held: entries.map(({ transactionId }) => transactionId),
    account_waits_for: blocker ?? null,
  };
}

function textOf(record: PaymentRecord, hash: KnownHash | UnknownHash, hold: Hold, format: FormatOptions): ShownText {
  const { colours } = format;
  const {
    transaction_id,
    payment_status,
    account_id,
    fraud,
    failure_code,
    failure_message,
    dead_lettered_at,
    parked_behind,
    history_omitted,
  } = record;
  return joined([
    colours.bold(`Payment ${transaction_id} is ${payment_status}`),
    keyValueList(
      [
        [
          'Account',
          `${shownAccount(account_id, format)} (hash ${hash.of === undefined ? `unknown: ${hash.unknown}` : hash.of(account_id)})`,
        ],
        [
          'Fraud decision',
          fraud === undefined ? 'none' : `${fraud.decision}, score ${fraud.score}${because(fraud.reasons)}`,
        ],
        ...(failure_code === undefined
          ? []
          : [['Failure', `${failure_code}${failure_message === undefined ? '' : `: ${failure_message}`}`] as const]),
        ['Dead-lettered', dead_lettered_at ?? 'no'],
        ...(parked_behind === undefined ? [] : [['Parked behind', parked_behind] as const]),
        ['Account held', describeHold(transaction_id, hold)],
        ...(history_omitted === undefined ? [] : [['History', omissionOf(record)] as const]),
      ],
      format,
    ),
    timeline(record.history, format),
  ]);
}

function because(reasons: readonly string[]): string {
  return reasons.length === 0 ? '' : ` (${reasons.join(', ')})`;
}

function describeHold(transactionId: string, { entries, blocker }: Hold): string {
  if (entries.length === 0) return 'no';
  const waiting = `${entries.length} of its payments wait`;
  if (blocker === undefined) return `${waiting}, for nothing any more: the next payment lifts the hold`;
  if (blocker.transaction_id === transactionId) return `by this payment: ${waiting}, this one included`;
  const { transaction_id, state, failure_code } = blocker;
  return `by ${transaction_id} (${failure_code === undefined ? state : `${state}: ${failure_code}`}): ${waiting}`;
}

function omissionOf({ history, history_omitted }: PaymentRecord): string {
  return `${history.length} entries; ${history_omitted} more between the first and the last were left out`;
}

function timeline(history: readonly HistoryEntry[], format: FormatOptions): ShownText {
  const hasActor = history.some(({ actor }) => actor !== undefined);
  const rows = history.map(({ status, at, attempt, request_id, release_id, reason, actor }) => [
    status,
    at,
    attempt,
    shownId(request_id, format),
    shownId(release_id, format),
    reason ?? '',
    ...(hasActor ? [actor ?? ''] : []),
  ]);
  return table(['Status', 'At', 'Attempt', 'Request', 'Release', 'Reason', ...(hasActor ? ['By'] : [])], rows, format);
}

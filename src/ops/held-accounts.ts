import { joined, shown, type ShownText } from '../cli/escaped-text';
import { type BlockerState, blockerState, type FailureCode, findBlocker, type PaymentRecord } from '../contract';
import type { HeldAccount, Services } from './services';
import { type FormatOptions, shownAccount } from './format';
import { table } from './table';

/** Accounts whose payments wait (`onFailedPayment: 'hold'`). */
export interface HeldAccounts {
  readonly count: number;
  /** Whether there are more than `count`. */
  readonly more: boolean;
  /** The ten that have been held longest. */
  readonly longest: readonly HeldAccountDetails[];
}

export interface HeldAccountDetails extends HeldAccount {
  /** Number of payments in the hold, including the one that the others wait for. */
  readonly waiting: number;
  /** Null when nothing blocks any more. The account's next payment then lifts the hold. */
  readonly waits_for: Blocker | null;
}

/** The payment that the account waits for: the one to redrive or to discard. */
export interface Blocker {
  readonly transaction_id: string;
  readonly state: BlockerState;
  readonly failure_code?: FailureCode;
}

/** Reads the index once, and for each of the ten accounts its hold and as many records as it takes to find the blocker. */
export async function findHeldAccounts({ payments }: Pick<Services, 'payments'>): Promise<HeldAccounts> {
  const { oldest, ...counted } = await payments.heldAccounts();
  const details = await Promise.all(
    oldest.map(async (account) => {
      const entries = await payments.held(account.account_id);
      const blocker = await findBlocker(entries, (transactionId) => payments.read(transactionId));
      return { ...account, waiting: entries.length, waits_for: blocker === undefined ? null : blockerOf(blocker) };
    }),
  );
  // The index lags: a hold without an entry has just been lifted.
  return { ...counted, longest: details.filter(({ waiting }) => waiting > 0) };
}

export function blockerOf(record: PaymentRecord): Blocker {
  const { transaction_id, failure_code } = record;
  const state = blockerState(record);
  return { transaction_id, state, ...(state === 'failed' && failure_code !== undefined && { failure_code }) };
}

/** The held accounts as JSON. Accounts are shortened, unless the operator wants them in full. */
export function heldAccountsJson({ longest, ...counted }: HeldAccounts, format: FormatOptions) {
  return {
    ...counted,
    longest: longest.map((account) => ({ ...account, account_id: shownAccount(account.account_id, format) })),
  };
}

/** One line of the table of held accounts. */
export interface HeldRow {
  readonly account: string;
  readonly since: string;
  readonly waiting: number;
  readonly blocker: {
    readonly id: string;
    readonly state: BlockerState;
    readonly failureCode?: string | undefined;
  } | null;
}

/** @param now milliseconds since the epoch; without it the age is left out */
export function renderHeldAccounts(
  count: number,
  more: boolean,
  rows: readonly HeldRow[],
  format: FormatOptions,
  change = '',
  now?: number,
): ShownText {
  if (count === 0) return shown`No account is held${change}.`;
  const counted = shown`${more ? `${count} or more accounts are` : count === 1 ? '1 account is' : `${count} accounts are`} held${change}.`;
  if (rows.length === 0) return counted;
  const cells = rows.map(({ account, since, waiting, blocker }) => [
    account,
    sinceOf(since, now),
    waiting,
    waitsForOf(blocker),
  ]);
  return joined([counted, table(['Held account', 'Since', 'Payments', 'Waits for'], cells, format)]);
}

function sinceOf(since: string, now: number | undefined): ShownText {
  const at = since.replace(/\.\d+Z$/, 'Z');
  return now === undefined ? shown`${at}` : joined([at, `${ageOf(now - Date.parse(since))} ago`]);
}

function ageOf(milliseconds: number): string {
  const minutes = Math.max(0, Math.floor(milliseconds / 60_000));
  if (minutes < 120) return `${minutes} min`;
  return minutes < 48 * 60 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / (24 * 60))} days`;
}

function waitsForOf(blocker: HeldRow['blocker']): ShownText {
  if (blocker === null) return shown`nothing: lifted by the next payment`;
  const { id, state, failureCode } = blocker;
  return joined([id, failureCode === undefined ? state : `failed: ${failureCode}`]);
}

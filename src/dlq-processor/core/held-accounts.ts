import {
  type BlockerState,
  blockerState,
  type FailureCode,
  findBlocker,
  maskId,
  type PaymentRecord,
} from '../../contract';
import type { Invocation } from '../../runtime/ports';
import { type HeldAccount, type Position, type Services, timeIsLeft } from './ports';

const PAGE_SIZE = 1_000;
const MOST_COUNTED = 10_000;
const MOST_SHOWN = 10;

/** Held accounts (`onFailedPayment: 'hold'`). */
export interface HeldAccounts {
  readonly count: number;
  /** Whether there are more than were counted. */
  readonly more: boolean;
  /** The ten that have been held longest. */
  readonly longest: readonly HeldAccountDetails[];
}

export interface HeldAccountDetails {
  readonly accountHash: string;
  /** RFC 3339. */
  readonly since: string;
  /** Payments in the hold, the one that the others wait for included. */
  readonly waiting: number;
  /** Null when nothing blocks any more: the account's next payment lifts the hold. */
  readonly waitsFor: Blocker | null;
}

/** The payment to redrive or to discard. */
export interface Blocker {
  readonly transactionId: string;
  readonly state: BlockerState;
  readonly failureCode?: FailureCode;
}

/** @returns null when no time is left. @throws ServiceError */
export async function findHeldAccounts(services: Services, invocation: Invocation): Promise<HeldAccounts | null> {
  const accounts: HeldAccount[] = [];
  let from: Position | undefined;
  do {
    if (!timeIsLeft(services, invocation)) return null;
    const page = await services.index.heldAccounts(PAGE_SIZE, from);
    accounts.push(...page.accounts);
    from = page.next;
  } while (from !== undefined && accounts.length < MOST_COUNTED);
  const longest: HeldAccountDetails[] = [];
  for (const account of accounts.slice(0, MOST_SHOWN)) {
    if (!timeIsLeft(services, invocation)) return null;
    longest.push(await detailsOf(account, services));
  }
  return { count: accounts.length, more: from !== undefined, longest };
}

async function detailsOf(
  { accountId, since }: HeldAccount,
  { holds, payments, accountHash }: Services,
): Promise<HeldAccountDetails> {
  const entries = await holds.read(accountId);
  const details = { accountHash: accountHash(accountId), since, waiting: entries.length };
  const blocker = await findBlocker(entries, (transactionId) => payments.read(transactionId));
  return { ...details, waitsFor: blocker === undefined ? null : blockerOf(blocker) };
}

function blockerOf(record: PaymentRecord): Blocker {
  const { transaction_id, failure_code } = record;
  return {
    transactionId: maskId(transaction_id),
    state: blockerState(record),
    ...(failure_code && { failureCode: failure_code }),
  };
}

import type { HistoryEntry, PaymentOutcome, PaymentRecord } from '../../../src/contract';
import { isSettled } from './tally';

type OutcomeKey = Pick<PaymentOutcome, 'transaction_id' | 'attempt'> & Pick<HistoryEntry, 'status'>;

const keyOf = ({ transaction_id, status, attempt }: OutcomeKey) => `${transaction_id} ${status} ${attempt}`;

/** Judges what a subscriber of the outcome topic got by the records. */
export function judgeOutcomes(
  records: readonly PaymentRecord[],
  outcomes: readonly PaymentOutcome[],
): { readonly holds: boolean; readonly seen: string } {
  const got = new Map<string, string>();
  let changed = 0;
  for (const outcome of outcomes) {
    const text = JSON.stringify(outcome);
    if ((got.get(keyOf(outcome)) ?? text) !== text) changed++;
    got.set(keyOf(outcome), text);
  }
  const missing = records.filter((record) => {
    const { transaction_id, payment_status: status, attempts: attempt } = record;
    return isSettled(record) && got.get(keyOf({ transaction_id, status, attempt })) !== expected(record);
  });
  const entries = new Map(
    records.flatMap(({ transaction_id, history }) =>
      history.map(({ status, attempt, at }) => [keyOf({ transaction_id, status, attempt }), at]),
    ),
  );
  const strays = outcomes.filter((outcome) => entries.get(keyOf(outcome)) !== outcome.at);
  const reversed = reversals(outcomes);
  return {
    holds: missing.length === 0 && strays.length === 0 && changed === 0 && reversed === 0,
    seen: `${got.size} outcomes, ${missing.length} missing, ${strays.length} without a record, ${reversed} pairs out of order, ${changed} changed`,
  };
}

/** Written by hand, not by the functions' code. */
function expected(record: PaymentRecord): string {
  const {
    transaction_id,
    account_id,
    amount,
    currency,
    payment_status: status,
    attempts: attempt,
    timestamp: at,
    failure_code,
  } = record;
  const fields = { transaction_id, account_id, amount, currency, status, attempt, at };
  return JSON.stringify({ schema_version: 1, ...fields, ...(failure_code !== undefined && { failure_code }) });
}

/** Neighbours within an account, of the first time that each outcome came, whose payments were decided the other way round. */
function reversals(outcomes: readonly PaymentOutcome[]): number {
  const seen = new Set<string>();
  const last = new Map<string, string>();
  let reversed = 0;
  for (const outcome of outcomes.filter((one) => !seen.has(keyOf(one)) && seen.add(keyOf(one)))) {
    const { account_id, at } = outcome;
    if ((last.get(account_id) ?? at) > at) reversed++;
    last.set(account_id, at);
  }
  return reversed;
}

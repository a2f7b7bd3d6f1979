import {
  type ByOutcome,
  byOutcome,
  type HistoryEntry,
  isDecision,
  METRICS,
  type PaymentRecord,
} from '../../../src/contract';
import { type Claim, type ClaimName, judge } from './claims';
import type { Evidence } from './evidence';
import {
  countByStatus,
  deadLettered,
  distinct,
  doubleDecisions,
  isSettled,
  lost,
  orderViolations,
  strayDeadLetters,
} from './tally';

/** Facts of a run that its records and messages do not contain. */
export interface Run {
  readonly evidence: Evidence;
  /** Refused before or by SQS: reason code of each. */
  readonly refusals: readonly string[];
  readonly durationMs: number;
  /** Ended by the user, before everything was settled. */
  readonly interrupted: boolean;
}

interface Quantiles {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

/** The report, as `--json` writes it. Payments are counted once each, by transaction id and content. */
export interface Report extends ByOutcome<number> {
  /** Lines: accepted + refused. */
  readonly submitted: number;
  readonly accepted: number;
  readonly refused: number;
  readonly reasons: Readonly<Record<string, number>>;
  /** Failed payments by what their records say of the cause. */
  readonly failures: Readonly<Record<string, number>>;
  readonly dead_lettered: number;
  /** Dead letters that only wait for a failed payment of their account. */
  readonly parked: number;
  /** Accepted lines that repeat an accepted payment. */
  readonly duplicates_ignored: number;
  readonly lost: number;
  readonly order_violations: number;
  readonly double_decisions: number;
  readonly stray_dead_letters: number;
  readonly still_queued: number;
  readonly duration_ms: number;
  /** Settled, over the whole run. */
  readonly payments_per_second: number;
  /** Milliseconds from SQS's acknowledgement to the decision. */
  readonly latency_ms: Quantiles;
  /** Milliseconds of it until the first claim. */
  readonly queueing_ms: Quantiles;
  readonly fraud_checks_failed: number;
  readonly returned: number;
  readonly interrupted: boolean;
  /** `outcomes_published` only if outcomes were. */
  readonly claims: Readonly<Record<Exclude<ClaimName, 'outcomes_published'>, boolean>> & {
    readonly outcomes_published?: boolean;
  };
}

export function makeReport({ evidence, refusals, durationMs, interrupted }: Run): { report: Report; claims: Claim[] } {
  const claims = judge(evidence, interrupted);
  const { accepted, records } = evidence;
  const counts = countByStatus(records);
  const settled = records.filter(isSettled).length;
  const report: Report = {
    submitted: accepted.length + refusals.length,
    accepted: accepted.length,
    refused: refusals.length,
    reasons: countEach(refusals),
    failures: countEach(
      records.flatMap(({ payment_status, failure_message, failure_code }) =>
        payment_status === 'FAILED' ? [failure_message ?? String(failure_code)] : [],
      ),
    ),
    ...byOutcome((outcome) => counts[outcome]),
    dead_lettered: deadLettered(evidence).length,
    parked: deadLettered(evidence).filter(({ parkedBehind }) => parkedBehind !== undefined).length,
    duplicates_ignored: accepted.length - distinct(accepted).length,
    lost: lost(evidence).length,
    order_violations: orderViolations(evidence),
    double_decisions: doubleDecisions(records),
    stray_dead_letters: strayDeadLetters(evidence).length,
    still_queued: evidence.queued,
    duration_ms: Math.round(durationMs),
    payments_per_second: Math.round((settled / durationMs) * 10_000) / 10,
    latency_ms: timeUntil(({ history }) => history.find(({ status }) => isDecision(status)), evidence),
    queueing_ms: timeUntil(
      ({ history }) => (history.some(({ status }) => isDecision(status)) ? history[0] : undefined),
      evidence,
    ),
    fraud_checks_failed: evidence.metric(METRICS.fraudCheckErrors),
    returned: evidence.metric(METRICS.retried),
    interrupted,
    claims: Object.fromEntries(claims.map(({ name, holds }) => [name, holds === true])) as Record<ClaimName, boolean>,
  };
  return { report, claims };
}

/** Of the payments whose history has that entry. */
function timeUntil(
  entryOf: (record: PaymentRecord) => HistoryEntry | undefined,
  { accepted, records }: Evidence,
): Quantiles {
  const entries = new Map(records.map((record) => [record.transaction_id, entryOf(record)]));
  const times = distinct(accepted)
    .flatMap(({ payment, acceptedAt }) => {
      const entry = entries.get(payment.transaction_id);
      return entry === undefined ? [] : [Math.max(0, Date.parse(entry.at) - acceptedAt)];
    })
    .sort((a, b) => a - b);
  const at = (part: number) => times[Math.min(times.length - 1, Math.floor(part * times.length))] ?? 0;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) };
}

function countEach(values: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}

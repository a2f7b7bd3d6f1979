import { METRICS, OUTCOMES, PAYMENT_STATUSES, type PaymentRecord } from '../../../src/contract';
import type { Evidence } from './evidence';
import { judgeOutcomes } from './outcomes';
import {
  countByStatus,
  doubleDecisions,
  isSettled,
  lost,
  missingDeadLetters,
  orderViolations,
  overtakers,
  sendingViolations,
  strayDeadLetters,
} from './tally';

/** A promise of the pipeline, and whether a run kept it. */
export interface Claim<Name extends string = ClaimName> {
  readonly name: Name;
  /** One sentence. */
  readonly promise: string;
  /** Undefined when the run ended before it could be judged. */
  readonly holds: boolean | undefined;
  /** The figures that decide whether it holds. */
  readonly seen: string;
}

export type ClaimName =
  | 'nothing_lost'
  | 'order_per_account'
  | 'decided_once'
  | 'dead_letters_exact'
  | 'metrics_match_records'
  | 'outcomes_published';

/**
 * Judges a run by what it left behind, sharing nothing with the code that processed it.
 * @param interrupted whether the run ended before its queue was empty
 */
export function judge(evidence: Evidence, interrupted = false): Claim[] {
  return [
    nothingLost(evidence, interrupted),
    orderPerAccount(evidence),
    decidedOnce(evidence),
    deadLettersExact(evidence),
    metricsMatch(evidence),
    ...outcomesPublished(evidence),
  ];
}

function nothingLost(evidence: Evidence, interrupted: boolean): Claim {
  const { queued } = evidence;
  const missing = lost(evidence).length;
  // The queue's messages are not read: any of them may be one that is missing so far.
  const unseen = interrupted ? Math.max(0, missing - queued) : missing;
  return {
    name: 'nothing_lost',
    promise: 'Every accepted payment is settled, or in the dead-letter queue; the queue is empty.',
    holds: interrupted && unseen === 0 && queued > 0 ? undefined : unseen === 0 && queued === 0,
    seen: `${unseen} lost, ${queued} still queued`,
  };
}

function orderPerAccount(evidence: Evidence): Claim {
  const [sent, decided, overtook] = [
    sendingViolations(evidence),
    orderViolations(evidence),
    overtakers(evidence).length,
  ];
  const isHeld = evidence.onFailedPayment === 'hold';
  return {
    name: 'order_per_account',
    promise: `Each account was decided in the order in which its payments were sent${isHeld ? ', and nothing overtook a failed one' : ''}.`,
    holds: sent === 0 && decided === 0 && overtook === 0,
    seen: `${decided} pairs decided, ${sent} enqueued out of order${isHeld ? `, ${overtook} overtook` : ''}`,
  };
}

function decidedOnce({ records }: Evidence): Claim {
  const again = doubleDecisions(records);
  return {
    name: 'decided_once',
    promise: 'No payment was decided twice, or otherwise than its history says.',
    holds: again === 0,
    seen: `${again} double decisions`,
  };
}

function deadLettersExact(evidence: Evidence): Claim {
  const stray = strayDeadLetters(evidence).length;
  const missing = missingDeadLetters(evidence).length;
  return {
    name: 'dead_letters_exact',
    promise: `The dead-letter queue holds exactly the payments that cannot succeed${evidence.onFailedPayment === 'hold' ? ', and those that wait for them' : ''}.`,
    holds: stray === 0 && missing === 0,
    seen: `${stray} that could succeed, ${missing} missing`,
  };
}

function metricsMatch({ records, metric, mayBeUncounted }: Evidence): Claim {
  const settled = records.filter(isSettled);
  const most = expectedMetrics(settled);
  const least = expectedMetrics(settled.filter((record) => !mayBeUncounted(record)));
  const wrong = Object.keys(most).filter((name) => metric(name) > most[name]! || metric(name) < least[name]!);
  const excused = settled.length - least[METRICS.processed]!;
  const short = settled.length - metric(METRICS.processed);
  return {
    name: 'metrics_match_records',
    promise:
      excused === 0
        ? 'The custom metrics say what the records say.'
        : 'The custom metrics say what the records say, less at most what crashed invocations could not write.',
    holds: wrong.length === 0,
    seen:
      wrong.length > 0
        ? wrong.map((name) => `${name} ${metric(name)}, records ${range(least[name]!, most[name]!)}`).join('; ')
        : `${METRICS.processed} ${metric(METRICS.processed)}${excused === 0 ? '' : `, ${short} short, at most ${excused} excused`}`,
  };
}

function outcomesPublished({ records, outcomes }: Evidence): Claim[] {
  if (outcomes === undefined) return [];
  const promise =
    'A subscriber got the outcome of every settled payment, as its record says, in the order of its account, each repetition the same.';
  return [{ name: 'outcomes_published', promise, ...judgeOutcomes(records, outcomes) }];
}

/** The expected sums of the payment processor's metrics once these payments have settled. */
export function expectedMetrics(settled: readonly PaymentRecord[]): Record<string, number> {
  const counts = countByStatus(settled);
  return {
    [METRICS.processed]: settled.length,
    ...Object.fromEntries(OUTCOMES.map((outcome) => [PAYMENT_STATUSES[outcome].metric, counts[outcome]])),
  };
}

function range(low: number, high: number): string {
  return low === high ? String(high) : `${low} to ${high}`;
}

import { METRICS } from '../../src/contract';
import type { Claim, ClaimName } from '../demo/verification/claims';
import { makeReport, type Report } from '../demo/verification/report';
import { isSettled } from '../demo/verification/tally';
import type { Kill } from './fault-injector';
import type { ChaosResult, Override } from './run';

export type ChaosClaimName = ClaimName | 'kills_hit' | 'only_killed_failed';

/** The demo's report, and what was done to the run. */
export interface ChaosReport extends Omit<Report, 'claims'> {
  readonly seed: number;
  readonly kills_asked: number;
  readonly kills_hit: number;
  /** The invocation was over, or its process still starting; each was repeated. */
  readonly kills_missed: number;
  readonly kills: readonly Kill[];
  /** How many payments were hit once, twice, and so on. */
  readonly payments_hit: readonly number[];
  /** Open connections to the table, each time that all were cut. */
  readonly connections_dropped: readonly number[];
  readonly fraud_faults: number;
  /** Invocations that failed as a whole without being killed. */
  readonly unexplained_failures: number;
  /** Settled payments that the metrics lack. */
  readonly uncounted: number;
  readonly settings_overridden: Readonly<Record<string, Override>>;
  readonly claims: Readonly<Record<ChaosClaimName, boolean>>;
}

export function makeChaosReport(result: ChaosResult): { report: ChaosReport; claims: Claim<ChaosClaimName>[] } {
  const { settings, evidence, kills } = result;
  const demo = makeReport(result);
  const claims = [...demo.claims, killsHit(result), onlyKilledFailed(result)];
  const report: ChaosReport = {
    ...demo.report,
    seed: settings.seed,
    kills_asked: settings.kills,
    kills_hit: kills.length,
    kills_missed: result.killsMissed,
    kills,
    payments_hit: result.paymentsHit,
    connections_dropped: result.connectionsDropped,
    fraud_faults: result.fraudFaults,
    unexplained_failures: unexplainedFailures(result),
    uncounted: evidence.records.filter(isSettled).length - evidence.metric(METRICS.processed),
    settings_overridden: result.overridden,
    claims: Object.fromEntries(claims.map(({ name, holds }) => [name, holds])) as Record<ChaosClaimName, boolean>,
  };
  return { report, claims };
}

/** A run that was spared its kills shows nothing. */
function killsHit({ settings, kills, killsMissed }: ChaosResult): Claim<ChaosClaimName> {
  return {
    name: 'kills_hit',
    promise: 'Every kill that was asked for ended a function at work.',
    holds: kills.length >= settings.kills,
    seen: `${kills.length} of ${settings.kills}, ${killsMissed} missed and were repeated`,
  };
}

function onlyKilledFailed(result: ChaosResult): Claim<ChaosClaimName> {
  const unexplained = unexplainedFailures(result);
  return {
    name: 'only_killed_failed',
    promise: 'No invocation failed but those that were killed: the function lives through faults and cut connections.',
    holds: unexplained === 0,
    seen: `${unexplained} others failed`,
  };
}

function unexplainedFailures({ functionErrors, kills }: ChaosResult): number {
  return functionErrors - kills.length;
}

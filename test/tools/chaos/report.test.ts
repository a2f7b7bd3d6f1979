import { METRICS } from '../../../src/contract';
import { type ChaosReport, makeChaosReport } from '../../../tools/chaos/report';
import type { ChaosResult } from '../../../tools/chaos/run';
import { accepted, evidenceOf, recordOf } from '../../../tools/demo/fixtures/evidence-builder';

const [first, second] = [accepted(1), accepted(2)];
const records = [recordOf(first, 'PROCESSING', 'APPROVED'), recordOf(second, 'PROCESSING', 'PROCESSING', 'APPROVED')];
const kill = { acknowledged_before: 0, after_ms: 40, payments: 2 };

/** The report of a run with one kill, which hit, and the test's changes. */
function reportOf(fields: Partial<ChaosResult>): ChaosReport {
  const result: ChaosResult = {
    settings: { payments: 2, kills: 1, seed: 1, stackFile: '', bundle: '', logFile: '' },
    evidence: evidenceOf({ accepted: [first, second], records }),
    refusals: [],
    durationMs: 1,
    interrupted: false,
    overridden: {},
    concurrency: 1,
    kills: [kill],
    killsMissed: 0,
    paymentsHit: [2, 0],
    connectionsDropped: [3],
    functionErrors: 1,
    fraudFaults: 0,
    logFile: '',
    ...fields,
  };
  return makeChaosReport(result).report;
}

function broken({ claims }: ChaosReport): string[] {
  return Object.entries(claims)
    .filter(([, holds]) => !holds)
    .map(([name]) => name);
}

test('a run whose kills hit holds all claims, and counts what the metrics lack', () => {
  const counted = (name: string) => (name === METRICS.processed || name === METRICS.approved ? 1 : 0);
  const evidence = evidenceOf({ accepted: [first, second], records, metric: counted, mayBeUncounted: () => true });

  const report = reportOf({ evidence });

  expect(broken(report)).toEqual([]);
  expect(report).toMatchObject({ kills_asked: 1, kills_hit: 1, kills: [kill], unexplained_failures: 0, uncounted: 1 });
});

test('a run that was spared a kill proves nothing', () => {
  expect(broken(reportOf({ kills: [], functionErrors: 0 }))).toEqual(['kills_hit']);
});

test('an invocation that failed by itself does not count as killed', () => {
  const report = reportOf({ functionErrors: 2 });

  expect(broken(report)).toEqual(['only_killed_failed']);
  expect(report.unexplained_failures).toBe(1);
});

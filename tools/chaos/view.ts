import { joined, type ShownText, type Value } from '../../src/cli/escaped-text';
import { keyValueList } from '../../src/ops/format';
import type { Claim } from '../demo/verification/claims';
import {
  figures,
  type Figure,
  type Look,
  renderClaims,
  renderCounts,
  renderStatuses,
  renderTimeline,
} from '../demo/view';
import type { ChaosReport } from './report';
import type { ChaosResult } from './run';

/** The report for a person. Coloured only where the caller knows of a terminal. */
export function renderChaosReport(
  result: ChaosResult,
  report: ChaosReport,
  claims: readonly Claim<string>[],
  look: Look,
): ShownText {
  return joined([
    keyValueList([...figures(report, result.concurrency), ...blows(report)], look),
    renderStatuses(report, look),
    ...renderCounts(report),
    ...renderClaims(claims, look),
    ...renderTimeline(result.evidence, look),
    ...renderNext(result, look),
    '',
  ]);
}

function blows(report: ChaosReport): Figure[] {
  const { kills, payments_hit, connections_dropped } = report;
  const hit = payments_hit.map((payments, index) => `${payments} hit ${index + 1}x`).join(', ');
  const moments = kills
    .map(({ after_ms }) => after_ms)
    .sort((a, b) => a - b)
    .join(' ');
  const connections = connections_dropped.reduce((sum, count) => sum + count, 0);
  return [
    ['Kills', `${kills.length} functions at work; payments: ${hit}`],
    ['', `ms into the invocation: ${moments}`],
    ['Connections', `${connections} to the table cut, in ${connections_dropped.length} blows`],
    ['Fraud API', `${report.fraud_faults} answers were faults`],
    ['Metrics', `${report.uncounted} settled payments are missing in them`],
  ];
}

function renderNext({ settings, overridden, logFile }: ChaosResult, { colours: pc }: Look): Value[] {
  const differing = Object.entries(overridden).map(
    ([name, { stack, run }]) => `  ${name} ${run} (stack: ${stack ?? 'none'})`,
  );
  return [
    pc.bold('Settings that differed from the stack'),
    ...differing,
    '',
    pc.bold('Where to look next'),
    `  ${logFile}  logs and metrics of the functions, as they wrote them`,
    `  npx projen chaos --seed ${settings.seed}  the same payments, faults and kills; what a kill interrupts depends on real time`,
    '',
    pc.dim(
      'SQS, DynamoDB and the fraud API were emulated; the processes, their deaths and the time were real. A batch with a payment in its last ' +
        "receive was spared: one more crash, and the queue's redrive would dead-letter it, healthy as it is.",
    ),
  ];
}

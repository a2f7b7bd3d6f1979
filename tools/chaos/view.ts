import { type Colours, colours, joined, type ShownText, type Value } from '../../src/cli/escaped-text';
import type { Claim } from '../demo/verification/claims';
import {
  figures,
  type Figure,
  renderClaims,
  renderCounts,
  renderFigures,
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
  coloured: boolean,
): ShownText {
  const pc = colours(coloured);
  return joined([
    renderFigures([...figures(report, result.concurrency), ...blows(report)], pc),
    renderStatuses(report, pc),
    ...renderCounts(report),
    ...renderClaims(claims, pc),
    ...renderTimeline(result.evidence, pc),
    ...renderNext(result, pc),
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

function renderNext({ settings, overridden, logFile }: ChaosResult, pc: Colours): Value[] {
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
      'SQS, DynamoDB and the fraud API were emulated; the processes, their deaths and the time were real. A batch with a payment',
    ),
    pc.dim(
      "in its last receive was spared: one more crash, and the queue's redrive would dead-letter it, healthy as it is.",
    ),
  ];
}

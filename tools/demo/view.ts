import Table from 'cli-table3';
import { type Colours, colours, joined, printable, shown, ShownText, type Value } from '../../src/cli/escaped-text';
import { outcomeKey, OUTCOMES, PAYMENT_STATUSES, type PaymentRecord } from '../../src/contract';
import type { DemoResult } from './demo';
import type { Claim } from './verification/claims';
import type { AcceptedPayment, Evidence } from './verification/evidence';
import type { Report } from './verification/report';

const BAR_WIDTH = 30;
/** More of them would hide the first. */
const MOST_CAUSES = 5;

/** The report for a person. Coloured only where the caller knows of a terminal. */
export function renderReport(
  result: DemoResult,
  report: Report,
  claims: readonly Claim[],
  coloured: boolean,
): ShownText {
  const pc = colours(coloured);
  return joined([
    ...(report.interrupted ? [pc.yellow('Ended early: this is what was done so far.')] : []),
    renderFigures([...figures(report, result.concurrency), ...functionErrors(result)], pc),
    renderStatuses(report, pc),
    ...renderCounts(report),
    ...renderFailures(report),
    ...renderClaims(claims, pc),
    ...renderTimeline(result.evidence, pc),
    ...renderNext(result, pc),
  ]);
}

/** A label and its figure. */
export type Figure = readonly [name: string, value: string];

export function figures(report: Omit<Report, 'claims'>, concurrency: number): Figure[] {
  const { p50, p95, p99, max } = report.latency_ms;
  return [
    [
      'Throughput',
      `${report.payments_per_second} payments/s over ${(report.duration_ms / 1_000).toFixed(1)} s, ${concurrency} function processes`,
    ],
    [
      'Latency',
      `p50 ${p50} ms   p95 ${p95} ms   p99 ${p99} ms   max ${max} ms   (from SQS's acknowledgement to the decision)`,
    ],
    [
      'Retries',
      `${report.fraud_checks_failed} fraud checks failed and were repeated, ${report.returned} payments returned to the queue`,
    ],
  ];
}

export function renderFigures(rows: readonly Figure[], pc: Colours): ShownText {
  const table = new Table({ style: { head: [], border: [] } });
  table.push(...rows.map(([name, value]) => [pc.bold(name), value].map(printable)));
  return ShownText.own(table.toString());
}

function functionErrors(result: DemoResult): Figure[] {
  return result.functionErrors === 0
    ? []
    : [['Function errors', `${result.functionErrors} invocations failed as a whole`]];
}

export function renderStatuses(report: Omit<Report, 'claims'>, pc: Colours): ShownText {
  const rows = OUTCOMES.map((outcome) => {
    const { colour } = PAYMENT_STATUSES[outcome];
    return [outcome, report[outcomeKey(outcome)], pc[colour]] as const;
  });
  const total = Math.max(
    1,
    rows.reduce((sum, [, count]) => sum + count, 0),
  );
  const table = new Table({
    head: ['Status', 'Payments', 'Share', ''],
    style: { head: [], border: [] },
    colAligns: ['left', 'right', 'right', 'left'],
  });
  for (const [status, count, colour] of rows) {
    const bar = '█'.repeat(Math.ceil((count / total) * BAR_WIDTH));
    table.push([status, count, `${((100 * count) / total).toFixed(1)} %`, String(colour(bar.padEnd(BAR_WIDTH)))]);
  }
  return ShownText.own(table.toString());
}

export function renderCounts({
  submitted,
  accepted,
  refused,
  reasons,
  duplicates_ignored,
  dead_lettered,
  parked,
}: Omit<Report, 'claims'>): string[] {
  const why = Object.entries(reasons)
    .map(([reason, count]) => `${reason} ${count}`)
    .join(', ');
  return [
    `${submitted} submitted, ${accepted} accepted, ${refused} refused${why === '' ? '' : ` (${why})`}, ` +
      `${duplicates_ignored} duplicates ignored, ${dead_lettered} dead-lettered${parked === 0 ? '' : ` (${parked} of them only wait for a failed one)`}`,
    '',
  ];
}

/** Why payments failed, the most frequent cause first. */
export function renderFailures({ failures }: Pick<Report, 'failures'>): Value[] {
  const causes = Object.entries(failures).sort(([, one], [, other]) => other - one);
  if (causes.length === 0) return [];
  const rows = causes.slice(0, MOST_CAUSES).map(([cause, count]) => shown`  ${count} failed: ${cause}`);
  return [...rows, ...(causes.length > rows.length ? [`  and ${causes.length - rows.length} causes more`] : []), ''];
}

export function renderClaims(claims: readonly Claim<string>[], pc: Colours): Value[] {
  return [
    pc.bold('Claims, computed from the records, the queue, the dead letters and the metrics'),
    ...claims.map((claim) => renderClaim(claim, pc)),
    renderConclusion(claims, pc),
    '',
  ];
}

function renderClaim({ holds, name, promise, seen }: Claim<string>, pc: Colours): ShownText {
  return shown`  ${holds ? pc.green('✔') : pc.red('✘')} ${pc.bold(name.padEnd(22))} ${promise} ${pc.dim(`(${seen})`)}`;
}

function renderConclusion(claims: readonly Claim<string>[], pc: Colours): ShownText {
  const broken = claims.filter(({ holds }) => !holds).map(({ name }) => name);
  return broken.length === 0 ? pc.green(`All ${claims.length} claims hold.`) : pc.red(`Broken: ${broken.join(', ')}.`);
}

/** The payment that went through most. */
export function renderTimeline(evidence: Evidence, pc: Colours): Value[] {
  const events = ({ history, history_omitted = 0, dead_lettered_at }: PaymentRecord) =>
    history.length + history_omitted + (dead_lettered_at === undefined ? 0 : 1);
  const [record] = [...evidence.records].sort((a, b) => events(b) - events(a));
  const sent = evidence.accepted.find(({ payment }) => payment.transaction_id === record?.transaction_id);
  if (record === undefined || sent === undefined) return [];
  const table = new Table({ head: ['After', 'What happened', 'Attempt', 'Request'], style: { head: [], border: [] } });
  table.push(...timelineRows(record, sent).map((row) => row.map(printable)));
  return [pc.bold(`One payment's way: ${record.transaction_id}`), ShownText.own(table.toString()), ''];
}

function timelineRows(record: PaymentRecord, { acceptedAt }: AcceptedPayment): string[][] {
  const after = (at: number) => `${Math.max(0, at - acceptedAt)} ms`;
  const rows = record.history.map(({ status, at, attempt, request_id }) => {
    const end = status === record.payment_status ? detail(record) : '';
    return { at: Date.parse(at), cells: [`${status}${end}`, String(attempt), request_id.slice(0, 8)] };
  });
  if (record.history_omitted !== undefined) {
    rows.splice(1, 0, {
      at: rows[0]!.at,
      cells: [`${record.history_omitted} entries of the history were left out`, '', ''],
    });
  }
  if (record.dead_lettered_at !== undefined) {
    rows.push({ at: Date.parse(record.dead_lettered_at), cells: ['copied to the dead-letter queue', '', ''] });
  }
  return [['0 ms', 'acknowledged by SQS', '', ''], ...rows.map(({ at, cells }) => [after(at), ...cells])];
}

function detail({ fraud, failure_code }: PaymentRecord): string {
  if (failure_code !== undefined) return `: ${failure_code}`;
  return fraud === undefined ? '' : `, score ${fraud.score}`;
}

function renderNext({ logFile, stackFile, fraudUrl, overridden }: DemoResult, pc: Colours): Value[] {
  return [
    pc.bold('Where to look next'),
    `  ${logFile}  logs and metrics of the functions, as they wrote them`,
    `  ${stackFile}  the stack that these settings come from`,
    '  npx projen demo --help  other payments, faults, your own fraud API',
    '',
    pc.dim(`SQS and DynamoDB were emulated; the fraud API was ${fraudUrl}. Time was real. Different from the stack:`),
    pc.dim(`${overridden.join(', ')}.`),
  ];
}

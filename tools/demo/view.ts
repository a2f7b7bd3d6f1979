import { joined, shown, type ShownText, type Value } from '../../src/cli/escaped-text';
import { pluralize } from '../../src/cli/pluralize';
import { outcomeKey, OUTCOMES, PAYMENT_STATUSES, type PaymentRecord } from '../../src/contract';
import { type FormatOptions, keyValueList } from '../../src/ops/format';
import { table } from '../../src/ops/table';
import type { DemoResult } from './demo';
import type { Claim } from './verification/claims';
import type { AcceptedPayment, Evidence } from './verification/evidence';
import type { Report } from './verification/report';

/** Width of the table of statuses without its bars. */
const BESIDE_BARS = 36;
const LONGEST_BAR = 60;
/** More of them would hide the first. */
const MOST_SHOWN = 5;

export type Look = Pick<FormatOptions, 'colours' | 'width'>;

/** The report for a person. */
export function renderReport(result: DemoResult, report: Report, claims: readonly Claim[], look: Look): ShownText {
  const { colours } = look;
  return joined([
    ...(report.interrupted ? [colours.yellow(`Interrupted: ${number(report.still_queued)} still queued.`), ''] : []),
    ...(report.accepted === 0 ? [] : renderFigures(result, report, look)),
    ...renderCounts(report),
    ...renderFailures(report),
    ...renderConflicts(result.evidence),
    ...(report.accepted === 0 ? [] : renderClaims(claims, look)),
    ...renderTimeline(result.evidence, look),
    ...renderNext(result, look),
  ]);
}

function renderFigures(result: DemoResult, report: Report, look: Look): Value[] {
  return [
    keyValueList([...figures(report, result.concurrency), ...functionErrors(result)], look),
    renderStatuses(report, look),
  ];
}

/** A label and its figure. */
export type Figure = readonly [name: string, value: string];

export function figures(report: Omit<Report, 'claims'>, concurrency: number): Figure[] {
  const { p50, p95, p99, max } = report.latency_ms;
  const { payments_per_second, duration_ms, fraud_checks_failed, returned } = report;
  return [
    [
      'Throughput',
      `${payments_per_second} payments/s over ${(duration_ms / 1_000).toFixed(1)} s, ${pluralize(concurrency, 'function process', 'function processes')}`,
    ],
    ['Latency', `p50 ${p50} ms   p95 ${p95} ms   p99 ${p99} ms   max ${max} ms`],
    [
      '',
      `from SQS's acknowledgement to the decision. At p50, ${report.queueing_ms.p50} ms pass in the queue: the payments are sent all at once, and wait for their turn.`,
    ],
    [
      'Retries',
      `${pluralize(fraud_checks_failed, 'fraud check')} failed and ${fraud_checks_failed === 1 ? 'was' : 'were'} repeated, ${pluralize(returned, 'payment')} returned to the queue`,
    ],
  ];
}

function functionErrors(result: DemoResult): Figure[] {
  return result.functionErrors === 0
    ? []
    : [['Function errors', `${pluralize(result.functionErrors, 'invocation')} failed as a whole`]];
}

export function renderStatuses(report: Omit<Report, 'claims'>, look: Look): ShownText {
  const counts = OUTCOMES.map((outcome) => [outcome, report[outcomeKey(outcome)]] as const);
  const total = Math.max(
    1,
    counts.reduce((sum, [, count]) => sum + count, 0),
  );
  const longest = Math.max(1, Math.min(LONGEST_BAR, look.width - BESIDE_BARS));
  const rows = counts.map(([outcome, count]) => [
    outcome,
    String(count).padStart('Payments'.length),
    `${((100 * count) / total).toFixed(1)} %`.padStart('100.0 %'.length),
    look.colours[PAYMENT_STATUSES[outcome].colour]('█'.repeat(Math.ceil((count / total) * longest)).padEnd(longest)),
  ]);
  return table(['Status', 'Payments', '  Share', ''], rows, look);
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
  const rows = causes.slice(0, MOST_SHOWN).map(([cause, count]) => shown`  ${count} failed: ${cause}`);
  return [...rows, ...(causes.length > rows.length ? [`  and ${causes.length - rows.length} causes more`] : []), ''];
}

/** The payments whose transaction id had another payment before. */
function renderConflicts({ deadLetters }: Evidence): Value[] {
  const ids = deadLetters.flatMap(({ failureCode, transactionId }) =>
    failureCode === 'CONFLICTING_TRANSACTION' && transactionId !== undefined ? [transactionId] : [],
  );
  if (ids.length === 0) return [];
  const more = ids.length > MOST_SHOWN ? ` and ${ids.length - MOST_SHOWN} more` : '';
  return [
    `  ${ids.length} in the dead-letter queue as conflicting, with the transaction id of another payment: ${ids.slice(0, MOST_SHOWN).join(', ')}${more}`,
    '',
  ];
}

export function renderClaims(claims: readonly Claim<string>[], look: Look): Value[] {
  return [
    look.colours.bold('Claims, computed from the records, the queue, the dead letters and the metrics'),
    ...claims.map((claim) => renderClaim(claim, look)),
    renderConclusion(claims, look),
    '',
  ];
}

function renderClaim({ holds, name, promise, seen }: Claim<string>, { colours }: Look): ShownText {
  const mark = holds === undefined ? colours.yellow('…') : holds ? colours.green('✔') : colours.red('✘');
  return shown`  ${mark} ${colours.bold(name)}${' '.repeat(22 - name.length)}  ${promise} ${colours.dim(`(${seen})`)}`;
}

function renderConclusion(claims: readonly Claim<string>[], { colours }: Look): ShownText {
  const broken = claims.filter(({ holds }) => holds === false).map(({ name }) => name);
  if (broken.length > 0) return colours.red(`Broken: ${broken.join(', ')}.`);
  const open = claims.filter(({ holds }) => holds === undefined).map(({ name }) => name);
  return open.length === 0
    ? colours.green(`All ${claims.length} claims hold.`)
    : colours.yellow(`The others hold so far. Only a run to the end shows ${open.join(', ')}.`);
}

/** The payment that went through most. */
export function renderTimeline(evidence: Evidence, look: Look): Value[] {
  const events = ({ history, history_omitted = 0, dead_lettered_at }: PaymentRecord) =>
    history.length + history_omitted + (dead_lettered_at === undefined ? 0 : 1);
  const [record] = [...evidence.records].sort((a, b) => events(b) - events(a));
  const sent = evidence.accepted.find(({ payment }) => payment.transaction_id === record?.transaction_id);
  if (record === undefined || sent === undefined) return [];
  return [
    look.colours.bold(`One payment's way: ${record.transaction_id}`),
    table(['After', 'What happened', 'Attempt', 'Request'], timelineRows(record, sent), look),
    '',
  ];
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

function renderNext({ logFile, stackFile, fraudUrl, overridden }: DemoResult, { colours: pc }: Look): Value[] {
  return [
    pc.bold('Where to look next'),
    `  ${logFile}`,
    '    logs and metrics of the functions, as they wrote them',
    `  ${stackFile}`,
    '    the stack that these settings come from',
    '  npx projen demo --help',
    '    other payments, faults, your own fraud API',
    '',
    pc.dim(
      `SQS and DynamoDB were emulated; the fraud API was ${fraudUrl}. Time was real. Different from the stack: ${overridden.join(', ')}.`,
    ),
  ];
}

function number(count: number): string {
  return count.toLocaleString('en-US');
}

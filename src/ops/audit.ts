import { EXIT } from '../cli/command-error';
import { joined, shown, type ShownText } from '../cli/escaped-text';
import { pluralize } from '../cli/pluralize';
import { untilInterrupted } from '../cli/progress';
import { InterruptedError, type InterruptibleTerminal, unlessInterrupted } from '../cli/terminal';
import { STATUSES } from '../contract';
import { AuditFindings, CLOCK_SKEW_MS, LATEST_LINE_MS } from './audit-findings';
import type { Answer, FormatOptions } from './format';
import type { Services } from './services';
import { table } from './table';

export interface AuditOptions {
  /** Milliseconds since the epoch. */
  readonly from: number;
  /** Milliseconds since the epoch. The period ends before it. */
  readonly to: number;
}

const RECORDS_OF_A_STEP = 1_000;
/** The period is checked in slices. Each has about as many lines and records, which bounds the memory. */
const FIRST_SLICE_MS = 60_000;
const SHORTEST_SLICE_MS = 1_000;
const LONGEST_SLICE_MS = 86_400_000;
const FEW_LINES = 5_000;
const MANY_LINES = 50_000;
const SHOWN_FAULTS = 20;

type Evidence = Pick<Services, 'payments' | 'paymentLog'>;

/** Compares the payment table with the functions' logs for a period. */
export async function audit(
  { from, to }: AuditOptions,
  services: Evidence,
  format: FormatOptions,
  { stderr, signal }: InterruptibleTerminal,
): Promise<Answer> {
  const keptFrom = await unlessInterrupted(signal, services.paymentLog.keptFrom());
  const findings = new AuditFindings({ from, to, keptFrom, now: Date.now() });
  let at = from;
  const progress = () => `checked until ${timeOf(at)}: ${findings.records} records, ${findings.lines} lines`;
  const interrupted = await untilInterrupted(stderr, progress, async () => {
    for (let width = FIRST_SLICE_MS; at < to;) {
      const end = Math.min(at + width, to);
      const before = findings.lines;
      // The lines of the first slice begin a little earlier.
      const begin = at === from ? from - CLOCK_SKEW_MS : at;
      await unlessInterrupted(signal, checkSlice(services, findings, { begin, from: at, to: end }));
      at = end;
      if (findings.lines - before < FEW_LINES) width = Math.min(width * 2, LONGEST_SLICE_MS);
      if (findings.lines - before > MANY_LINES) width = Math.max(width / 2, SHORTEST_SLICE_MS);
    }
    if (findings.isWaiting)
      for await (const page of services.paymentLog.hashes(to, to + LATEST_LINE_MS)) {
        findings.takeLateLines(page);
        if (signal.aborted) throw new InterruptedError();
      }
    findings.end();
  });
  return answerOf(findings, { from, to, place: services.payments.place, resume: interrupted ? at : undefined }, format);
}

interface Slice {
  /** Where its lines begin. */
  readonly begin: number;
  readonly from: number;
  readonly to: number;
}

async function checkSlice({ payments, paymentLog }: Evidence, findings: AuditFindings, slice: Slice): Promise<void> {
  for await (const page of paymentLog.hashes(slice.begin, slice.to)) findings.takeLines(page);
  for (const status of STATUSES)
    for await (const ids of payments.changed(status, timeOf(slice.from), timeOf(slice.to)))
      for (let start = 0; start < ids.length; start += RECORDS_OF_A_STEP)
        for (const record of (await payments.readMany(ids.slice(start, start + RECORDS_OF_A_STEP))).values())
          findings.checkRecord(record);
  // Payments of the lines that have changed since, or have no record.
  const others = findings.uncheckedIds();
  for (let start = 0; start < others.length; start += RECORDS_OF_A_STEP) {
    const ids = others.slice(start, start + RECORDS_OF_A_STEP);
    const records = await payments.readMany(ids);
    for (const id of ids) findings.checkLogged(id, records.get(id), slice.to);
  }
  findings.endSlice(slice.to);
}

function answerOf(
  findings: AuditFindings,
  { from, to, place, resume }: AuditOptions & { readonly place: string; readonly resume: number | undefined },
  format: FormatOptions,
): Answer {
  const { records, lines, faults, faultCount, notProved } = findings;
  const unproved = Object.values(notProved).reduce((sum, count) => sum + count, 0) + findings.missingHours;
  const interrupted = resume !== undefined;
  // Entries without a line so far are looked for again.
  const continueFrom = interrupted ? timeOf(Math.min(resume, findings.oldestWaiting ?? resume)) : undefined;
  const result = faultCount > 0 ? 'faults' : interrupted ? 'interrupted' : unproved > 0 ? 'not_proved' : 'proved';
  return {
    json: {
      place,
      from: timeOf(from),
      to: timeOf(to),
      result,
      records,
      lines,
      fault_count: faultCount,
      faults,
      not_proved: notProved,
      log_kept_from: timeOf(findings.keptFrom),
      ...(continueFrom !== undefined && { continue_from: continueFrom }),
    },
    text: joined([
      shown`${place}, ${timeOf(from)} to ${timeOf(to)}: ${pluralize(records, 'record')}, ${pluralize(lines, 'line')} of the log.`,
      ...(faultCount > 0
        ? [
            table(
              ['Transaction', 'Fault', 'Where'],
              faults.slice(0, SHOWN_FAULTS).map(({ transaction_id, kind, what }) => [transaction_id, kind, what]),
              format,
            ),
            ...(faultCount > SHOWN_FAULTS ? [`… ${faultCount} in all; --json has ${faults.length}.`] : []),
          ]
        : []),
      ...reasons(findings),
      continueFrom !== undefined
        ? shown`Interrupted. The same command with --from ${continueFrom} checks the rest.`
        : ENDINGS[result],
    ]),
    exitCode: interrupted ? EXIT.interrupted : EXIT_CODES[result],
  };
}

const ENDINGS = {
  faults: 'Table and log do not agree.',
  interrupted: '',
  not_proved: 'No fault was found, and not everything could be proved.',
  proved: 'Table and log agree.',
} as const;

const EXIT_CODES = {
  faults: EXIT.failed,
  interrupted: EXIT.interrupted,
  not_proved: EXIT.unavailable,
  proved: EXIT.success,
} as const;

/** Why something is not proved. */
function reasons({ notProved, keptFrom, missingHours }: AuditFindings): ShownText[] {
  const { earlier_release, before_log, too_recent } = notProved;
  return [
    ...(missingHours > 0
      ? [shown`The log begins at ${timeOf(keptFrom)}: what was deleted or replaced before can't be seen.`]
      : []),
    ...(before_log > 0 ? [shown`Not proved: ${pluralize(before_log, 'record')} from before the log begins.`] : []),
    ...(earlier_release > 0
      ? [shown`Not proved: ${pluralize(earlier_release, 'record')} without hashes, which an earlier release wrote.`]
      : []),
    ...(too_recent > 0
      ? [shown`Not proved: ${pluralize(too_recent, 'record')} of the last hour, whose lines may still come.`]
      : []),
  ];
}

function timeOf(ms: number): string {
  return new Date(ms).toISOString();
}

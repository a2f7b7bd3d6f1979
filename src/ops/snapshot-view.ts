import { joined, shown, type ShownText } from '../cli/escaped-text';
import { isOutcome, outcomeKey, type PaymentStatus } from '../contract';
import { renderHeldAccounts } from './held-accounts';
import type { QueueState, StatusCount, Throughput } from './services';
import { type FormatOptions, shownAccount, shownId } from './format';
import { ringing, type Snapshot } from './snapshot';
import { table } from './table';

/** Everything but the alarms. @param before an earlier snapshot: each number shows what has changed since */
export function renderSnapshot(snapshot: Snapshot, format: FormatOptions, before?: Snapshot): ShownText {
  const { queues, functions } = snapshot;
  const states = functions.map(({ name, state, last_update, last_modified, release_id }) => [
    name,
    state,
    last_update,
    last_modified,
    shownId(release_id ?? 'unknown', format),
  ]);
  return joined([
    table(
      ['Queue', 'Waiting (about)', 'In flight (about)', 'Oldest'],
      queues.map((queue, index) => queueRow(queue, before?.queues[index])),
      format,
    ),
    renderPayments(snapshot, format, before),
    renderHeld(snapshot, format, before),
    table(['Function', 'State', 'Last update', 'Changed', 'Release'], states, format),
  ]);
}

function queueRow({ name, visible, in_flight, oldest_seconds }: QueueState, before: QueueState | undefined): string[] {
  const oldest = oldest_seconds === undefined ? 'unknown' : `${oldest_seconds} s`;
  return [
    name,
    `${visible}${change(visible, before?.visible)}`,
    `${in_flight}${change(in_flight, before?.in_flight)}`,
    oldest,
  ];
}

function renderPayments({ payments, per_minute }: Snapshot, format: FormatOptions, before?: Snapshot): ShownText {
  const counts = Object.entries(payments) as [PaymentStatus, StatusCount][];
  const rows = counts.map(([status, { count, more }]) => {
    const perMinute = per_minute === undefined || !isOutcome(status) ? '' : shownRate(per_minute[outcomeKey(status)]);
    return [status, more ? `${count} or more` : `${count}${change(count, before?.payments[status].count)}`, perMinute];
  });
  return joined([
    table(['Status', 'Payments', 'A minute'], rows, format),
    'PROCESSING has parked payments, and others from their second attempt on. Those in their first are in flight in the payment queue.',
    ...(counts.some(([, { more }]) => more) ? ["Not all were counted: that would read the whole table's index."] : []),
    throughputOf(per_minute),
  ]);
}

function renderHeld(
  { held_accounts: { count, more, longest } }: Snapshot,
  format: FormatOptions,
  before?: Snapshot,
): ShownText {
  const rows = longest.map(({ account_id, since, waiting, waits_for }) => ({
    account: shownAccount(account_id, format),
    since,
    waiting,
    blocker: waits_for && { id: waits_for.transaction_id, state: waits_for.state, failureCode: waits_for.failure_code },
  }));
  return renderHeldAccounts(
    count,
    more,
    rows,
    format,
    more ? '' : change(count, before?.held_accounts.count),
    Date.now(),
  );
}

/** One sentence. */
export function throughputOf(per_minute: Throughput | undefined): string {
  if (per_minute === undefined) return 'How many a minute is not known.';
  const { processed, retried, fraud_check_errors } = per_minute;
  return `A minute, of late: ${shownRate(processed)} processed, ${shownRate(retried)} returned to the queue, ${shownRate(fraud_check_errors)} calls of the fraud API without a decision.`;
}

/** The alarms in ALARM, and, unless the answer is brief, what to do first. The others are only counted. */
export function renderAlarms(snapshot: Snapshot, { colours }: FormatOptions, brief = false): ShownText {
  const { alarms } = snapshot;
  if (alarms.length === 0) return shown`No alarm was found.`;
  const loud = ringing(snapshot);
  const lines = loud.map(
    ({ name, since, description }) =>
      shown`${colours.red(name)} rings since ${since}${brief ? '' : `: ${description}`}`,
  );
  return joined([...lines, `${alarms.length - loud.length} of ${alarms.length} alarms are quiet.`]);
}

function shownRate(rate: number): string {
  return String(Math.round(rate * 10) / 10);
}

function change(now: number, before: number | undefined): string {
  if (before === undefined || now === before) return '';
  return now > before ? ` (+${now - before})` : ` (-${before - now})`;
}

import { EXIT } from '../cli/command-error';
import { joined, shown, type ShownText } from '../cli/escaped-text';
import { pluralize } from '../cli/pluralize';
import { untilInterrupted } from '../cli/progress';
import { type InterruptibleTerminal, unlessInterrupted } from '../cli/terminal';
import { byOutcome, outcomeKey, isOutcome, OUTCOMES, type PaymentRecord } from '../contract';
import { Amounts } from '../producer/manifest';
import type { Answer, FormatOptions } from './format';
import { some } from './bulk-view';
import { type ManifestFacts, ManifestFile, type ManifestPayment } from './manifest-file';
import type { Services } from './services';
import { table } from './table';

export interface ReconcileOptions {
  readonly manifest: string;
  /** Number of the manifest's payments that an interrupted command has compared. */
  readonly skip: number;
}

/** Payments that are compared at a time, by ten calls at the same time. */
const PAYMENTS_OF_A_STEP = 1_000;
/** Ids that the JSON names of each group. */
const MOST_IDS = 1_000;

/** Groups of payments that need somebody, with what they are. */
const OPEN = {
  processing: 'not decided yet',
  parked: 'waits behind a failed payment of its account',
  missing: 'accepted, without a record: still in the queue, quarantined, or lost',
  unknown: 'the sending got no answer, and there is no record: send it again',
  different: 'the record has another fingerprint, amount or currency',
} as const;

type Open = keyof typeof OPEN;
type Group = keyof ReturnType<typeof byOutcome> | Open;

const OPEN_GROUPS = Object.keys(OPEN) as Open[];
const GROUPS: readonly Group[] = [...OUTCOMES.map(outcomeKey), ...OPEN_GROUPS];
/** What the manifest says of a payment, and then what the table does. */
const LINES = ['sent', 'accepted', 'refused', ...GROUPS] as const;

/** Compares a manifest with the payment table. */
export async function reconcile(
  { manifest, skip }: ReconcileOptions,
  { payments }: Pick<Services, 'payments'>,
  format: FormatOptions,
  { stderr, signal }: InterruptibleTerminal,
): Promise<Answer> {
  const file = new ManifestFile(manifest);
  const comparison = new Comparison();
  const progress = () => `compared ${comparison.compared} payments`;
  const interrupted = await untilInterrupted(stderr, progress, async () => {
    for await (const step of inSteps(file.payments(), skip)) {
      const ids = step.filter(mayBeRecorded).map(({ transaction_id }) => transaction_id);
      comparison.add(step, await unlessInterrupted(signal, payments.readMany(ids)));
    }
  });
  const { amounts, ids, isSettled, compared } = comparison;
  const agrees = !interrupted && isSettled;
  const more = `--skip ${skip + compared}`;
  return {
    json: { place: payments.place, ...file.facts, ...amounts, ids, skip, interrupted, agrees },
    text: joined([
      render(comparison, format),
      ...notes(file.facts, skip),
      interrupted
        ? shown`Interrupted. The same command with ${more} compares the others.`
        : agrees
          ? shown`They agree: each accepted payment has an outcome in ${payments.place}.`
          : shown`They don't agree, or not yet: ${payments.place}.`,
    ]),
    exitCode: interrupted ? EXIT.interrupted : agrees ? EXIT.success : EXIT.failed,
  };
}

/** What the payments of a manifest have become. */
class Comparison {
  /** Payments so far. */
  compared = 0;
  readonly amounts = Object.fromEntries(LINES.map((line) => [line, new Amounts()])) as Readonly<
    Record<(typeof LINES)[number], Amounts>
  >;
  readonly ids = Object.fromEntries(OPEN_GROUPS.map((group): [Open, string[]] => [group, []])) as Readonly<
    Record<Open, string[]>
  >;

  add(payments: readonly ManifestPayment[], records: ReadonlyMap<string, PaymentRecord>): void {
    for (const payment of payments) {
      this.compared++;
      this.amounts.sent.add(payment);
      if (payment.status !== 'unknown') this.amounts[payment.status].add(payment);
      if (!mayBeRecorded(payment)) continue;
      const group = groupOf(payment, records.get(payment.transaction_id));
      this.amounts[group].add(payment);
      if (isOpen(group) && this.ids[group].length < MOST_IDS) this.ids[group].push(payment.transaction_id);
    }
  }

  get isSettled(): boolean {
    return Object.values(this.ids).every(({ length }) => length === 0);
  }
}

/** A payment that every run refused is not in the table, unless another sender has sent it. */
function mayBeRecorded({ status }: ManifestPayment): boolean {
  return status !== 'refused';
}

function isOpen(group: Group): group is Open {
  return Object.hasOwn(OPEN, group);
}

function groupOf(payment: ManifestPayment, record: PaymentRecord | undefined): Group {
  if (record === undefined) return payment.status === 'accepted' ? 'missing' : 'unknown';
  const { fingerprint, amount, currency, payment_status, parked_behind } = record;
  if (fingerprint !== payment.fingerprint || amount !== payment.amount || currency !== payment.currency)
    return 'different';
  if (isOutcome(payment_status)) return outcomeKey(payment_status);
  return parked_behind === undefined ? 'processing' : 'parked';
}

async function* inSteps(
  payments: AsyncIterable<ManifestPayment>,
  skip: number,
): AsyncGenerator<readonly ManifestPayment[]> {
  let step: ManifestPayment[] = [];
  let number = 0;
  for await (const payment of payments) {
    if (++number <= skip || step.push(payment) < PAYMENTS_OF_A_STEP) continue;
    yield step;
    step = [];
  }
  if (step.length > 0) yield step;
}

function render({ amounts, ids }: Comparison, format: FormatOptions): ShownText {
  const rows = LINES.flatMap((line) =>
    Object.entries(amounts[line].toJSON()).map(([currency, { count, sum }]) => [line, count, currency, sum]),
  );
  const open = OPEN_GROUPS.filter((group) => ids[group].length > 0);
  return joined([
    table(['Payments', 'Count', 'Currency', 'Sum in minor units'], rows, format),
    ...(open.length === 0
      ? []
      : [
          table(
            ['Payments', 'Meaning', 'Which'],
            open.map((group) => [group, OPEN[group], some(ids[group])]),
            format,
            true,
          ),
        ]),
  ]);
}

function notes({ actors, since = '', unended_runs, invalid }: ManifestFacts, skip: number): ShownText[] {
  return [
    shown`Sent by ${actors.join(', ')}, since ${since}.`,
    ...(skip > 0 ? [shown`Without the first ${pluralize(skip, 'payment')}.`] : []),
    ...(invalid > 0 ? [shown`Beside them the manifest has ${pluralize(invalid, 'invalid payment')}, not sent.`] : []),
    ...(unended_runs > 0
      ? [shown`${pluralize(unended_runs, 'run')} of it did not end: what it did not send is not in the manifest.`]
      : []),
  ];
}

import { describe } from './alert';
import type { Age, Cause } from './failures';
import type { HeldAccounts } from './held-accounts';
import type { Pattern } from './patterns';
import type { Depth } from './ports';
import type { Sample } from './sample';

/** Counts of the failed payments and the dead letters. An analysis changes neither. */
export interface Analysis {
  readonly action: 'analyze';
  /** The analysis in one paragraph. */
  readonly summary: string;
  /** FAILED payments that were counted, the latest first. */
  readonly failedPayments: number;
  /** Each of these sums up to `failedPayments`. */
  readonly byFailureCode: Readonly<Partial<Record<Cause, number>>>;
  readonly byRelease: Readonly<Record<string, number>>;
  readonly byAge: Readonly<Partial<Record<Age, number>>>;
  readonly accounts: number;
  /** The ten that failed most, by their hash, each with one payment whose record names the account. */
  readonly byAccount: readonly {
    readonly accountHash: string;
    readonly failed: number;
    readonly exampleTransactionId: string;
  }[];
  /** Times of the counted failures; null when there are none. */
  readonly firstSeen: string | null;
  readonly lastSeen: string | null;
  /** Null when no time was left to ask. */
  readonly heldAccounts: HeldAccounts | null;
  readonly patterns: readonly Pattern[];
  /** The patterns that an alert was published for. The others were published within the hour, or this is a dry run. */
  readonly alerted: readonly Pattern['kind'][];
  /** Why no alert could be published; left out when none was due, or it was. */
  readonly alertError?: string;
  /** Null when no time was left to ask. */
  readonly deadLetters: Depth | null;
  /** A part of the dead letters; null when no time was left to receive it. */
  readonly sample: Sample | null;
  /** Whether failed payments remain that were not counted. */
  readonly more: boolean;
  /** Why they were not; left out when all were. */
  readonly stoppedBy?: 'limit' | 'deadline';
}

type Findings = Omit<Analysis, 'summary'>;

/** The analysis for a person: what failed, why, since when, and what to do. */
export function summarize(analysis: Findings): string {
  return [failed(analysis), letters(analysis), held(analysis), patterns(analysis), rest(analysis)]
    .filter((part) => part !== '')
    .join(' ');
}

function failed({ failedPayments, accounts, firstSeen, lastSeen, byFailureCode, byRelease }: Findings): string {
  return failedPayments === 0
    ? 'No failed payment was found.'
    : `${failedPayments} failed payments of ${accounts} accounts, from ${firstSeen!} to ${lastSeen!}. Causes: ${list(byFailureCode)}. Releases: ${list(byRelease)}.`;
}

function letters({ deadLetters, sample }: Findings): string {
  if (deadLetters === null) return 'No time was left for the dead-letter queue.';
  const waiting = `About ${deadLetters.visible} dead letters wait, ${deadLetters.inFlight} are hidden.`;
  if (sample === null || sample.messages === 0) return waiting;
  return [`${waiting} Of a sample of ${sample.messages}: ${list(sample.counts)}.`, ...unpublished(sample)].join(' ');
}

function unpublished({ unpublishedTransactionIds: ids }: Sample): string[] {
  const what = 'decided, but their outcomes may not be published: redrive them to publish';
  return ids.length === 0 ? [] : [`Payments that are ${what}: ${ids.join(', ')}.`];
}

function held({ heldAccounts }: Findings): string {
  if (heldAccounts === null) return '';
  const {
    count,
    more,
    longest: [longest],
  } = heldAccounts;
  if (longest === undefined) return '';
  const waitsFor =
    longest.waitsFor === null
      ? 'for no payment any more'
      : `for transaction ${longest.waitsFor.transactionId}, which is ${longest.waitsFor.state}`;
  return `${count}${more ? ' or more' : ''} accounts are held, the longest since ${longest.since}: it waits ${waitsFor}.`;
}

function patterns({ patterns }: Findings): string {
  return patterns.length === 0
    ? 'No pattern needs a person.'
    : patterns.map((pattern) => describe(pattern).replaceAll('\n', ' ')).join(' ');
}

function rest({ more, stoppedBy }: Findings): string {
  return more ? `Not all were counted: the ${stoppedBy ?? 'limit'} was reached.` : '';
}

function list(counts: Readonly<Partial<Record<string, number>>>): string {
  const present = Object.entries(counts).filter(([, count]) => count !== 0);
  return present.map(([name, count]) => `${count} ${name}`).join(', ');
}

import type { AccountHash } from '../../contract';
import type { Cause, Group, Incident } from './failures';

/** An account is poison that fails so often, and makes up so large a share of an incident. */
export const POISON_ACCOUNT = { failures: 5, share: 0.5 };

/** A failure is widespread from these numbers of payments and accounts on, none of which makes up more than half. */
export const WIDESPREAD = { failures: 10, accounts: 3, largestAccount: 0.5 };

/**
 * A release is bad that failed so large a share of an incident and, among the latest approvals, has fewer than one for
 * ten failures. A release that approves well, and then fails, is in an outage.
 */
export const BAD_RELEASE = { share: 0.9, approvalsPerFailure: 0.1 };

/** Latest approvals that an analysis reads. */
export const LATEST_APPROVALS = 1_000;

/** Invalid messages of the sample. For a single one the queue's alarm is enough. */
export const UNREADABLE_MESSAGES = 3;

/** The most patterns that are named, the latest first. */
const MOST_PATTERNS = 10;

export type PatternKind =
  'bad_release' | 'outage' | 'new_refusal' | 'expired_payments' | 'poison_account' | 'unreadable_messages';

/** A pattern in the failures that a person has to act on. */
export interface Pattern {
  readonly kind: PatternKind;
  /** The release, the failure code, or the account's hash. Together with the kind it identifies the pattern in later analyses. */
  readonly subject: string;
  /** Payments; of unreadable messages, those in the sample. */
  readonly failed: number;
  readonly accounts?: number;
  readonly firstSeen?: string;
  readonly lastSeen?: string;
  /** One of the payments, whose record shows details. */
  readonly exampleTransactionId?: string;
  readonly whatToDo: string;
}

export interface Evidence {
  /** The latest first. */
  readonly incidents: readonly Incident[];
  /** Releases of the latest approvals, one an approval. */
  readonly latestApprovals: readonly string[];
  /** Invalid messages in the sample of the dead-letter queue. */
  readonly unreadableMessages: number;
  readonly accountHash: AccountHash;
}

/** The next step for each pattern. */
export const WHAT_TO_DO: Readonly<Record<PatternKind, string>> = {
  bad_release:
    'Roll the release back or deploy a repaired one; then redrive. What the fraud API refused permanently is redriven by transactionIds only.',
  outage: 'See that the fraud API answers again; then redrive.',
  new_refusal:
    'Ask the owner of the fraud API what it refuses, and why since then; once it is fixed, redrive by transactionIds, else discard.',
  expired_payments:
    'Ask the senders which of them are still wanted; redrive those by transactionIds, with a reason, and discard the others.',
  poison_account: 'Look at the example and fix the account at its source; then redrive it by accountIds, or discard.',
  unreadable_messages:
    'Find the client that sends invalid messages, have it repaired and its payments sent again; then discard the messages by their message ids.',
};

/**
 * Finds the patterns in the failures by the rules above, the latest first. For one incident it names the release if
 * that explains it, or otherwise the other patterns that match.
 */
export function findPatterns({ incidents, latestApprovals, unreadableMessages, accountHash }: Evidence): Pattern[] {
  const ofIncidents = incidents.flatMap((incident) => {
    const expired = widespread(incident, 'expired_payments', 'PAYMENT_EXPIRED');
    // No release is to blame for the age of payments.
    const releases = expired.length > 0 ? [] : badReleases(incident, latestApprovals);
    if (releases.length > 0) return releases;
    return [
      ...expired,
      ...widespread(incident, 'outage', 'FRAUD_CHECK_UNAVAILABLE'),
      ...widespread(incident, 'new_refusal', 'FRAUD_CHECK_REFUSED'),
      ...poisonAccounts(incident, accountHash),
    ];
  });
  return [...unreadable(unreadableMessages), ...ofIncidents].slice(0, MOST_PATTERNS);
}

/** Releases that failed nearly every payment. */
function badReleases({ all, byRelease }: Incident, latestApprovals: readonly string[]): Pattern[] {
  return [...byRelease].flatMap(([release, group]) => {
    const approvals = latestApprovals.filter((approving) => approving === release).length;
    const approvesLittle = approvals < BAD_RELEASE.approvalsPerFailure * Math.min(group.failed, LATEST_APPROVALS);
    const isBad = isWidespread(group) && group.failed >= BAD_RELEASE.share * all.failed && approvesLittle;
    return isBad ? [pattern('bad_release', release, group)] : [];
  });
}

function widespread(
  { byCause }: Incident,
  kind: 'outage' | 'new_refusal' | 'expired_payments',
  cause: Cause,
): Pattern[] {
  const group = byCause.get(cause);
  return group !== undefined && isWidespread(group) ? [pattern(kind, cause, group)] : [];
}

function poisonAccounts({ all, byAccount }: Incident, accountHash: AccountHash): Pattern[] {
  const poison = [...byAccount].filter(
    ([, { failed }]) => failed >= POISON_ACCOUNT.failures && failed >= POISON_ACCOUNT.share * all.failed,
  );
  return poison.map(([account, group]) => pattern('poison_account', accountHash(account), group));
}

function unreadable(messages: number): Pattern[] {
  if (messages < UNREADABLE_MESSAGES) return [];
  const kind = 'unreadable_messages';
  return [{ kind, subject: 'dead-letter queue', failed: messages, whatToDo: WHAT_TO_DO[kind] }];
}

function isWidespread({ failed, accounts }: Group): boolean {
  const largest = Math.max(...accounts.values());
  return (
    failed >= WIDESPREAD.failures &&
    accounts.size >= WIDESPREAD.accounts &&
    largest <= WIDESPREAD.largestAccount * failed
  );
}

function pattern(
  kind: PatternKind,
  subject: string,
  { failed, accounts, firstSeen, lastSeen, exampleId }: Group,
): Pattern {
  return {
    kind,
    subject,
    failed,
    accounts: accounts.size,
    firstSeen,
    lastSeen,
    exampleTransactionId: exampleId,
    whatToDo: WHAT_TO_DO[kind],
  };
}

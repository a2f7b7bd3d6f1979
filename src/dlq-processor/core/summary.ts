import { describe } from './alert';
import type { Analysis } from './analysis';

/** The analysis for a person: what failed, why, since when, and what to do. */
export function summarize(analysis: Omit<Analysis, 'summary'>): string {
  return [failed(analysis), causes(analysis), letters(analysis), held(analysis), patterns(analysis), rest(analysis)]
    .filter((part) => part !== '')
    .join(' ');
}

function failed({ failedPayments, accounts, firstSeen, lastSeen }: Omit<Analysis, 'summary'>): string {
  if (firstSeen === null || lastSeen === null) return 'No failed payment was found.';
  return `${failedPayments} failed payments of ${accounts} accounts, from ${firstSeen} to ${lastSeen}.`;
}

function causes({ byFailureCode, byRelease, failedPayments }: Omit<Analysis, 'summary'>): string {
  return failedPayments === 0 ? '' : `Causes: ${list(byFailureCode)}. Releases: ${list(byRelease)}.`;
}

function letters({ deadLetters, sample }: Omit<Analysis, 'summary'>): string {
  if (deadLetters === null) return 'No time was left for the dead-letter queue.';
  const waiting = `About ${deadLetters.visible} dead letters wait, ${deadLetters.inFlight} are hidden.`;
  return sample === null || sample.messages === 0
    ? waiting
    : `${waiting} Of a sample of ${sample.messages}: ${list(sample.counts)}.`;
}

function held({ heldAccounts }: Omit<Analysis, 'summary'>): string {
  const [longest] = heldAccounts?.longest ?? [];
  if (heldAccounts === null || longest === undefined) return '';
  const { count, more } = heldAccounts;
  const waitsFor =
    longest.waitsFor === null
      ? 'for no payment any more'
      : `for transaction ${longest.waitsFor.transactionId}, which is ${longest.waitsFor.state}`;
  return `${count}${more ? ' or more' : ''} accounts are held, the longest since ${longest.since}: it waits ${waitsFor}.`;
}

function patterns({ patterns }: Omit<Analysis, 'summary'>): string {
  return patterns.length === 0
    ? 'No pattern needs a person.'
    : patterns.map((pattern) => describe(pattern).replaceAll('\n', ' ')).join(' ');
}

function rest({ more, stoppedBy }: Omit<Analysis, 'summary'>): string {
  return more ? `Not all were counted: the ${stoppedBy ?? 'limit'} was reached.` : '';
}

function list(counts: Readonly<Partial<Record<string, number>>>): string {
  const told = Object.entries(counts).filter(([, count]) => count !== 0);
  return told.map(([name, count]) => `${count} ${name}`).join(', ');
}

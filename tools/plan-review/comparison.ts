import { pluralize } from '../../src/cli/pluralize';
import { mask } from './mask';
import { changesNothing, differencesBetween, digestOf, type PlanSummary, type SavedPlan } from './plan-summary';
import { literal, MAX_LENGTH, renderPlan, type RunLink } from './pr-comment';
import type { NotReviewed } from './reviewed-plan';

const MAX_DIFFERENCES = 200;

/** Whether a plan of main does what was reviewed. */
export interface Comparison {
  readonly verdict: 'same' | 'nothing' | 'differs';
  readonly sentence: string;
  /** Masked. */
  readonly differences: readonly string[];
}

export function compareWithReviewed(reviewed: PlanSummary | NotReviewed, now: PlanSummary): Comparison {
  if (changesNothing(now)) return { verdict: 'nothing', sentence: 'AWS is as main says.', differences: [] };
  if ('reason' in reviewed) return differs(`The plan was not reviewed: ${reviewed.reason}.`);
  const digest = digestOf(reviewed);
  if (digest === digestOf(now)) return same(`The plan does what was reviewed as ${digest}.`);
  const differences = differencesBetween(reviewed, now).map((line) => mask(line));
  return differs(
    `The plan does not do what was reviewed: ${pluralize(differences.length, 'difference')}.`,
    differences,
  );
}

/**
 * Compares a plan with the one that waited for an approval.
 * @param approved as {@link approvalOf} named it
 */
export function compareWithApproved(approved: string, now: PlanSummary, commit: string): Comparison {
  return approved === approvalOf(commit, now)
    ? same('The plan does what was approved.')
    : differs('Main or the plan has changed since the approval was asked for.');
}

/** Refuses another commit than the one that the environment before has. */
export function compareWithPromoted(promoted: string, commit: string): Comparison | undefined {
  if (promoted === commit) return undefined;
  return differs(`Main has moved on to ${commit} since ${promoted} was applied to the environment before.`);
}

function same(sentence: string): Comparison {
  return { verdict: 'same', sentence, differences: [] };
}

function differs(sentence: string, differences: readonly string[] = []): Comparison {
  return { verdict: 'differs', sentence, differences };
}

/** What an approval covers: this plan of this commit, and nothing else. */
export function approvalOf(commit: string, summary: PlanSummary): string {
  return `${commit}:${digestOf(summary)}`;
}

/** Renders the comparison for the person who approves, with the plan. */
export function renderComparison({ sentence, differences }: Comparison, plan: SavedPlan, link: RunLink): string {
  const listed = differences.slice(0, MAX_DIFFERENCES).map((line) => `- ${literal(line)}`);
  const more = differences.length > MAX_DIFFERENCES ? [`- and ${differences.length - MAX_DIFFERENCES} more`] : [];
  const head = [sentence, '', ...listed, ...more, '', ''].join('\n');
  return head + renderPlan(plan, link, MAX_LENGTH.summary - head.length);
}

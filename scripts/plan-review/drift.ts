import { LONGEST, renderPlan, type Place, type Plan } from './comment';
import { changesNothing } from './meaning';

/** By which the issue is found again. */
export const DRIFT_MARK = '<!-- drift of the payment pipeline -->';
export const DRIFT_TITLE = 'AWS is not as main says';

/** @returns undefined when there is none */
export function renderDrift(plan: Plan, place: Place): string | undefined {
  if (changesNothing(plan.meaning)) return undefined;
  const head = [
    'A plan of main would change something: somebody changed it by another way than a pull request, or a merge was not applied.',
    'If main is right, run the workflow `apply` again. If AWS is, make a pull request that says so. This issue closes itself then.',
    '',
    '',
  ].join('\n');
  return head + renderPlan(plan, place, LONGEST.comment - head.length);
}

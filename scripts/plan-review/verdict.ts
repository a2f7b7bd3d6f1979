import { counted } from '../support/counted';
import type { Artifact } from './artifact';
import { LONGEST, renderPlan, type Place, type Plan } from './comment';
import { differencesBetween } from './difference';
import { mask } from './mask';
import { digestOf, type Meaning } from './meaning';

const MOST_DIFFERENCES = 200;

/** Whether what was planned anew is what was reviewed. */
export interface Verdict {
  readonly equal: boolean;
  readonly sentence: string;
  /** Masked. */
  readonly differences: readonly string[];
}

/** @param reason why nothing was reviewed, where that is so */
export function compared(reviewed: Artifact | undefined, now: { readonly meaning: Meaning; readonly tree: string }, reason: string): Verdict {
  if (reviewed === undefined) return { equal: false, sentence: `Not applied, as there is no reviewed plan to compare with: ${reason}`, differences: [] };
  const { manifest } = reviewed;
  const files = manifest.tree === now.tree ? 'the same files' : 'other files, as main had gone on';
  if (manifest.digest === digestOf(now.meaning)) {
    return { equal: true, sentence: `The plan does what was reviewed as ${manifest.digest}, from ${files}.`, differences: [] };
  }
  const differences = differencesBetween(reviewed.meaning, now.meaning).map((line) => mask(line));
  const sentence = `Not applied, as the plan does not do what was reviewed: ${counted(differences.length, 'difference')}, from ${files}.`;
  return { equal: false, sentence, differences };
}

/** For the one who is asked for an approval. */
export function renderVerdict({ equal, sentence, differences }: Verdict, plan: Plan, place: Place): string {
  const listed = differences.slice(0, MOST_DIFFERENCES).map((line) => `- ${literal(line)}`);
  const more = differences.length > MOST_DIFFERENCES ? [`- and ${differences.length - MOST_DIFFERENCES} more`] : [];
  const approval = equal ? [] : ['', 'The plan below is applied, exactly as it is, when the deployment to `production-review` is approved.'];
  const head = [sentence, '', ...listed, ...more, ...approval, '', ''].join('\n');
  return head + renderPlan(plan, place, LONGEST.summary - head.length);
}

/** A value is no Markdown. */
function literal(line: string): string {
  return `\`\` ${line.replaceAll('`', "'")} \`\``;
}

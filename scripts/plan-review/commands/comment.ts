import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { EXIT, type Command } from '../../../src/cli/command';
import { wholeNumber } from '../../../src/cli/whole-number';
import { LONGEST, PLAN_MARK, renderFailure, renderPlan } from '../comment';
import { causeOf } from '../failure';
import { GitHub } from '../github';
import { fromUser, readSavedPlan } from '../saved-plan';
import { writeComment } from '../sticky';
import { WorkflowStep } from '../workflow';
import { needed, onlyOne } from './options';

const MOST = 1_000_000_000;
const WHAT_NEXT = "When this is merged, main is planned again. A plan that does the same is applied; any other waits for an approval.\n";

export const comment: Command = {
  help: `Shows a plan to its reviewers, masked: in the step's summary, and in the pull request's one comment on its plan.

Usage: npx projen plan:review comment --commit SHA [--pull N] PLAN
       npx projen plan:review comment --commit SHA [--pull N] --failed LOG

Options:
  --commit SHA   what was planned
  --pull N       the pull request; without it there is no comment, and no GITHUB_TOKEN is needed
  --failed LOG   there is no plan, as this log of "npx projen plan" says

Examples:
  npx projen plan:review comment --commit HEAD my.tfplan

Exit codes: 0 shown, 2 not. Behind npx projen every failure is 1.
`,
  run: async (args, terminal) => {
    const options = { commit: { type: 'string' }, pull: { type: 'string' }, failed: { type: 'string' } } as const;
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
    const step = new WorkflowStep(terminal);
    const place = { commit: needed('--commit', values.commit), url: step.url };
    const render = values.failed === undefined ? await renderingOf(onlyOne('plan', positionals)) : failureIn(values.failed);

    step.summary(render(place, LONGEST.summary));
    if (values.pull !== undefined) {
      const pull = wholeNumber('--pull', values.pull, 0, 1, MOST);
      await writeComment(GitHub.ofWorkflow(), pull, PLAN_MARK, render(place, LONGEST.comment));
    }
    return EXIT.fine;
  },
};

type Rendering = (place: { readonly commit: string; readonly url: string }, longest: number) => string;

async function renderingOf(file: string): Promise<Rendering> {
  const plan = await readSavedPlan(file);
  return (place, longest) => renderPlan(plan, place, longest - WHAT_NEXT.length) + WHAT_NEXT;
}

function failureIn(log: string): Rendering {
  const cause = causeOf(readFileSync(fromUser(log), 'utf8'));
  return (place) => renderFailure(cause, place);
}

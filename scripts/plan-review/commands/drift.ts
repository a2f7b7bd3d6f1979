import { parseArgs } from 'node:util';
import { EXIT, type Command } from '../../../src/cli/command';
import { DRIFT_MARK, DRIFT_TITLE, renderDrift } from '../drift';
import { GitHub } from '../github';
import { readSavedPlan } from '../saved-plan';
import { writeIssue } from '../sticky';
import { WorkflowStep } from '../workflow';
import { needed, onlyOne } from './options';

export const drift: Command = {
  help: `Keeps one issue open as long as AWS is not as main says: opens it, writes it anew, closes it.

Usage: npx projen plan:review drift --commit SHA PLAN

Options:
  --commit SHA   of main, that was planned

Needs GITHUB_TOKEN, which may write issues.

Examples:
  npx projen plan:review drift --commit "$GITHUB_SHA" plan.tfplan

Exit codes: 0 said, 2 not. Behind npx projen every failure is 1.
`,
  run: async (args, terminal) => {
    const { values, positionals } = parseArgs({ args, options: { commit: { type: 'string' } }, allowPositionals: true });
    const step = new WorkflowStep(terminal);
    const plan = await readSavedPlan(onlyOne('plan', positionals));
    const report = renderDrift(plan, { commit: needed('--commit', values.commit), url: step.url });
    step.summary(report ?? 'AWS is as main says.');
    await writeIssue(GitHub.ofWorkflow(), DRIFT_MARK, DRIFT_TITLE, report);
    return EXIT.fine;
  },
};

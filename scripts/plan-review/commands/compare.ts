import { parseArgs } from 'node:util';
import { EXIT, type Command } from '../../../src/cli/command';
import { unpack } from '../artifact';
import { compared, renderVerdict } from '../verdict';
import { fromUser, readSavedPlan } from '../saved-plan';
import { WorkflowStep } from '../workflow';
import { needed, onlyOne } from './options';

export const compare: Command = {
  help: `Says whether a plan does what was reviewed, and if not, what it does otherwise.

Usage: npx projen plan:review compare --commit SHA --tree SHA --reviewed DIR PLAN
       npx projen plan:review compare --commit SHA --tree SHA --not-reviewed REASON PLAN

Options:
  --commit SHA          of main, that was planned
  --tree SHA            its files
  --reviewed DIR        the packed plan of the pull request
  --not-reviewed TEXT   why there is none; empty when there is one

Output of the step: equal, true or false.

Examples:
  npx projen plan:review compare --commit "$GITHUB_SHA" --tree "$TREE" --reviewed reviewed plan.tfplan

Exit codes: 0 said, 2 nothing was compared. Behind npx projen every failure is 1.
`,
  run: async (args, terminal) => {
    const text = { type: 'string' } as const;
    const options = { commit: text, tree: text, reviewed: text, 'not-reviewed': text };
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
    const step = new WorkflowStep(terminal);
    const plan = await readSavedPlan(onlyOne('plan', positionals));
    const now = { meaning: plan.meaning, tree: needed('--tree', values.tree) };
    const reviewed = values['not-reviewed'] ? undefined : unpack(fromUser(needed('--reviewed', values.reviewed)), {});
    const verdict = compared(reviewed, now, values['not-reviewed'] ?? '');

    step.say(verdict.sentence);
    for (const line of verdict.differences) step.say(`  ${line}`);
    step.summary(renderVerdict(verdict, plan, { commit: needed('--commit', values.commit), url: step.url }));
    step.output({ equal: String(verdict.equal) });
    return EXIT.fine;
  },
};

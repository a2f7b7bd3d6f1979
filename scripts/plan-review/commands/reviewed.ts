import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { EXIT, type Command } from '../../../src/cli/command';
import { NoSuchArtifactError, unpack } from '../artifact';
import { GitHub } from '../github';
import { findReviewedPlan } from '../reviewed';
import { fromUser, STACK } from '../saved-plan';
import { WorkflowStep } from '../workflow';
import { needed, onlyOne } from './options';

const LOCK_FILE = '.terraform.lock.hcl';

export const find: Command = {
  help: `Finds the plan that was reviewed with the pull request which this commit of main merged.

Usage: npx projen plan:review find --merged SHA

Outputs of the step: run, artifact and commit of the plan; or reason, a sentence that says why there is none.
Needs GITHUB_TOKEN, which may read actions and pull requests.

Examples:
  npx projen plan:review find --merged "$GITHUB_SHA"

Exit codes: 0 found, or there is none; 2 GitHub does not say. Behind npx projen every failure is 1.
`,
  run: async (args, terminal) => {
    const { values } = parseArgs({ args, options: { merged: { type: 'string' } } });
    const step = new WorkflowStep(terminal);
    const found = await findReviewedPlan(GitHub.ofWorkflow(), needed('--merged', values.merged));
    step.say('reason' in found ? found.reason : `The reviewed plan is ${found.artifact}, of run ${found.run}.`);
    step.output('reason' in found ? { reason: found.reason } : { run: String(found.run), artifact: found.artifact, commit: found.commit });
    return EXIT.fine;
  },
};

export const lock: Command = {
  help: `Has the next plan made with the very providers of the reviewed one. Refuses an artifact that was changed.

Usage: npx projen plan:review lock --commit SHA DIR

Options:
  --commit SHA   the head of the pull request

Output of the step: reason, when there is no plan of that commit in DIR.

Examples:
  npx projen plan:review lock --commit "$HEAD" reviewed

Exit codes: 0 done, or there is none; 2 refused. Behind npx projen every failure is 1.
`,
  run: (args, terminal) => {
    const { values, positionals } = parseArgs({ args, options: { commit: { type: 'string' } }, allowPositionals: true });
    const step = new WorkflowStep(terminal);
    try {
      const { stack } = unpack(fromUser(onlyOne('directory', positionals)), { commit: needed('--commit', values.commit) });
      mkdirSync(STACK, { recursive: true });
      cpSync(join(stack, LOCK_FILE), join(STACK, LOCK_FILE));
    } catch (error) {
      if (!(error instanceof NoSuchArtifactError)) throw error;
      step.say(error.message);
      step.output({ reason: error.message });
    }
    return Promise.resolve(EXIT.fine);
  },
};

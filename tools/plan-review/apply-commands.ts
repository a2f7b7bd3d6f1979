import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { EXIT, type Command } from '../../src/cli/command';
import { GitHub } from './github';
import { NoSuchArtifactError, PLAN_FILE, unpackPlan } from './plan-artifact';
import { fromUser, STACK } from './plan-file';
import { readSavedPlan } from './plan-summary';
import { DRIFT_MARK, DRIFT_TITLE, renderComparison, renderDrift, writeIssue } from './pr-comment';
import { compareWithReviewed, findReviewedPlan, requireReviewers } from './reviewed-plan';
import { onlyArgument, requiredOption, WorkflowStep } from './workflow-step';

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
    const found = await findReviewedPlan(GitHub.ofWorkflow(), requiredOption('--merged', values.merged));
    step.say('reason' in found ? found.reason : `The reviewed plan is ${found.artifact}, of run ${found.run}.`);
    step.output(
      'reason' in found
        ? { reason: found.reason }
        : { run: String(found.run), artifact: found.artifact, commit: found.commit },
    );
    return EXIT.success;
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
    const { values, positionals } = parseArgs({
      args,
      options: { commit: { type: 'string' } },
      allowPositionals: true,
    });
    const step = new WorkflowStep(terminal);
    try {
      const { stack } = unpackPlan(fromUser(onlyArgument('directory', positionals)), {
        commit: requiredOption('--commit', values.commit),
      });
      mkdirSync(STACK, { recursive: true });
      cpSync(join(stack, LOCK_FILE), join(STACK, LOCK_FILE));
    } catch (error) {
      if (!(error instanceof NoSuchArtifactError)) throw error;
      step.say(error.message);
      step.output({ reason: error.message });
    }
    return Promise.resolve(EXIT.success);
  },
};

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
    const plan = await readSavedPlan(onlyArgument('plan', positionals));
    const now = { summary: plan.summary, tree: requiredOption('--tree', values.tree) };
    const reviewed = values['not-reviewed']
      ? undefined
      : unpackPlan(fromUser(requiredOption('--reviewed', values.reviewed)), {});
    const comparison = compareWithReviewed(reviewed, now, values['not-reviewed'] ?? '');

    step.say(comparison.sentence);
    for (const line of comparison.differences) step.say(`  ${line}`);
    step.summary(
      renderComparison(comparison, plan, { commit: requiredOption('--commit', values.commit), url: step.url }),
    );
    step.output({ equal: String(comparison.equal) });
    return EXIT.success;
  },
};

export const approval: Command = {
  help: `Refuses to leave a plan to an environment in which nobody has to approve it.

Usage: npx projen plan:review approval --environment NAME

Needs GITHUB_TOKEN, which may read actions.

Examples:
  npx projen plan:review approval --environment production-review

Exit codes: 0 somebody has to, 2 nobody, or GitHub does not say. Behind npx projen every failure is 1.
`,
  run: async (args, terminal) => {
    const { values } = parseArgs({ args, options: { environment: { type: 'string' } } });
    const environment = requiredOption('--environment', values.environment);
    await requireReviewers(GitHub.ofWorkflow(), environment);
    new WorkflowStep(terminal).say(`The plan waits for a reviewer of ${environment}.`);
    return EXIT.success;
  },
};

export const unpack: Command = {
  help: `Puts a packed plan where "npx projen deploy" takes it from. Refuses one that is not as it was packed.

Usage: npx projen plan:review unpack --seal SEAL DIR

Options:
  --seal SEAL   as "pack" gave it out

Examples:
  npx projen plan:review unpack --seal sha256:… packed && npx projen deploy -- ${PLAN_FILE}

Exit codes: 0 in place, 2 refused. Behind npx projen every failure is 1.
`,
  run: (args, { stderr }) => {
    const { values, positionals } = parseArgs({ args, options: { seal: { type: 'string' } }, allowPositionals: true });
    const { stack, planFile, manifest } = unpackPlan(fromUser(onlyArgument('directory', positionals)), {
      checksum: requiredOption('--seal', values.seal),
    });
    rmSync(STACK, { recursive: true, force: true });
    cpSync(stack, STACK, { recursive: true });
    cpSync(planFile, fromUser(PLAN_FILE));
    stderr.write(`The plan of commit ${manifest.commit} is in ${PLAN_FILE}.\n`);
    return Promise.resolve(EXIT.success);
  },
};

export const drift: Command = {
  help: `Keeps one issue open as long as AWS is not as main says: opens it, writes it again, closes it.

Usage: npx projen plan:review drift --commit SHA PLAN

Options:
  --commit SHA   of main, that was planned

Needs GITHUB_TOKEN, which may write issues.

Examples:
  npx projen plan:review drift --commit "$GITHUB_SHA" plan.tfplan

Exit codes: 0 said, 2 not. Behind npx projen every failure is 1.
`,
  run: async (args, terminal) => {
    const { values, positionals } = parseArgs({
      args,
      options: { commit: { type: 'string' } },
      allowPositionals: true,
    });
    const step = new WorkflowStep(terminal);
    const plan = await readSavedPlan(onlyArgument('plan', positionals));
    const report = renderDrift(plan, { commit: requiredOption('--commit', values.commit), url: step.url });
    step.summary(report ?? 'AWS is as main says.');
    await writeIssue(GitHub.ofWorkflow(), DRIFT_MARK, DRIFT_TITLE, report);
    return EXIT.success;
  },
};

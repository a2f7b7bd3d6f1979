import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { EXIT, UsageError } from '../../src/cli/command-error';
import { nonEmpty } from '../../src/cli/options';
import { Program } from '../../src/cli/program';
import { GitHub } from './github';
import { NoSuchArtifactError, PLAN_FILE, unpackPlan } from './plan-artifact';
import { fromUser, STACK } from './plan-file';
import { readSavedPlan } from './plan-summary';
import { DRIFT_MARK, DRIFT_TITLE, renderComparison, renderDrift, writeIssue } from './pr-comment';
import { compareWithReviewed, findReviewedPlan, requireReviewers } from './reviewed-plan';
import { WorkflowStep } from './workflow-step';

const LOCK_FILE = '.terraform.lock.hcl';

export const find = new Program('find')
  .describe({
    description: [
      'Find the plan that was reviewed with the pull request which this commit of main merged.',
      'Outputs of the step: run, artifact and commit of the plan; or reason, a sentence that says why there is none. Needs GITHUB_TOKEN, which may read actions and pull requests.',
    ],
    exitCodes: { success: 'found, or there is none', usageError: 'GitHub does not say' },
    examples: ['npx projen plan:review find --merged "$GITHUB_SHA"'],
  })
  .requiredOption('--merged <sha>', 'the commit of main', nonEmpty)
  .work(async ({ merged }: { readonly merged: string }, terminal) => {
    const step = new WorkflowStep(terminal);
    const found = await findReviewedPlan(GitHub.ofWorkflow(), merged);
    step.say('reason' in found ? found.reason : `The reviewed plan is ${found.artifact}, of run ${found.run}.`);
    step.output(
      'reason' in found
        ? { reason: found.reason }
        : { run: String(found.run), artifact: found.artifact, commit: found.commit },
    );
    return EXIT.success;
  });

export const lock = new Program('lock')
  .describe({
    description: [
      'Make the next plan use the very providers of the reviewed one. Refuses an artifact that was changed.',
      'Output of the step: reason, when there is no plan of that commit in the directory.',
    ],
    exitCodes: { success: 'done, or there is none', usageError: 'refused' },
    examples: ['npx projen plan:review lock --commit "$HEAD" reviewed'],
  })
  .argument('<directory>', 'the packed plan of the pull request')
  .requiredOption('--commit <sha>', 'the head of the pull request', nonEmpty)
  .work(({ commit }: { readonly commit: string }, terminal, directory: string) => {
    const step = new WorkflowStep(terminal);
    try {
      const { stack } = unpackPlan(fromUser(directory), { commit });
      mkdirSync(STACK, { recursive: true });
      cpSync(join(stack, LOCK_FILE), join(STACK, LOCK_FILE));
    } catch (error) {
      if (!(error instanceof NoSuchArtifactError)) throw error;
      step.say(error.message);
      step.output({ reason: error.message });
    }
    return EXIT.success;
  });

interface CompareOptions {
  readonly commit: string;
  readonly tree: string;
  readonly reviewed?: string;
  readonly notReviewed: string;
}

export const compare = new Program('compare')
  .describe({
    description: [
      'Say whether a plan does what was reviewed, and if not, what it does otherwise. Needs --reviewed or --not-reviewed.',
      'Output of the step: equal, true or false.',
    ],
    exitCodes: { success: 'said', usageError: 'nothing was compared' },
    examples: ['npx projen plan:review compare --commit c --tree t --reviewed dir plan.tfplan'],
  })
  .argument('<plan>', 'the saved plan')
  .requiredOption('--commit <sha>', 'of main, that was planned', nonEmpty)
  .requiredOption('--tree <sha>', 'its files', nonEmpty)
  .option('--reviewed <directory>', 'the packed plan of the pull request')
  .option('--not-reviewed <reason>', 'why there is none; empty when there is one', '')
  .work(async ({ commit, tree, reviewed, notReviewed }: CompareOptions, terminal, file: string) => {
    const step = new WorkflowStep(terminal);
    if (notReviewed === '' && !reviewed)
      throw new UsageError('--reviewed has no value: give the packed plan, or --not-reviewed with the reason.');
    const plan = await readSavedPlan(file);
    const artifact = notReviewed === '' ? unpackPlan(fromUser(reviewed!), {}) : undefined;
    const comparison = compareWithReviewed(artifact, { summary: plan.summary, tree }, notReviewed);

    step.say(comparison.sentence);
    for (const line of comparison.differences) step.say(`  ${line}`);
    step.summary(renderComparison(comparison, plan, { commit, url: step.url }));
    step.output({ equal: String(comparison.equal) });
    return EXIT.success;
  });

export const approval = new Program('approval')
  .describe({
    description: ['Refuse an environment without required reviewers.', 'Needs GITHUB_TOKEN, which may read actions.'],
    exitCodes: { success: 'it has required reviewers', usageError: 'it has none, or GitHub does not say' },
    examples: ['npx projen plan:review approval --environment production-review'],
  })
  .requiredOption('--environment <name>', 'the environment of the job that applies the plan', nonEmpty)
  .work(async ({ environment }: { readonly environment: string }, terminal) => {
    await requireReviewers(GitHub.ofWorkflow(), environment);
    new WorkflowStep(terminal).say(`The plan waits for a reviewer of ${environment}.`);
    return EXIT.success;
  });

export const unpack = new Program('unpack')
  .describe({
    description: 'Put a packed plan where "npx projen deploy" takes it from. Refuses one that is not as it was packed.',
    exitCodes: { success: 'in place', usageError: 'refused' },
    examples: [`npx projen plan:review unpack --seal sha256:… packed`, `npx projen deploy -- ${PLAN_FILE}`],
  })
  .argument('<directory>', 'the packed plan')
  .requiredOption('--seal <seal>', 'as "pack" gave it out', nonEmpty)
  .work(({ seal }: { readonly seal: string }, { stderr }, directory: string) => {
    const { stack, planFile, manifest } = unpackPlan(fromUser(directory), { checksum: seal });
    rmSync(STACK, { recursive: true, force: true });
    cpSync(stack, STACK, { recursive: true });
    cpSync(planFile, fromUser(PLAN_FILE));
    stderr.write(`The plan of commit ${manifest.commit} is in ${PLAN_FILE}.\n`);
    return EXIT.success;
  });

export const drift = new Program('drift')
  .describe({
    description: [
      'Keep one issue open as long as AWS is not as main says. Opens it, updates it, closes it.',
      'Needs GITHUB_TOKEN, which may write issues.',
    ],
    exitCodes: { success: 'said', usageError: 'not said' },
    examples: ['npx projen plan:review drift --commit "$GITHUB_SHA" plan.tfplan'],
  })
  .argument('<plan>', 'the saved plan')
  .requiredOption('--commit <sha>', 'of main, that was planned', nonEmpty)
  .work(async ({ commit }: { readonly commit: string }, terminal, file: string) => {
    const step = new WorkflowStep(terminal);
    const report = renderDrift(await readSavedPlan(file), { commit, url: step.url });
    step.summary(report ?? 'AWS is as main says.');
    await writeIssue(GitHub.ofWorkflow(), DRIFT_MARK, DRIFT_TITLE, report);
    return EXIT.success;
  });

import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { projectVariableFiles } from '../../src/app/given-values';
import { EXIT } from '../../src/cli/command-error';
import { nonEmpty } from '../../src/cli/options';
import { Program } from '../../src/cli/program';
import { STACK_DIRECTORY, thisProject } from '../kit/project';
import { renderAssessment } from './assessment';
import { GitHub } from './github';
import { PLAN_MARK, writeComment } from './notes';
import { fromUser, STACK } from './plan-file';
import type { SavedPlan } from './plan-summary';
import {
  countActions,
  MAX_LENGTH,
  placeOf,
  type Planned,
  PLANS,
  readPlans,
  renderFailure,
  renderPlan,
} from './pr-comment';
import { openWith } from './pull-requests';
import { checksumOf, type KeptPlan } from './reviewed-plan';
import { checkStack } from './stack-allowlist';
import { WorkflowStep } from './workflow-step';

const NEXT_STEPS =
  'An approval of this commit, after this comment was last changed, covers what is planned here. After the merge, main is planned again, and what is the same is applied.\n';

const PUBLIC = '**This repository is public: everybody can read this plan, and its artifact.** Make it private.\n\n';

/** Characters that GitHub accepts. */
const MAX_DESCRIPTION = 140;

export const vet = new Program('vet')
  .describe({
    description: [
      'Put a stack of a pull request in place, if it may be planned. The code of the pull request has synthesized it; the files with its variables are put in place, too.',
      "Refuses a stack that would run or read something when it is planned with credentials, which the project's own does not.",
    ],
    exitCodes: { success: 'in place', usageError: 'refused' },
    examples: ['npx projen plan:review vet synthesized/dev && npx projen plan -- --synthesized'],
  })
  .argument('<directory>', `holds ${STACK_DIRECTORY}, and *.tfvars if there are any`)
  .work((_options, _terminal, directory: string) => {
    const from = fromUser(directory);
    const stack = join(from, STACK_DIRECTORY);
    checkStack(stack);
    replace(stack, STACK);
    for (const file of projectVariableFiles(thisProject.root)) rmSync(file);
    for (const file of projectVariableFiles(from)) replace(file, join(thisProject.root, basename(file)));
    return EXIT.success;
  });

function replace(from: string, to: string): void {
  rmSync(to, { recursive: true, force: true });
  cpSync(from, to, { recursive: true });
}

interface ShowOptions {
  readonly commit: string;
  readonly keep?: string;
  readonly onGithub: boolean;
}

export const show = new Program('show')
  .describe({
    description: [
      'Show the plans of a commit to its reviewers, masked, in the step\'s summary; where there is none, show why. With --on-github also in one comment on each open pull request for main that has this last commit, and in the commit\'s status "plan".',
    ],
    lists: {
      Environment: {
        ASSESSMENT: 'what "assess" said, which is shown as well; empty, that it failed',
        REPOSITORY_VISIBILITY: 'public: warns that everybody can read the plan',
      },
    },
    exitCodes: { success: 'shown', usageError: 'not shown' },
    examples: ['npx projen plan:review show --commit HEAD my.tfplan'],
  })
  .argument('<plans...>', PLANS)
  .requiredOption('--commit <sha>', 'what was planned', nonEmpty)
  .option('--keep <file>', 'write what the plans do to this file, to compare it after the merge')
  .option('--on-github', 'needs GITHUB_TOKEN, which may write pull requests and statuses', false)
  .work(async ({ commit, keep, onGithub }: ShowOptions, terminal, files: string[]) => {
    const step = new WorkflowStep(terminal);
    const plans = await readPlans(files, { commit, url: step.url });
    const advice = (process.env.REPOSITORY_VISIBILITY === 'public' ? PUBLIC : '') + NEXT_STEPS;
    const { ASSESSMENT: assessment } = process.env;
    const about = assessment === undefined ? '' : renderAssessment(assessment);
    const isComplete = plans.every(({ plan }) => typeof plan !== 'string');
    const text = (maxLength: number) => {
      const length = (maxLength - about.length - advice.length) / plans.length;
      return [...plans.map((one) => render(one, length)), about, ...(isComplete ? [advice] : [])].join('\n');
    };

    step.summary(text(MAX_LENGTH.summary));
    const comment = text(MAX_LENGTH.comment);
    if (keep !== undefined && isComplete) {
      const kept: KeptPlan = {
        commit,
        comment: checksumOf(`${PLAN_MARK}\n${comment}`),
        plans: Object.fromEntries(plans.map(({ environment, plan }) => [environment, (plan as SavedPlan).summary])),
      };
      writeFileSync(fromUser(keep), JSON.stringify(kept));
    }
    if (onGithub) await publish(GitHub.ofWorkflow(), commit, comment, plans, step.url);
    return EXIT.success;
  });

function render({ plan, link }: Planned, maxLength: number): string {
  return typeof plan === 'string' ? renderFailure(plan, link) : renderPlan(plan, link, maxLength);
}

async function publish(github: GitHub, commit: string, text: string, plans: readonly Planned[], url: string) {
  for (const { number } of await openWith(github, commit)) await writeComment(github, number, PLAN_MARK, text);
  const results = plans.map(({ plan, link }) => ({
    isPlanned: typeof plan !== 'string',
    said: `${typeof plan === 'string' ? 'it failed' : countActions(plan.summary)}${placeOf(link)}`,
  }));
  const status = {
    context: 'plan',
    state: results.every(({ isPlanned }) => isPlanned) ? 'success' : 'failure',
    description: results
      .map(({ said }) => said)
      .join('; ')
      .slice(0, MAX_DESCRIPTION),
    target_url: url,
  };
  await github.create(`statuses/${commit}`, status, () => Promise.resolve(false)); // the latest status counts
}

import { cpSync, readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { projectVariableFiles } from '../../src/app/given-values';
import { EXIT, UsageError } from '../../src/cli/command-error';
import { nonEmpty, wholeNumber } from '../../src/cli/options';
import { Program } from '../../src/cli/program';
import { STACK_DIRECTORY, thisProject } from '../kit/project';
import { GitHub } from './github';
import { packPlan } from './plan-artifact';
import { fromUser, STACK } from './plan-file';
import { digestOf, readPlanSummary, readSavedPlan } from './plan-summary';
import { errorIn, MAX_LENGTH, PLAN_MARK, renderFailure, renderPlan, writeComment, type RunLink } from './pr-comment';
import { checkStack } from './stack-allowlist';
import { WorkflowStep } from './workflow-step';

const NEXT_STEPS =
  'When this is merged, main is planned again. A plan that does the same is applied; any other waits for an approval.\n';

export const digest = new Program('digest')
  .describe({
    description: [
      'Print the digest of what a plan does. Two plans that do the same have the same digest, at any time, on any machine and in any order of their entries.',
      'Unknown values count by the expression that will make them, sensitive ones by their hash.',
    ],
    exitCodes: { success: 'printed', usageError: 'there is no such plan, or it cannot be compared' },
    examples: [
      'npx projen plan -- -out=my.tfplan && npx projen plan:digest my.tfplan',
      'npx projen plan:digest plan.json',
    ],
  })
  .argument('<plan>', 'a saved plan, or the output of "terraform show -json" in a file that ends in .json')
  .work(async (_options, { stdout }, plan: string) => {
    stdout.write(`${digestOf(await readPlanSummary(plan))}\n`);
    return EXIT.success;
  });

export const vet = new Program('vet')
  .describe({
    description: [
      'Put a stack of a pull request in place, if it may be planned. The code of the pull request has synthesized it; the files with its variables are put in place, too.',
      "Refuses a stack that would run or read something when it is planned with credentials, which the project's own does not.",
    ],
    exitCodes: { success: 'in place', usageError: 'refused' },
    examples: ['npx projen plan:review vet synthesized && npx projen plan -- --synthesized'],
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

interface CommentOptions {
  readonly commit: string;
  readonly pull?: number;
  readonly failed?: string;
}

export const comment = new Program('comment')
  .describe({
    description:
      "Show a plan to its reviewers, masked. It is in the step's summary, and in the pull request's one comment on its plan.",
    exitCodes: { success: 'shown', usageError: 'not shown' },
    examples: ['npx projen plan:review comment --commit HEAD my.tfplan'],
  })
  .argument('[plan]', 'the saved plan; needed without --failed')
  .requiredOption('--commit <sha>', 'what was planned', nonEmpty)
  .option(
    '--pull <n>',
    'the pull request; without it there is no comment, and no GITHUB_TOKEN is needed',
    wholeNumber(1, 1_000_000_000),
  )
  .option('--failed <log>', 'there is no plan, as this log of "npx projen plan" says')
  .work(async ({ commit, pull, failed }: CommentOptions, terminal, plan: string | undefined) => {
    if ((plan === undefined) === (failed === undefined)) throw new UsageError('Give either a plan, or --failed LOG.');
    const step = new WorkflowStep(terminal);
    const link = { commit, url: step.url };
    const render = failed === undefined ? await renderingOf(plan!) : renderingOfFailure(failed);

    step.summary(render(link, MAX_LENGTH.summary));
    if (pull !== undefined) await writeComment(GitHub.ofWorkflow(), pull, PLAN_MARK, render(link, MAX_LENGTH.comment));
    return EXIT.success;
  });

type Rendering = (link: RunLink, maxLength: number) => string;

async function renderingOf(file: string): Promise<Rendering> {
  const plan = await readSavedPlan(file);
  return (link, maxLength) => renderPlan(plan, link, maxLength - NEXT_STEPS.length) + NEXT_STEPS;
}

function renderingOfFailure(log: string): Rendering {
  const error = errorIn(readFileSync(fromUser(log), 'utf8'));
  return (link) => renderFailure(error, link);
}

interface PackOptions {
  readonly commit: string;
  readonly tree: string;
  readonly to: string;
}

export const pack = new Program('pack')
  .describe({
    description: [
      'Pack a saved plan into a directory, for another job. The directory has all that it takes to compare and to apply the plan: what it does, the stack, ' +
        "the functions' zips, the lock file of the providers, and a list of all files with their hashes.",
      'Output of the step: seal, over all of the directory.',
    ],
    exitCodes: { success: 'packed', usageError: 'not packed' },
    examples: ['npx projen plan:review pack --commit c --tree t --to packed my.tfplan'],
  })
  .argument('<plan>', 'the saved plan')
  .requiredOption('--commit <sha>', 'what was planned: the head of a pull request, or a commit of main', nonEmpty)
  .requiredOption('--tree <sha>', 'its files, as "git rev-parse HEAD^{tree}" says', nonEmpty)
  .requiredOption('--to <directory>', 'is made again', nonEmpty)
  .work(async ({ commit, tree, to }: PackOptions, terminal, plan: string) => {
    const checksum = packPlan(fromUser(to), {
      commit,
      tree,
      summary: await readPlanSummary(plan),
      planFile: fromUser(plan),
      stack: STACK,
    });
    new WorkflowStep(terminal).output({ seal: checksum });
    return EXIT.success;
  });

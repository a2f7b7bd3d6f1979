import { cpSync, readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { EXIT, type Command } from '../../src/cli/command';
import { wholeNumber } from '../../src/cli/options';
import { STACK_DIRECTORY, thisProject } from '../kit/project';
import { projectVariableFiles } from '../deploy/variables';
import { GitHub } from './github';
import { packPlan } from './plan-artifact';
import { fromUser, STACK } from './plan-file';
import { digestOf, readPlanSummary, readSavedPlan } from './plan-summary';
import { errorIn, MAX_LENGTH, PLAN_MARK, renderFailure, renderPlan, writeComment, type RunLink } from './pr-comment';
import { checkStack } from './stack-allowlist';
import { onlyArgument, requiredOption, WorkflowStep } from './workflow-step';

const MAX_PULL = 1_000_000_000;
const NEXT_STEPS =
  'When this is merged, main is planned again. A plan that does the same is applied; any other waits for an approval.\n';

export const digest: Command = {
  help: `Prints the digest of what a plan does: the same for two plans that do the same, whenever, wherever and in whatever order
they say so. Values that are unknown count by the expression that will make them, sensitive ones by their hash.

Usage: npx projen plan:digest PLAN

PLAN is a saved plan, or what "terraform show -json" printed of it, in a file that ends in .json.

Examples:
  npx projen plan -- -out=my.tfplan && npx projen plan:digest my.tfplan
  npx projen plan:digest plan.json

Exit codes: 0 printed, 2 there is no such plan, or it cannot be compared. Behind npx projen every failure is 1.
`,
  run: async (args, { stdout }) => {
    const { positionals } = parseArgs({ args, options: {}, allowPositionals: true });
    stdout.write(`${digestOf(await readPlanSummary(onlyArgument('plan', positionals)))}\n`);
    return EXIT.success;
  },
};

export const vet: Command = {
  help: `Puts a stack that the code of a pull request has synthesized where it is planned, and the files with its variables; refuses one
that would run or read something when it is planned with credentials, which the project's own does not.

Usage: npx projen plan:review vet DIR

DIR holds ${STACK_DIRECTORY}, and *.tfvars if there are any.

Examples:
  npx projen plan:review vet synthesized && npx projen plan -- --synthesized

Exit codes: 0 in place, 2 refused. Behind npx projen every failure is 1.
`,
  run: (args) => {
    const { positionals } = parseArgs({ args, options: {}, allowPositionals: true });
    const from = fromUser(onlyArgument('directory', positionals));
    const stack = join(from, STACK_DIRECTORY);
    checkStack(stack);
    replace(stack, STACK);
    for (const file of projectVariableFiles(thisProject.root)) rmSync(file);
    for (const file of projectVariableFiles(from)) replace(file, join(thisProject.root, basename(file)));
    return Promise.resolve(EXIT.success);
  },
};

function replace(from: string, to: string): void {
  rmSync(to, { recursive: true, force: true });
  cpSync(from, to, { recursive: true });
}

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
    const link = { commit: requiredOption('--commit', values.commit), url: step.url };
    const render =
      values.failed === undefined
        ? await renderingOf(onlyArgument('plan', positionals))
        : renderingOfFailure(values.failed);

    step.summary(render(link, MAX_LENGTH.summary));
    if (values.pull !== undefined) {
      const pull = wholeNumber('--pull', values.pull, 0, 1, MAX_PULL);
      await writeComment(GitHub.ofWorkflow(), pull, PLAN_MARK, render(link, MAX_LENGTH.comment));
    }
    return EXIT.success;
  },
};

type Rendering = (link: RunLink, maxLength: number) => string;

async function renderingOf(file: string): Promise<Rendering> {
  const plan = await readSavedPlan(file);
  return (link, maxLength) => renderPlan(plan, link, maxLength - NEXT_STEPS.length) + NEXT_STEPS;
}

function renderingOfFailure(log: string): Rendering {
  const error = errorIn(readFileSync(fromUser(log), 'utf8'));
  return (link) => renderFailure(error, link);
}

export const pack: Command = {
  help: `Packs a saved plan into a directory, with all that it takes to compare it, and to apply it in another job: what it does, the
stack, the functions' zips, the lock file of the providers, and a list of all files with their hashes.

Usage: npx projen plan:review pack --commit SHA --tree SHA --to DIR PLAN

Options:
  --commit SHA   what was planned: the head of a pull request, or a commit of main
  --tree SHA     its files, as "git rev-parse HEAD^{tree}" says
  --to DIR       is made again

Output of the step: seal, over all of the directory.

Examples:
  npx projen plan:review pack --commit "$(git rev-parse HEAD)" --tree "$(git rev-parse 'HEAD^{tree}')" --to packed my.tfplan

Exit codes: 0 packed, 2 not. Behind npx projen every failure is 1.
`,
  run: async (args, terminal) => {
    const options = { commit: { type: 'string' }, tree: { type: 'string' }, to: { type: 'string' } } as const;
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
    const file = onlyArgument('plan', positionals);
    const checksum = packPlan(fromUser(requiredOption('--to', values.to)), {
      commit: requiredOption('--commit', values.commit),
      tree: requiredOption('--tree', values.tree),
      summary: await readPlanSummary(file),
      planFile: fromUser(file),
      stack: STACK,
    });
    new WorkflowStep(terminal).output({ seal: checksum });
    return EXIT.success;
  },
};

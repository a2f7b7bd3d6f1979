import { CommandError, EXIT } from '../../src/cli/command-error';
import { nonEmpty } from '../../src/cli/options';
import { Program } from '../../src/cli/program';
import {
  approvalOf,
  compareWithApproved,
  compareWithPromoted,
  compareWithReviewed,
  renderComparison,
} from './comparison';
import { GitHub } from './github';
import { APPLY_MARK, writeComment, writeIssue } from './notes';
import { changesNothing, readSavedPlan, type SavedPlan } from './plan-summary';
import {
  environmentOf,
  MAX_LENGTH,
  placeOf,
  PLANS,
  readPlans,
  renderFailure,
  renderPlan,
  type RunLink,
} from './pr-comment';
import { APPLIED, unappliedMerges } from './pull-requests';
import { findReviewedPlan, isReviewed, PRODUCTION } from './reviewed-plan';
import { WorkflowStep } from './workflow-step';

/** GitHub's environment whose reviewers approve a plan of another environment that wasn't reviewed. */
export function reviewEnvironmentOf(environment: string): string {
  return `${environment}-review`;
}

const PAGE = 'docs/how-to/deliver-with-github.md';

interface CompareOptions {
  readonly commit: string;
  readonly promoted?: string;
  readonly approved?: string;
  readonly destroy: boolean;
}

export const compare = new Program('compare')
  .describe({
    description: [
      'Say whether a plan of main does what was reviewed, and if not, what it does otherwise. Needs GITHUB_TOKEN, which may read actions and pull requests.',
      'Outputs of the step: verdict (same, nothing, or waits), sentence, commit, and approval, which names the commit and the plan for --approved.',
    ],
    exitCodes: { success: 'said', usageError: 'it may neither be applied nor wait for an approval' },
    examples: ['npx projen plan:review compare --commit "$GITHUB_SHA" dev.tfplan'],
  })
  .argument('<plan>', "the saved plan, named after GitHub's environment: dev.tfplan")
  .requiredOption('--commit <sha>', "main's tip, that was planned", nonEmpty)
  .option('--promoted <sha>', 'the commit that the environment before has: another is refused')
  .option('--approved <approval>', 'compare with the plan that was approved, and not with the reviewed one')
  .option('--destroy', 'the plan destroys the stack, which no pull request shows', false)
  .work(async ({ commit, promoted = commit, approved, destroy }: CompareOptions, terminal, file: string) => {
    const step = new WorkflowStep(terminal);
    const github = GitHub.ofWorkflow();
    const environment = environmentOf(file);
    const plan = await readSavedPlan(file);
    const reviewed = async () =>
      destroy ? { reason: 'no pull request shows a destroy' } : findReviewedPlan(github, commit, environment);
    const comparison =
      compareWithPromoted(promoted, commit) ??
      (approved === undefined
        ? compareWithReviewed(await reviewed(), plan.summary)
        : compareWithApproved(approved, plan.summary, commit));

    const { verdict, sentence, differences } = comparison;
    for (const line of [sentence, ...differences.map((one) => `  ${one}`)]) step.say(line);
    step.summary(renderComparison(comparison, plan, { commit, url: step.url }));
    const isOutdated = approved !== undefined || promoted !== commit;
    const reviewers = reviewEnvironmentOf(environment);
    const waits = verdict === 'differs' && !isOutdated && (await isReviewed(github, reviewers));
    const next = verdict === 'differs' ? nextStep(reviewers, { waits, isOutdated, destroy }) : '';
    step.output({
      verdict: waits ? 'waits' : verdict,
      sentence: `${sentence} ${next}`.trim(),
      commit,
      approval: approvalOf(commit, plan.summary),
    });
    if (verdict === 'differs' && !waits) throw new CommandError(`Not applied. ${next}`);
    if (waits) step.say(next);
    return EXIT.success;
  });

function nextStep(
  reviewers: string,
  { waits, isOutdated, destroy }: Readonly<Record<'waits' | 'isOutdated' | 'destroy', boolean>>,
): string {
  if (waits) return `It is applied when a reviewer of ${reviewers} approves it, and is not when one rejects it.`;
  if (isOutdated) return 'The next run applies what main is now: if none waits, run the workflow again.';
  const without = `${reviewers} has no required reviewers, or lets the same person or administrators pass (${PAGE})`;
  return destroy
    ? `${without}: set that, or destroy the stack from your machine.`
    : `${without}. Open a pull request, which may be an empty commit: its plan shows all that is left to apply, and its approval covers it.`;
}

interface ReportOptions {
  readonly commit: string;
  readonly environment: string;
  readonly status: string;
  readonly verdict: string;
  readonly sentence: string;
}

export const report = new Program('report')
  .describe({
    description: [
      'Write what became of the merges that a commit of main contains, in one comment on the pull request of each.',
      'Needs GITHUB_TOKEN, which may write pull requests.',
    ],
    exitCodes: { success: 'written', usageError: 'not written' },
    examples: ['npx projen plan:review report --commit c --environment dev --status success'],
  })
  .requiredOption('--commit <sha>', "main's tip, that was planned", nonEmpty)
  .requiredOption('--environment <name>', "GitHub's, of the job", nonEmpty)
  .requiredOption('--status <status>', "the job's, such as success", nonEmpty)
  .option('--verdict <verdict>', 'as "compare" says', '')
  .option('--sentence <sentence>', 'likewise', '')
  .work(async ({ commit, environment, status, verdict, sentence }: ReportOptions, terminal) => {
    const github = GitHub.ofWorkflow();
    const merges = await unappliedMerges(github, commit);
    const contained = merges.map(({ number }) => `#${number}`).join(', ');
    const text = [
      headingOf(
        environment,
        status === 'success' ? (verdict === 'waits' ? 'Needs an approval' : APPLIED) : `Not applied (${status})`,
      ),
      sentence || 'The job ended before it compared the plan.',
      `Main was ${commit}, which contains ${contained}. See [the run](${new WorkflowStep(terminal).url}).`,
    ].join('\n\n');
    for (const { number } of merges) await writeComment(github, number, APPLY_MARK, text);
    return EXIT.success;
  });

/** Only what is in production is applied, and ends the search for merges that aren't. */
function headingOf(environment: string, result: string): string {
  return environment === PRODUCTION ? `### ${result}` : `### ${environment}: ${result.toLowerCase()}`;
}

interface DriftOptions {
  readonly commit: string;
}

export const drift = new Program('drift')
  .describe({
    description: [
      'Keep one issue open as long as AWS is not as main says, a merge was not applied, a role is missing, or nobody can tell. Opens it, updates it, closes it.',
      'Needs GITHUB_TOKEN, which may read actions and pull requests, and write issues.',
    ],
    lists: {
      Environment: { '…_ROLE_ARN': 'the roles to plan and to apply: one that is set but empty is missing' },
    },
    exitCodes: { success: 'said', usageError: 'not said' },
    examples: ['npx projen plan:review drift --commit "$GITHUB_SHA" production.tfplan'],
  })
  .argument('<plans...>', PLANS)
  .requiredOption('--commit <sha>', 'of main, that was planned', nonEmpty)
  .work(async ({ commit }: DriftOptions, terminal, files: string[]) => {
    const step = new WorkflowStep(terminal);
    const github = GitHub.ofWorkflow();
    const plans = await readPlans(files, { commit, url: step.url });
    const sections = [
      ...missingRoles(),
      ...(await skippedMerges(github, commit)),
      ...plans.flatMap(({ plan, link }) => planSection(plan, link, plans.length)),
    ];
    const text = sections.length === 0 ? undefined : sections.join('\n\n');
    step.summary(text ?? 'AWS is as main says.');
    await writeIssue(github, text && `${text}\n\nThis issue closes itself when nothing of this is left.`);
    return EXIT.success;
  });

function missingRoles(): string[] {
  return Object.keys(process.env)
    .filter((name) => /(^|_)AWS_(PLAN|APPLY)_ROLE_ARN$/.test(name) && process.env[name] === '')
    .map(
      (name) =>
        `**The variable \`${name}\` is empty.** Set it, as ${PAGE} says: without it nothing is planned or applied.`,
    );
}

async function skippedMerges(github: GitHub, commit: string): Promise<string[]> {
  const merges = await unappliedMerges(github, commit);
  if (merges.length === 0) return [];
  const listed = merges.map(({ number }) => `#${number}`).join(', ');
  return [
    `**Not applied, as far as their comments say: ${listed}.** The run of \`apply\` failed, needs an approval, was rejected or canceled, the message of the merge has \`[skip ci]\`, or a program merged it with \`GITHUB_TOKEN\`. Run the workflow \`apply\` again.`,
  ];
}

function planSection(plan: SavedPlan | string, link: RunLink, count: number): string[] {
  if (typeof plan === 'string') return [renderFailure(plan, link)];
  if (changesNothing(plan.summary)) return [];
  const head = [
    `**A plan of main would change something${placeOf(link)}**: somebody changed AWS without a pull request, or a merge was not applied.`,
    'If main is right, run the workflow `apply`. If AWS is, make a pull request that says so.',
    '',
    '',
  ].join('\n');
  return [head + renderPlan(plan, link, (MAX_LENGTH.comment - 2_000) / count - head.length)];
}

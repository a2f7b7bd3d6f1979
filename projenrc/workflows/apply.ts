import { type Environment, planFile, withName } from './environments';
import { checkout, IS_SET_UP, logIn, MAY_LOG_IN, planStep, TOKEN, tools, variablesOf } from './steps';
import type { Job, Step, Workflow } from './workflow-file';

type Use = 'apply' | 'destroy';

const PERMISSIONS = {
  ...MAY_LOG_IN,
  actions: 'read # for the reviewed plan, and who approves',
  'pull-requests': 'write # for the reviews, and a comment on what became of the merge',
} as const;

function report({ name }: Environment): Step {
  return {
    name: 'Say so on the pull requests',
    if: 'always()',
    env: {
      ...TOKEN,
      STATUS: '${{ job.status }}',
      VERDICT: '${{ steps.compare.outputs.verdict }}',
      SENTENCE: '${{ steps.compare.outputs.sentence }}',
    },
    run: `npx projen plan:review -- report --commit "$(git rev-parse HEAD)" --environment ${name} --status "$STATUS" --verdict="$VERDICT" --sentence="$SENTENCE"`,
  };
}

/** Main's tip, also when an older run is repeated: what an earlier merge did is not done again. */
function planAndApply(use: Use, environment: Environment, compared: string): Step[] {
  const destroy = use === 'destroy' ? ' -destroy' : '';
  const plan = planFile(environment);
  return [
    ...tools(checkout("Check out main's tip", { ref: 'main' })),
    ...logIn('APPLY', environment),
    planStep(environment, `--profile ${environment.profile} -lock-timeout=5m${destroy}`),
    {
      name: 'Compare it with what was approved',
      id: 'compare',
      env: TOKEN,
      run: `npx projen plan:review -- compare --commit "$(git rev-parse HEAD)"${compared} ${plan}`,
    },
    {
      name: 'Apply that plan',
      if: "steps.compare.outputs.verdict == 'same'",
      run: `npx projen deploy -- -input=false -lock-timeout=5m ${plan}`,
    },
    ...(use === 'apply' ? [report(environment)] : []),
  ];
}

/** How the jobs of an environment begin. */
interface Start {
  readonly needs?: string[];
  readonly if: string;
  readonly env?: Record<string, string>;
  readonly option?: string;
}

/** Plans main for an environment, and applies what was approved. A second job waits for the approval of any other plan. */
function jobs(use: Use, environment: Environment, start: Start): Record<string, Job> {
  const first = withName(use, environment);
  const waits = `needs.${first}.outputs.verdict == 'waits'`;
  return {
    [first]: {
      name: first,
      ...(start.needs && { needs: start.needs }),
      if: start.if,
      environment: environment.name,
      timeout: 60,
      permissions: PERMISSIONS,
      outputs: {
        verdict: '${{ steps.compare.outputs.verdict }}',
        approval: '${{ steps.compare.outputs.approval }}',
        commit: '${{ steps.compare.outputs.commit }}',
      },
      env: { ...variablesOf(environment), ...start.env },
      steps: planAndApply(use, environment, use === 'destroy' ? ' --destroy' : (start.option ?? '')),
    },
    [withName('approved', environment)]: {
      name: `${first} after an approval`,
      needs: first,
      if: start.needs ? `!cancelled() && needs.${first}.result == 'success' && ${waits}` : waits,
      environment: `${environment.name}-review`,
      timeout: 60,
      permissions: PERMISSIONS,
      env: { ...variablesOf(environment), APPROVAL: `\${{ needs.${first}.outputs.approval }}` },
      steps: planAndApply(use, environment, ' --approved "$APPROVAL"'),
    },
  };
}

/**
 * An environment follows when the one before has what main says. A job that was skipped skips all that come after it, unless a condition
 * names a status: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idneeds
 */
function after(before: Environment): Start {
  const [applied, approved] = [withName('apply', before), withName('approved', before)];
  const isDone = `(needs.${applied}.outputs.verdict != 'waits' || needs.${approved}.result == 'success')`;
  return {
    needs: [applied, approved],
    if: `!cancelled() && needs.${applied}.result == 'success' && ${isDone}`,
    env: { PROMOTED: `\${{ needs.${applied}.outputs.commit }}` },
    option: ' --promoted "$PROMOTED"',
  };
}

const MAY_RUN = `github.ref == 'refs/heads/main' && ${IS_SET_UP}`;

/** One after the other, each to its end, and none is dropped. */
const concurrency = { group: 'apply', 'cancel-in-progress': false, queue: 'max' } as const;

/** The same commit goes from one environment to the next. */
export function apply(environments: readonly Environment[]): Workflow {
  const promotion = environments.map((environment, index) => {
    const before = environments[index - 1];
    return jobs('apply', environment, before === undefined ? { if: MAY_RUN } : after(before));
  });
  return {
    on: { push: { branches: ['main'] }, workflow_dispatch: {} },
    concurrency,
    jobs: Object.assign({}, ...promotion) as Workflow['jobs'],
  };
}

/** A person chooses the environment. */
export function destroy(environments: readonly Environment[]): Workflow {
  const names = environments.map(({ name }) => name);
  const input = { description: 'what to destroy', required: true, type: 'choice', options: names };
  const chosen = environments.map((environment) =>
    jobs('destroy', environment, { if: `${MAY_RUN} && inputs.environment == '${environment.name}'` }),
  );
  return {
    on: { workflow_dispatch: { inputs: { environment: input } } },
    concurrency,
    jobs: Object.assign({}, ...chosen) as Workflow['jobs'],
  };
}

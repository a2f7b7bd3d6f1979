import { checkout, IS_SET_UP, logIn, MAY_LOG_IN, plan, PROFILE, TOKEN, tools, VARIABLES } from './steps';
import type { Job, Step, Workflow } from './workflow-file';

const PERMISSIONS = {
  ...MAY_LOG_IN,
  actions: 'read # for the reviewed plan, and who approves',
  'pull-requests': 'write # for the reviews, and a comment on what became of the merge',
} as const;

const REPORT: Step = {
  name: 'Say so on the pull requests',
  if: 'always()',
  env: {
    ...TOKEN,
    STATUS: '${{ job.status }}',
    VERDICT: '${{ steps.compare.outputs.verdict }}',
    SENTENCE: '${{ steps.compare.outputs.sentence }}',
  },
  run: 'npx projen plan:review -- report --commit "$(git rev-parse HEAD)" --status "$STATUS" --verdict="$VERDICT" --sentence="$SENTENCE"',
};

/** Main's tip, also when an older run is repeated: what an earlier merge did is not done again. */
function planAndApply(name: 'apply' | 'destroy', compared: string): Step[] {
  const destroy = name === 'destroy' ? ' -destroy' : '';
  return [
    ...tools(checkout("Check out main's tip", { ref: 'main' })),
    ...logIn('AWS_APPLY_ROLE_ARN'),
    plan(`--profile ${PROFILE} -lock-timeout=5m${destroy}`),
    {
      name: 'Compare it with what was approved',
      id: 'compare',
      env: TOKEN,
      run: `npx projen plan:review -- compare --commit "$(git rev-parse HEAD)"${compared} plan.tfplan`,
    },
    {
      name: 'Apply that plan',
      if: "steps.compare.outputs.verdict == 'same'",
      run: 'npx projen deploy -- -input=false -lock-timeout=5m plan.tfplan',
    },
    ...(name === 'apply' ? [REPORT] : []),
  ];
}

/** Plans main and applies what was approved. A second job waits for the approval of any other plan. */
function jobs(name: 'apply' | 'destroy'): Record<string, Job> {
  return {
    [name]: {
      name,
      if: `github.ref == 'refs/heads/main' && ${IS_SET_UP}`,
      environment: 'production',
      timeout: 60,
      permissions: PERMISSIONS,
      outputs: { verdict: '${{ steps.compare.outputs.verdict }}', approval: '${{ steps.compare.outputs.approval }}' },
      env: VARIABLES,
      steps: planAndApply(name, name === 'destroy' ? ' --destroy' : ''),
    },
    approved: {
      name: `${name} after an approval`,
      needs: name,
      if: `needs.${name}.outputs.verdict == 'waits'`,
      environment: 'production-review',
      timeout: 60,
      permissions: PERMISSIONS,
      env: { ...VARIABLES, APPROVAL: `\${{ needs.${name}.outputs.approval }}` },
      steps: planAndApply(name, ' --approved "$APPROVAL"'),
    },
  };
}

/** One after the other, each to its end, and none is dropped. */
const concurrency = { group: 'apply', cancelInProgress: false, queue: 'max' } as const;

export const APPLY: Workflow = {
  on: { push: { branches: ['main'] }, workflow_dispatch: {} },
  concurrency,
  jobs: jobs('apply'),
};

export const DESTROY: Workflow = {
  on: { workflow_dispatch: {} },
  concurrency,
  jobs: jobs('destroy'),
};

import { logIn, MAY_LOG_IN, PROFILE, tools, VARIABLES } from './steps';
import type { Workflow } from './workflow-file';

export const DRIFT: Workflow = {
  on: { schedule: [{ cron: '17 5 * * *' }], workflow_dispatch: {} },
  concurrency: { group: 'drift', cancelInProgress: false },
  jobs: {
    drift: {
      name: 'is AWS as main says',
      if: "github.ref == 'refs/heads/main' && vars.AWS_PLAN_ROLE_ARN != ''",
      timeout: 30,
      permissions: { ...MAY_LOG_IN, issues: 'write # for the one that says so' },
      env: VARIABLES,
      steps: [
        ...tools(),
        logIn('AWS_PLAN_ROLE_ARN'),
        {
          name: 'Plan',
          id: 'plan',
          run: `npx projen plan -- --profile ${PROFILE} -input=false -lock-timeout=5m -out=plan.tfplan 2>&1 | tee plan.log`,
        },
        {
          name: 'Say why there is no plan',
          if: "failure() && steps.plan.outcome == 'failure'",
          run: 'npx projen plan:review -- comment --commit "$GITHUB_SHA" --failed plan.log',
        },
        {
          name: 'Open an issue, or close it',
          env: { GITHUB_TOKEN: '${{ github.token }}' },
          run: 'npx projen plan:review -- drift --commit "$GITHUB_SHA" plan.tfplan',
        },
      ],
    },
  },
};

import { IS_SET_UP, logIn, MAY_LOG_IN, plan, PROFILE, TOKEN, tools, VARIABLES } from './steps';
import type { Workflow } from './workflow-file';

export const DRIFT: Workflow = {
  on: { schedule: [{ cron: '17 5 * * *' }], workflow_dispatch: {} },
  concurrency: { group: 'drift', cancelInProgress: false },
  jobs: {
    drift: {
      name: 'is AWS as main says',
      if: `github.ref == 'refs/heads/main' && ${IS_SET_UP}`,
      timeout: 30,
      permissions: {
        ...MAY_LOG_IN,
        issues: 'write # for the one that says so',
        'pull-requests': 'read # for merges that were not applied',
      },
      env: VARIABLES,
      steps: [
        ...tools(),
        ...logIn('AWS_PLAN_ROLE_ARN'),
        plan(`--profile ${PROFILE} -lock=false`),
        {
          name: 'Open an issue, or close it',
          if: 'always()',
          env: {
            ...TOKEN,
            AWS_PLAN_ROLE_ARN: '${{ vars.AWS_PLAN_ROLE_ARN }}',
            AWS_APPLY_ROLE_ARN: '${{ vars.AWS_APPLY_ROLE_ARN }}',
          },
          run: 'npx projen plan:review -- drift --commit "$GITHUB_SHA" plan.tfplan',
        },
      ],
    },
  },
};

import { type Environment, planFile, PRODUCTION } from './environments';
import { IS_SET_UP, logIn, MAY_LOG_IN, planStep, roleOf, TOKEN, tools, variablesOf } from './steps';
import type { Step, Workflow } from './workflow-file';

export function drift(environments: readonly Environment[]): Workflow {
  const productionFirst = environments.toReversed();
  return {
    on: { schedule: [{ cron: '17 5 * * *' }], workflow_dispatch: {} },
    concurrency: { group: 'drift', 'cancel-in-progress': false },
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
        env: variablesOf(PRODUCTION),
        steps: [
          ...tools(),
          ...productionFirst.flatMap((environment): Step[] => [
            ...logIn('PLAN', environment),
            planStep(environment, `--profile ${environment.profile} -lock=false`, variablesOf(environment)),
          ]),
          {
            name: 'Open an issue, or close it',
            if: 'always()',
            env: Object.assign(
              { ...TOKEN },
              ...environments.flatMap((one) => [roleOf('PLAN', one), roleOf('APPLY', one)]),
            ) as Record<string, string>,
            run: `npx projen plan:review -- drift --commit "$GITHUB_SHA" ${productionFirst.map(planFile).join(' ')}`,
          },
        ],
      },
    },
  };
}

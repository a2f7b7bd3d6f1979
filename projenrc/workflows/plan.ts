import {
  checkout,
  download,
  IS_SET_UP,
  KEPT_DAYS,
  logIn,
  MAY_LOG_IN,
  plan,
  PROFILE,
  STATE,
  TOKEN,
  tools,
  upload,
  VARIABLES,
} from './steps';
import type { Workflow } from './workflow-file';

const SYNTHESIZED = { name: 'synthesized', path: 'synthesized' };

/** A pull request's code, its workflow file included, runs where there is nothing to be had. */
export const SYNTH: Workflow = {
  on: { pull_request: { branches: ['main'] }, merge_group: {} },
  concurrency: { group: 'synth-${{ github.ref }}', cancelInProgress: true },
  jobs: {
    synth: {
      name: 'synthesize',
      timeout: 20,
      permissions: { contents: 'read' },
      env: STATE,
      steps: [
        // The merge with main as it is now, also when a person runs this again.
        ...tools(
          checkout('Check out', {
            ref: "${{ github.event_name == 'pull_request' && format('refs/pull/{0}/merge', github.event.number) || github.sha }}",
          }),
        ),
        { name: 'Bundle the functions', run: 'npx projen bundle' },
        { name: 'Synthesize the stack', run: `npx projen synth -- --profile ${PROFILE}` },
        { name: 'Validate it', run: 'npx projen validate' },
        {
          name: 'Gather what is to be planned',
          run: [
            'mkdir synthesized',
            'cp -R cdktf.out synthesized/',
            "find . -maxdepth 1 -name '*.tfvars*' -exec cp {} synthesized/ ';'",
          ].join('\n'),
        },
        upload('Keep it for the plan', { ...SYNTHESIZED, overwrite: true, 'retention-days': KEPT_DAYS }),
      ],
    },
  },
};

const RUN = 'github.event.workflow_run';
const HEAD = `\${{ ${RUN}.head_sha }}`;
const IS_PLANNED = `${RUN}.event == 'pull_request' && ${RUN}.head_repository.full_name == github.repository && ${IS_SET_UP}`;

/** Main's file and main's tools plan what a pull request synthesized. They refuse a stack that would run something. */
export const PLAN: Workflow = {
  on: {
    workflow_run: {
      workflows: ['synth'],
      types: 'completed # zizmor: ignore[dangerous-triggers] it runs only the code of main',
    },
  },
  concurrency: { group: `plan-${HEAD}`, cancelInProgress: false },
  jobs: {
    plan: {
      name: 'plan',
      if: `${RUN}.conclusion == 'success' && ${IS_PLANNED}`,
      timeout: 30,
      permissions: {
        ...MAY_LOG_IN,
        actions: 'read # for what was synthesized',
        'pull-requests': 'write # for the comment',
        statuses: 'write # for the check named plan',
      },
      env: { ...VARIABLES, COMMIT: HEAD },
      steps: [
        ...tools(checkout("Check out main's tools", { ref: 'main' })),
        download('Fetch what was synthesized', {
          ...SYNTHESIZED,
          'run-id': `\${{ ${RUN}.id }}`,
          'github-token': '${{ github.token }}',
        }),
        {
          name: 'Refuse a stack that would run something',
          run: 'npx projen plan:review -- vet synthesized 2>&1 | tee plan.log',
        },
        ...logIn('AWS_PLAN_ROLE_ARN'),
        plan('--synthesized -lock=false'),
        {
          name: 'Show the plan, or why there is none',
          if: 'always()',
          env: { ...TOKEN, REPOSITORY_VISIBILITY: '${{ github.event.repository.visibility }}' },
          run: 'npx projen plan:review -- show --on-github --keep plan.json --commit "$COMMIT" plan.tfplan',
        },
        upload('Keep what it does', {
          name: `plan-${HEAD}`,
          path: 'plan.json',
          overwrite: true,
          'retention-days': KEPT_DAYS,
        }),
      ],
    },
    unplanned: {
      name: 'not planned',
      if: `${RUN}.conclusion == 'success' && !(${IS_PLANNED})`,
      timeout: 5,
      permissions: { statuses: 'write # for the check named plan' },
      env: { COMMIT: HEAD },
      steps: [
        {
          name: 'Let a merge queue, a fork, and a repository that is not set up pass the check',
          env: TOKEN,
          run: [
            'curl --fail --silent --show-error --request POST --header "authorization: Bearer $GITHUB_TOKEN" \\',
            '  --data \'{"context": "plan", "state": "success", "description": "not planned, see docs/how-to/deliver-with-github.md"}\' \\',
            '  "$GITHUB_API_URL/repos/$GITHUB_REPOSITORY/statuses/$COMMIT"',
          ].join('\n'),
        },
      ],
    },
  },
};

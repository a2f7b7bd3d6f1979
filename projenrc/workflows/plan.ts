import { type Environment, planFile, planLog, PRODUCTION } from './environments';
import {
  checkout,
  download,
  IS_SET_UP,
  KEPT_DAYS,
  logIn,
  MAY_LOG_IN,
  planStep,
  stepIn,
  stateOf,
  TOKEN,
  tools,
  upload,
  variablesOf,
} from './steps';
import type { Step, Workflow } from './workflow-file';

const SYNTHESIZED = { name: 'synthesized', path: 'synthesized' };

/** A pull request's code, its workflow file included, runs where there is nothing to be had. */
export function synth(environments: readonly Environment[]): Workflow {
  return {
    on: { pull_request: { branches: ['main'] }, merge_group: {} },
    concurrency: { group: 'synth-${{ github.ref }}', 'cancel-in-progress': true },
    jobs: {
      synth: {
        name: 'synthesize',
        timeout: 20,
        permissions: { contents: 'read' },
        env: stateOf(PRODUCTION),
        steps: [
          // The merge with main as it is now, also when a person runs this again.
          ...tools(
            checkout('Check out', {
              ref: "${{ github.event_name == 'pull_request' && format('refs/pull/{0}/merge', github.event.number) || github.sha }}",
            }),
          ),
          { name: 'Bundle the functions', run: 'npx projen bundle' },
          ...environments.flatMap(synthesize),
          upload('Keep it for the plan', { ...SYNTHESIZED, overwrite: true, 'retention-days': KEPT_DAYS }),
        ],
      },
    },
  };
}

function synthesize(environment: Environment): Step[] {
  const directory = `${SYNTHESIZED.path}/${environment.name}`;
  const step = (name: string, ...commands: string[]) =>
    stepIn(environment, name, commands.join('\n'), stateOf(environment));
  return [
    step('Synthesize the stack', `npx projen synth -- --profile ${environment.profile}`),
    step('Validate it', 'npx projen validate'),
    step(
      'Gather what is to be planned',
      `mkdir -p ${directory}`,
      `cp -R cdktf.out ${directory}/`,
      `find . -maxdepth 1 -name '*.tfvars*' -exec cp {} ${directory}/ ';'`,
    ),
  ];
}

const RUN = 'github.event.workflow_run';
const HEAD = `\${{ ${RUN}.head_sha }}`;
const IS_SYNTHESIZED = `${RUN}.conclusion == 'success'`;
const IS_PLANNED = `${RUN}.event == 'pull_request' && ${RUN}.head_repository.full_name == github.repository && ${IS_SET_UP}`;

const FETCHED = [
  ...tools(checkout("Check out main's tools", { ref: 'main' })),
  download('Fetch what was synthesized', {
    ...SYNTHESIZED,
    'run-id': `\${{ ${RUN}.id }}`,
    'github-token': '${{ github.token }}',
  }),
];

/** As `.ci/run` does. */
const SCANNER =
  'python3 -m venv .venv && .venv/bin/pip install --quiet --disable-pip-version-check -r tools/scan/requirements.txt';

function synthesizeMain(environment: Environment): Step {
  const { name, profile } = environment;
  const synth = `mkdir -p main/${name} && CDKTF_OUTDIR=main/${name}/cdktf.out npx projen synth -- --profile ${profile}`;
  return stepIn(environment, 'Synthesize the stack of main', synth, stateOf(environment));
}

/** Main's file and main's tools plan what a pull request synthesized. They refuse a stack that would run something. */
export function plan(environments: readonly Environment[]): Workflow {
  return {
    on: {
      workflow_run: {
        workflows: ['synth'],
        types: 'completed # zizmor: ignore[dangerous-triggers] it runs only the code of main',
      },
    },
    concurrency: { group: `plan-${HEAD}`, 'cancel-in-progress': false },
    jobs: {
      assess: {
        name: 'cost and policy scan',
        if: `${IS_SYNTHESIZED} && ${IS_PLANNED}`,
        timeout: 15,
        // The scanner evaluates the stack's expressions. An attacker who makes it run code gets no more than in synth.
        permissions: { contents: 'read', actions: 'read # for what was synthesized' },
        outputs: { assessment: '${{ steps.assess.outputs.assessment }}' },
        env: stateOf(PRODUCTION),
        steps: [
          ...FETCHED,
          { name: 'Bundle the functions of main', run: 'npx projen bundle' },
          ...environments.map(synthesizeMain),
          { name: 'Install the policy scanner', run: SCANNER },
          {
            name: 'Compare with main',
            id: 'assess',
            if: 'always()',
            run: `npx projen plan:review -- assess ${SYNTHESIZED.path} main ${environments.map(({ name }) => name).join(' ')}`,
          },
        ],
      },
      plan: {
        name: 'plan',
        needs: 'assess',
        if: `!cancelled() && ${IS_SYNTHESIZED} && ${IS_PLANNED}`,
        timeout: 30,
        permissions: {
          ...MAY_LOG_IN,
          actions: 'read # for what was synthesized',
          'pull-requests': 'write # for the comment',
          statuses: 'write # for the check named plan',
        },
        env: { ...variablesOf(PRODUCTION), COMMIT: HEAD },
        steps: [
          ...FETCHED,
          ...environments.flatMap(planSynthesized),
          {
            name: 'Show the plan, or why there is none',
            if: 'always()',
            env: {
              ...TOKEN,
              ASSESSMENT: '${{ needs.assess.outputs.assessment }}',
              REPOSITORY_VISIBILITY: '${{ github.event.repository.visibility }}',
            },
            run: `npx projen plan:review -- show --on-github --commit "$COMMIT" ${environments.map(planFile).join(' ')}`,
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
        if: `${IS_SYNTHESIZED} && !(${IS_PLANNED})`,
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
}

function planSynthesized(environment: Environment): Step[] {
  const vet = `npx projen plan:review -- vet ${SYNTHESIZED.path}/${environment.name} 2>&1 | tee ${planLog(environment)}`;
  return [
    stepIn(environment, 'Refuse a stack that would run something', vet, stateOf(environment)),
    ...logIn('PLAN', environment),
    planStep(environment, '--synthesized -lock=false', variablesOf(environment)),
  ];
}

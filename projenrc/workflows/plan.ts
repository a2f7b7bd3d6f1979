import { checkout, download, logIn, MAY_LOG_IN, PROFILE, STATE, tools, upload, VARIABLES } from './steps';
import type { Workflow } from './workflow-file';

const IS_OURS = 'github.event.pull_request.head.repo.full_name == github.repository';
const HEAD = '${{ github.event.pull_request.head.sha }}';
const SYNTHESIZED = { name: 'synthesized', path: 'synthesized' };

/**
 * The code of a pull request runs where there is nothing to be had. What it synthesized is planned in another job, by
 * main's tools, which refuse a stack that would run something.
 */
export const PLAN: Workflow = {
  on: { pull_request: { branches: ['main'] } },
  concurrency: { group: 'plan-${{ github.event.pull_request.number }}', cancelInProgress: false },
  jobs: {
    synth: {
      name: 'synthesize',
      timeout: 20,
      permissions: { contents: 'read' },
      outputs: { tree: '${{ steps.tree.outputs.tree }}' },
      env: { ...STATE },
      steps: [
        checkout(),
        {
          name: 'Which files these are',
          id: 'tree',
          run: `echo "tree=$(git rev-parse 'HEAD^{tree}')" >> "$GITHUB_OUTPUT"`,
        },
        ...tools().slice(1),
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
        upload('Keep it for the plan', SYNTHESIZED, { if: IS_OURS, overwrite: true, 'retention-days': 1 }),
        {
          name: 'Say that a fork is not planned',
          if: `!(${IS_OURS})`,
          run: 'echo "The stack is valid. It is not planned: a pull request from a fork gets no credentials. Once merged, its plan waits for an approval." >> "$GITHUB_STEP_SUMMARY"',
        },
        {
          name: 'Say that AWS is not set up',
          if: `${IS_OURS} && vars.AWS_PLAN_ROLE_ARN == ''`,
          run: 'echo "The stack is valid. It is not planned: the variable AWS_PLAN_ROLE_ARN is not set, see docs/how-to/deliver-with-github.md." >> "$GITHUB_STEP_SUMMARY"',
        },
      ],
    },
    plan: {
      name: 'plan',
      needs: 'synth',
      if: `${IS_OURS} && vars.AWS_PLAN_ROLE_ARN != ''`,
      timeout: 30,
      permissions: { ...MAY_LOG_IN, 'pull-requests': 'write # for the comment' },
      env: {
        ...VARIABLES,
        COMMIT: HEAD,
        PULL: '${{ github.event.pull_request.number }}',
        TREE: '${{ needs.synth.outputs.tree }}',
      },
      steps: [
        ...tools(checkout("Check out main's tools", { ref: '${{ github.event.pull_request.base.sha }}' })),
        download('Fetch what was synthesized', SYNTHESIZED),
        {
          name: 'Refuse a stack that would run something',
          id: 'vet',
          run: 'npx projen plan:review -- vet synthesized 2>&1 | tee plan.log',
        },
        logIn('AWS_PLAN_ROLE_ARN'),
        {
          name: 'Plan',
          id: 'plan',
          run: 'npx projen plan -- --synthesized -input=false -lock-timeout=5m -out=plan.tfplan 2>&1 | tee plan.log',
        },
        {
          name: 'Pack the plan',
          run: 'npx projen plan:review -- pack --commit "$COMMIT" --tree "$TREE" --to packed plan.tfplan',
        },
        upload(
          'Keep the plan for the merge',
          { name: `plan-${HEAD}`, path: 'packed' },
          { 'include-hidden-files': true, overwrite: true, 'retention-days': 30 },
        ),
        {
          name: 'Show the plan',
          env: { GITHUB_TOKEN: '${{ github.token }}' },
          run: 'npx projen plan:review -- comment --commit "$COMMIT" --pull "$PULL" plan.tfplan',
        },
        {
          name: 'Show why there is no plan',
          if: "failure() && (steps.vet.outcome == 'failure' || steps.plan.outcome == 'failure')",
          env: { GITHUB_TOKEN: '${{ github.token }}' },
          run: 'npx projen plan:review -- comment --commit "$COMMIT" --pull "$PULL" --failed plan.log',
        },
      ],
    },
  },
};

import { download, logIn, MAY_LOG_IN, PROFILE, STATE, tools, upload, VARIABLES } from './steps';
import type { Step, Workflow } from './workflow-file';

const DIFFERS = "steps.compare.outputs.equal == 'false'";
const REVIEW_ENVIRONMENT = 'production-review';
const PLANNED = { name: 'plan-of-${{ github.sha }}', path: 'packed' };

const APPLY: Step = { name: 'Apply that plan', run: 'npx projen deploy -- -input=false -lock-timeout=5m plan.tfplan' };

/** One after the other, each to its end. */
export const APPLY_WORKFLOW: Workflow = {
  on: { push: { branches: ['main'] }, workflow_dispatch: {} },
  concurrency: { group: 'apply', cancelInProgress: false },
  jobs: {
    apply: {
      name: 'apply what was reviewed',
      if: "github.ref == 'refs/heads/main' && vars.AWS_APPLY_ROLE_ARN != ''",
      environment: 'production',
      timeout: 60,
      permissions: {
        ...MAY_LOG_IN,
        actions: 'read # for the reviewed plan, and who approves',
        'pull-requests': 'read # for its pull request',
      },
      outputs: { equal: '${{ steps.compare.outputs.equal }}', seal: '${{ steps.pack.outputs.seal }}' },
      env: VARIABLES,
      steps: [
        ...tools(),
        {
          name: 'Which files these are',
          id: 'tree',
          run: `echo "tree=$(git rev-parse 'HEAD^{tree}')" >> "$GITHUB_OUTPUT"`,
        },
        {
          name: 'Find the reviewed plan',
          id: 'find',
          env: { GITHUB_TOKEN: '${{ github.token }}' },
          run: 'npx projen plan:review -- find --merged "$GITHUB_SHA"',
        },
        {
          ...download(
            'Fetch the reviewed plan',
            { name: '${{ steps.find.outputs.artifact }}', path: 'reviewed' },
            { 'run-id': '${{ steps.find.outputs.run }}', 'github-token': '${{ github.token }}' },
          ),
          if: "steps.find.outputs.run != ''",
          'continue-on-error': true, // the next step says that it is not there
        },
        {
          name: 'Take its providers',
          id: 'lock',
          if: "steps.find.outputs.run != ''",
          env: { REVIEWED: '${{ steps.find.outputs.commit }}' },
          run: 'npx projen plan:review -- lock --commit "$REVIEWED" reviewed',
        },
        logIn('AWS_APPLY_ROLE_ARN'),
        {
          name: 'Plan again',
          id: 'plan',
          run: `npx projen plan -- --profile ${PROFILE} -input=false -lock-timeout=5m -out=plan.tfplan 2>&1 | tee plan.log`,
        },
        {
          name: 'Say why there is no plan',
          if: "failure() && steps.plan.outcome == 'failure'",
          run: 'npx projen plan:review -- comment --commit "$GITHUB_SHA" --failed plan.log',
        },
        {
          name: 'Compare it with the reviewed one',
          id: 'compare',
          env: {
            TREE: '${{ steps.tree.outputs.tree }}',
            REASON: '${{ steps.find.outputs.reason || steps.lock.outputs.reason }}',
          },
          run: 'npx projen plan:review -- compare --commit "$GITHUB_SHA" --tree "$TREE" --reviewed reviewed --not-reviewed="$REASON" plan.tfplan',
        },
        { ...APPLY, if: "steps.compare.outputs.equal == 'true'" },
        {
          name: 'Refuse an environment without required reviewers', // GitHub would not wait then
          if: DIFFERS,
          env: { GITHUB_TOKEN: '${{ github.token }}' },
          run: `npx projen plan:review -- approval --environment ${REVIEW_ENVIRONMENT}`,
        },
        {
          name: 'Pack the plan for an approval',
          id: 'pack',
          if: DIFFERS,
          env: { TREE: '${{ steps.tree.outputs.tree }}' },
          run: 'npx projen plan:review -- pack --commit "$GITHUB_SHA" --tree "$TREE" --to packed plan.tfplan',
        },
        upload('Keep it until then', PLANNED, {
          if: DIFFERS,
          'include-hidden-files': true,
          overwrite: true,
          'retention-days': 30,
        }),
      ],
    },
    'apply-after-approval': {
      name: 'apply what was approved',
      needs: 'apply',
      if: "needs.apply.outputs.equal == 'false'",
      environment: REVIEW_ENVIRONMENT,
      timeout: 60,
      permissions: MAY_LOG_IN,
      env: { ...STATE, SEAL: '${{ needs.apply.outputs.seal }}' },
      steps: [
        ...tools(),
        download('Fetch the plan', PLANNED),
        { name: 'Refuse any other', run: 'npx projen plan:review -- unpack --seal "$SEAL" packed' },
        logIn('AWS_APPLY_ROLE_ARN'),
        APPLY,
      ],
    },
  },
};

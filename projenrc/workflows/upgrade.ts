import { PRODUCTION } from './environments';
import { download, IS_SET_UP, tools, upload } from './steps';
import type { Workflow } from './workflow-file';

const LOCK = '.terraform.lock.hcl';
const KEPT = { name: 'providers', path: 'providers' };
const PLATFORMS = ['linux_amd64', 'linux_arm64', 'darwin_amd64', 'darwin_arm64', 'windows_amd64'];

/** A pull request with the newest providers that the stack allows. The first job runs code, the second has the token to write. */
export const UPGRADE: Workflow = {
  on: { schedule: [{ cron: '43 4 * * 1' }], workflow_dispatch: {} },
  concurrency: { group: 'upgrade', 'cancel-in-progress': false },
  jobs: {
    lock: {
      name: 'lock the newest providers',
      if: `github.ref == 'refs/heads/main' && ${IS_SET_UP}`,
      timeout: 30,
      permissions: { contents: 'read' },
      steps: [
        ...tools(),
        { name: 'Bundle the functions', run: 'npx projen bundle' },
        { name: 'Synthesize the stack', run: `npx projen synth -- --profile ${PRODUCTION.profile}` },
        {
          name: 'Lock the newest providers, for all platforms',
          run: [
            `terraform -chdir=cdktf.out/stacks/payment-pipeline providers lock ${PLATFORMS.map((one) => `-platform=${one}`).join(' ')}`,
            `mkdir providers && cp cdktf.out/stacks/payment-pipeline/${LOCK} providers/lock.hcl`,
          ].join('\n'),
        },
        upload('Keep them for the pull request', { ...KEPT, 'retention-days': 1 }),
      ],
    },
    propose: {
      name: 'propose them',
      needs: 'lock',
      timeout: 5,
      permissions: { contents: 'write # for the branch', 'pull-requests': 'write # for the pull request' },
      steps: [
        download('Fetch them', KEPT),
        {
          name: 'Write them to a branch, and open its pull request',
          env: {
            GH_TOKEN: '${{ github.token }}',
            LOCK,
            BRANCH: 'upgrade-providers',
            GH_REPO: '${{ github.repository }}',
          },
          run: [
            'if [ -n "$(gh pr list --head "$BRANCH" --json number --jq ".[]")" ]; then exit 0; fi',
            'old=$(gh api "repos/{owner}/{repo}/contents/$LOCK?ref=main")',
            'new=$(base64 --wrap=0 providers/lock.hcl)',
            'if [ "$(jq -r .content <<<"$old" | tr -d "\\n")" = "$new" ]; then exit 0; fi',
            'gh api --silent -X DELETE "repos/{owner}/{repo}/git/refs/heads/$BRANCH" || true',
            'gh api --silent "repos/{owner}/{repo}/git/refs" -f "ref=refs/heads/$BRANCH" -f "sha=$GITHUB_SHA"',
            'gh api --silent -X PUT "repos/{owner}/{repo}/contents/$LOCK" -f "branch=$BRANCH" -f "content=$new" \\',
            '  -f "sha=$(jq -r .sha <<<"$old")" -f message="Upgrade Terraform\'s providers"',
            'gh pr create --base main --head "$BRANCH" --title "Upgrade Terraform\'s providers" \\',
            '  --body "Close and reopen this pull request, so that its checks run: a program opened it."',
          ].join('\n'),
        },
      ],
    },
  },
};

import { ACTIONS, checkout, download, node, upload } from './steps';
import type { Workflow } from './workflow-file';

const PACKAGE = { name: 'package', path: 'dist/js' };

const VERSION = { VERSION: '${{ inputs.version }}' };

/** Its npm logs in by itself, with the workflow's identity, so that there is no token to lose. */
const NODE_WITH_TRUSTED_PUBLISHING = '24';

/** A person starts it on main. A pushed tag starts nothing: it would run the workflow file that it brings. */
export const RELEASE: Workflow = {
  on: {
    workflow_dispatch: { inputs: { version: { description: 'such as 1.2.3', required: true, type: 'string' } } },
  },
  concurrency: { group: 'release', 'cancel-in-progress': false },
  jobs: {
    package: {
      name: 'package',
      if: "github.ref == 'refs/heads/main'",
      timeout: 30,
      permissions: { contents: 'read' },
      env: VERSION,
      steps: [
        checkout('Check out, with all tags', { 'fetch-tags': true }),
        node(),
        { name: 'Install', run: 'npm ci --no-audit --no-fund' },
        { name: 'Refuse what is not a release', run: 'npx tsx tools/release/main.ts "$VERSION"' },
        { name: 'Test', run: 'npx projen test' },
        {
          // A provenance wants the address of the very repository that publishes, so package.json has none.
          name: 'Give the package its version, and say where it is from',
          run: [
            'npm version --no-git-tag-version --allow-same-version "$VERSION"',
            'npm pkg set repository.type=git "repository.url=git+$GITHUB_SERVER_URL/$GITHUB_REPOSITORY.git"',
          ].join('\n'),
        },
        { name: 'Package', run: 'npx projen package' },
        {
          // Without the development tools in the lock file: npm leaves out what they need, too.
          name: 'List what the package brings with it',
          run: [
            'mkdir cdktf-payment-pipeline && cp package.json package-lock.json cdktf-payment-pipeline/ && cd cdktf-payment-pipeline',
            'npm pkg delete devDependencies peerDependencies',
            'npm install --package-lock-only --ignore-scripts --no-audit --no-fund',
            'npm sbom --package-lock-only --sbom-format cyclonedx > ../dist/js/sbom.cdx.json',
          ].join('\n'),
        },
        upload('Keep the package', { ...PACKAGE, 'retention-days': 30 }),
      ],
    },
    publish: {
      name: 'publish',
      needs: 'package',
      environment: 'npm',
      timeout: 15,
      permissions: { 'id-token': 'write # for npm, and a provenance' },
      steps: [
        download('Fetch the package', PACKAGE),
        node(NODE_WITH_TRUSTED_PUBLISHING),
        {
          name: 'Publish, with provenance if the repository is public', // from any other npm refuses it
          env: { PUBLIC: "${{ github.event.repository.visibility == 'public' }}" },
          run: 'npm publish ./dist/js/*.tgz --provenance="$PUBLIC" --access public',
        },
      ],
    },
    tag: {
      name: 'tag',
      needs: 'publish',
      timeout: 5,
      permissions: { contents: 'write # for the tag and the GitHub release' },
      env: VERSION,
      steps: [
        download('Fetch the package', PACKAGE),
        {
          name: 'Tag the commit, with the package and its list',
          env: { GH_TOKEN: '${{ github.token }}' },
          run: 'gh release create "v$VERSION" --repo "$GITHUB_REPOSITORY" --target "$GITHUB_SHA" --generate-notes dist/js/*',
        },
      ],
    },
    site: {
      name: 'site',
      needs: 'package',
      if: "vars.SITE_BASE != ''",
      timeout: 15,
      permissions: { contents: 'read' },
      steps: [
        checkout(),
        node(),
        {
          name: 'Install',
          run: 'npm ci --no-audit --no-fund && npm ci --prefix tools/site --ignore-scripts --no-audit --no-fund',
        },
        {
          name: 'Build the site, and check its links',
          env: { SITE_BASE: '${{ vars.SITE_BASE }}' },
          run: 'npx projen site -- --base "$SITE_BASE" --source "$GITHUB_SERVER_URL/$GITHUB_REPOSITORY/blob/$GITHUB_SHA"',
        },
        { name: 'Keep the site', uses: ACTIONS.uploadPagesArtifact, with: { path: 'dist/site' } },
      ],
    },
    pages: {
      name: 'pages',
      needs: 'site',
      environment: 'github-pages',
      timeout: 15,
      permissions: { pages: 'write # to publish', 'id-token': 'write # to show where the site is from' },
      steps: [{ name: 'Publish the site', uses: ACTIONS.deployPages }],
    },
  },
};

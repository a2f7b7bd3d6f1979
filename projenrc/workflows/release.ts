import { checkout, deploySite, download, node, upload, uploadSite } from './steps';
import type { Workflow } from './workflow-file';

const PACKAGE = { name: 'package', path: 'dist/js' };

/** Its npm logs in by itself, with the workflow's identity, so that there is no token to lose. */
const NODE_WITH_TRUSTED_PUBLISHING = '24';

export const RELEASE: Workflow = {
  on: { push: { tags: ['v[0-9]+.[0-9]+.[0-9]+'] } },
  concurrency: { group: 'release', cancelInProgress: false },
  jobs: {
    package: {
      name: 'package',
      timeout: 30,
      permissions: { contents: 'read' },
      steps: [
        checkout('Check out, with all of main', { 'fetch-depth': 0 }),
        node(),
        { name: 'Install', run: 'npm ci --no-audit --no-fund' },
        { name: 'Refuse a tag that is not a release', run: 'npx tsx tools/release/main.ts "$GITHUB_REF_NAME"' },
        { name: 'Test', run: 'npx projen test' },
        {
          // A provenance wants the address of the very repository that publishes, so package.json has none.
          name: 'Give the package the version of the tag, and say where it is from',
          run: [
            'npm version --no-git-tag-version --allow-same-version "${GITHUB_REF_NAME#v}"',
            'npm pkg set repository.type=git "repository.url=git+$GITHUB_SERVER_URL/$GITHUB_REPOSITORY.git"',
          ].join('\n'),
        },
        { name: 'Package', run: 'npx projen package' },
        upload('Keep the package', PACKAGE, { 'retention-days': 30 }),
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
          run: 'npx projen site -- --base "$SITE_BASE" --source "$GITHUB_SERVER_URL/$GITHUB_REPOSITORY/blob/$GITHUB_REF_NAME"',
        },
        uploadSite('dist/site'),
      ],
    },
    pages: {
      name: 'pages',
      needs: 'site',
      environment: 'github-pages',
      timeout: 15,
      permissions: { pages: 'write # to publish', 'id-token': 'write # to show where the site is from' },
      steps: [deploySite()],
    },
  },
};

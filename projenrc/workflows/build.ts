import { checkout, node, terraform } from './steps';
import type { Workflow } from './workflow-file';

/** The same as on a laptop: what a change has to pass is said in one place. */
export const BUILD: Workflow = {
  on: { pull_request: {}, merge_group: {}, push: { branches: ['main'] } },
  concurrency: { group: 'build-${{ github.ref }}', 'cancel-in-progress': "${{ github.event_name == 'pull_request' }}" },
  jobs: {
    build: {
      name: 'build and test',
      timeout: 90,
      permissions: { contents: 'read' },
      steps: [
        checkout('Check out, with all of main', { 'fetch-depth': 0 }),
        node(),
        terraform(),
        { name: 'All that a change has to pass', run: 'bash .ci/run' },
      ],
    },
  },
};

import { join } from 'node:path';
import { program, runAsProcess } from '../../src/cli/program';
import { inTemporaryDirectory } from '../../src/cli/temporary-directory';
import { takeSteps } from '../kit/steps';
import { startChromium, Visits } from './chromium';
import { testLivePage } from './live-page';
import { testLocalPipeline } from './local-pipeline';
import { takePictures } from './pictures';
import { testSavedPage } from './saved-page';

const PICTURES = join(__dirname, '../../docs/images');

interface BrowserOptions {
  readonly pictures?: boolean;
}

export const browserTest = program('npx projen browser', {
  description: [
    'Test the page of a run in a real browser: the file that the demo writes, and a live page with its server.',
    'Needs Chromium or Chrome on the PATH. The browser calls loopback addresses only.',
  ],
  exitCodes: {
    success: 'every step held',
    failed: 'a step did not hold',
    usageError: 'nothing was tested',
    unavailable: 'there is no browser',
  },
  examples: ['npx projen browser', 'npx projen browser --pictures'],
})
  .option('--pictures', 'write the pictures of the documentation, docs/images, again')
  .work((options: BrowserOptions, terminal) =>
    inTemporaryDirectory((directory) =>
      takeSteps(terminal.stdout, async (steps) => {
        const browser = await steps.take('start the browser', undefined, async (say) => {
          const started = await startChromium();
          say(`Chromium ${started.version()}`);
          return started;
        });
        try {
          const visits = new Visits(browser);
          await testSavedPage(steps, visits, directory);
          await testLivePage(steps, visits, directory);
          await testLocalPipeline(steps, visits);
          if (options.pictures === true) await takePictures(steps, visits, PICTURES);
        } finally {
          await browser.close();
        }
      }),
    ),
  );

if (require.main === module) runAsProcess(browserTest);

import assert from 'node:assert/strict';
import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Steps } from '../kit/steps';
import type { Visits } from './chromium';
import { runDrill, withLocalPipeline } from './local-pipeline';

const MOST_BYTES = 200_000;
const SIZE = { width: 1_280, height: 760 };

/** The pictures of the documentation: the name of each file, and the element that it begins with. */
const PICTURES = {
  alarms: '#alarms',
  dashboard: '[data-widget="Throughput: payments processed"]',
  payment: '#payments',
};

/** Lets the fraud API be down in a local pipeline, and takes pictures of its page then, in both themes. */
export async function takePictures(steps: Steps, visits: Visits, folder: string): Promise<void> {
  await withLocalPipeline(steps, (url) =>
    steps.take('take the pictures', undefined, async (say) => {
      const page = await visits.open(url, { viewport: SIZE });
      await runDrill(page, 'fraud-api-down', say);
      await page.locator('.letters .link').first().click();
      await page.locator('#payment').getByTitle('List its payments').click();
      await page.mouse.move(0, 0);
      mkdirSync(folder, { recursive: true });
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        for (const [name, element] of Object.entries(PICTURES)) {
          await page.locator(element).evaluate((shown) => {
            shown.scrollIntoView();
          });
          const path = join(folder, `page-${name}-${colorScheme}.png`);
          await page.screenshot({ path });
          assert.ok(statSync(path).size < MOST_BYTES, `${path} has ${statSync(path).size} bytes`);
          say(`${path} ${Math.round(statSync(path).size / 1_024)} KB`);
        }
      }
      await page.context().close();
    }),
  );
}

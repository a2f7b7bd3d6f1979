import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Steps } from '../kit/steps';
import type { Visits } from './chromium';
import { runDrill, withLocalPipeline } from './local-pipeline';

const MOST_BYTES = 200_000;
const SIZE = { width: 1_280, height: 760 };

/** The pictures of the documentation that show a window: the name of each file, and the element that it begins with. */
const WINDOWS = { alarms: '#alarms', dashboard: '[data-widget="Throughput: payments processed"]' };
/** So high that one payment is seen as a whole. */
const OF_ONE_PAYMENT = { width: 1_280, height: 1_250 };

/** Lets the fraud API be down in a local pipeline, and takes pictures of its page then, in both themes. */
export async function takePictures(steps: Steps, visits: Visits, folder: string): Promise<void> {
  await withLocalPipeline(steps, (url) =>
    steps.take('take the pictures', undefined, async (say) => {
      const page = await visits.open(url, { viewport: SIZE });
      await runDrill(page, 'fraud-api-down', say);
      await page.locator('.letters .link').first().click();
      mkdirSync(folder, { recursive: true });
      const keep = (picture: Buffer, name: string) => {
        assert.ok(picture.length < MOST_BYTES, `${name} has ${picture.length} bytes`);
        writeFileSync(join(folder, name), picture);
        say(`${name} ${Math.round(picture.length / 1_024)} KB`);
      };
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        for (const [name, element] of Object.entries(WINDOWS)) {
          await page.setViewportSize(SIZE);
          await page.locator(element).evaluate((shown) => {
            shown.scrollIntoView();
          });
          keep(await page.screenshot(), `page-${name}-${colorScheme}.png`);
        }
        await page.setViewportSize(OF_ONE_PAYMENT);
        keep(await page.locator('#payment').screenshot(), `page-payment-${colorScheme}.png`);
      }
      await page.context().close();
    }),
  );
}

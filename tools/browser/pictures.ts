import assert from 'node:assert/strict';
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Steps } from '../kit/steps';
import { sampleModel } from '../page/fixtures/sample-model';
import { renderPage } from '../page/html';
import type { Visits } from './chromium';

const MOST_BYTES = 200_000;

/** The pictures of the documentation, by the names of their files, and the section that each shows. */
const PICTURES = {
  overview: '',
  dashboard: 'dashboard',
  payment: 'payments',
};

/** Writes the pictures, each in both themes. */
export async function takePictures(steps: Steps, visits: Visits, directory: string, folder: string): Promise<void> {
  await steps.take('take the pictures', undefined, async (say) => {
    const model = sampleModel();
    const file = join(directory, 'pictures.html');
    writeFileSync(file, renderPage(model, 'saved'));
    mkdirSync(folder, { recursive: true });
    const failed = model.payments.find(({ status }) => status === 'FAILED')!;
    for (const colorScheme of ['light', 'dark'] as const) {
      const page = await visits.open(`${pathToFileURL(file).href}#payment=${failed.id}`, { colorScheme });
      for (const [name, section] of Object.entries(PICTURES)) {
        await page.evaluate((id) => {
          if (id === '') scrollTo(0, 0);
          else document.getElementById(id)!.scrollIntoView();
        }, section);
        const path = join(folder, `page-${name}-${colorScheme}.png`);
        await page.screenshot({ path });
        assert.ok(statSync(path).size < MOST_BYTES, `${path} has ${statSync(path).size} bytes`);
        say(`${path} ${Math.round(statSync(path).size / 1_024)} KB`);
      }
      await page.context().close();
    }
  });
}

import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CommandError } from '../../src/cli/command-error';
import { runProgram } from '../kit/processes';
import type { Steps } from '../kit/steps';
import { expectAccessible, expectNoFaults, expectWidgets, modelOf } from './checks';
import type { Visits } from './chromium';

const ROOT = join(__dirname, '../..');
const STACK_FILE = join(ROOT, '.runs/demo/cdk.tf.json');
const MOST_BYTES = 1_000_000;

/** Runs the demo, and opens its page from disk. */
export async function testSavedPage(steps: Steps, visits: Visits, directory: string): Promise<void> {
  const file = join(directory, 'report.html');
  await steps.take('the demo writes its page', undefined, async (say) => {
    const tsx = join(ROOT, 'node_modules/.bin/tsx');
    const { code, stderr, stdout } = await runProgram(tsx, ['tools/demo/main.ts', '--report', file], {
      directory: ROOT,
    });
    if (code !== 0) throw new CommandError(`The demo failed.\n${stdout}\n${stderr}`);
    assert.ok(statSync(file).size < MOST_BYTES, 'the file is too large');
    say(`${Math.round(statSync(file).size / 1_024)} KB`);
  });

  const page = await visits.open(pathToFileURL(file).href);
  await steps.take('it shows the whole run from disk, and requests nothing', undefined, async () => {
    const model = await modelOf(page);
    assert.deepEqual(await page.locator('.widget h3').allInnerTexts(), titlesOfDashboard());
    // Nobody has analyzed, redriven, discarded or reviewed anything.
    const withoutData = await expectWidgets(page, model);
    assert.deepEqual(
      withoutData.filter((title) => !/^DLQ processor|\breviews?\b/i.test(title)),
      [],
    );
    assert.equal(await page.locator('.alarm').count(), model.alarms.length);
    assert.equal(await page.locator('.claims li[data-holds="true"]').count(), model.claims.length);
    assert.equal(await page.locator('.letters li').count(), model.deadLetters.length);
    assert.match(await page.locator('#payments .note').first().innerText(), /All 500 of the run/);
    expectNoFaults(visits);
  });
  await steps.take('it is accessible in both themes', undefined, async (say) => {
    say(await expectAccessible(page));
    await page.getByRole('button', { name: 'dark' }).click();
    await expectAccessible(page);
    expectNoFaults(visits);
  });
  await page.context().close();
}

/** Titles of the widgets in the body of the dashboard that the stack deploys. */
function titlesOfDashboard(): string[] {
  const stack = readFileSync(STACK_FILE, 'utf8');
  // The body is an expression of Terraform's: a quoted text in the JSON has its quotes escaped twice.
  return [...stack.matchAll(/\\"title\\" ?[:=] ?\\"(.*?)\\"/g)].map(([, title]) => title!);
}

import assert from 'node:assert/strict';
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import type { GraphWidget, PageModel } from '../page/model';
import type { Visits } from './chromium';

/** Least coloured pixels of a graph: those of a single data point. */
const LEAST_PIXELS = 10;

/** Every widget is there, with its data drawn. @returns titles of the graphs without data */
export async function expectWidgets(page: Page, { widgets }: PageModel): Promise<readonly string[]> {
  assert.equal(await page.locator('.widget').count(), widgets.length);
  const graphs = widgets.filter((widget): widget is GraphWidget => widget.type === 'metric');
  const withoutData: string[] = [];
  for (const { title, view, lines } of graphs) {
    const card = page.locator(`.widget[data-widget="${title}"]`);
    await card.scrollIntoViewIfNeeded();
    assert.equal(await card.locator('.legend li:not(.at), .figures dt').count(), lines.length, `lines of "${title}"`);
    if (!lines.some(({ values }) => values.some((value) => value !== null && value > 0))) {
      withoutData.push(title);
      continue;
    }
    const seen = view === 'timeSeries' ? await colouredPixels(page, title) : await card.locator('circle, dd').count();
    assert.ok(seen >= (view === 'timeSeries' ? LEAST_PIXELS : 1), `"${title}" is not drawn`);
  }
  for (const { title, alarms } of widgets.filter((widget) => widget.type === 'alarm'))
    assert.equal(await page.locator(`.widget[data-widget="${title}"] li`).count(), alarms.length);
  return withoutData;
}

/** Pixels of a graph that are neither grey nor pale: its lines. */
async function colouredPixels(page: Page, title: string): Promise<number> {
  return page.locator(`.widget[data-widget="${title}"] canvas`).evaluate((canvas: HTMLCanvasElement) => {
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
    let coloured = 0;
    for (let at = 0; at < data.length; at += 4) {
      const [red, green, blue, alpha] = [data[at]!, data[at + 1]!, data[at + 2]!, data[at + 3]!];
      if (alpha > 128 && Math.max(red, green, blue) - Math.min(red, green, blue) > 40) coloured++;
    }
    return coloured;
  });
}

/** Contrast, names, roles and structure by axe-core's rules of WCAG 2.1 A and AA, which an automaton can judge. */
export async function expectAccessible(page: Page): Promise<string> {
  await page.evaluate(axe.source);
  const { violations, passes } = await page.evaluate(() =>
    (globalThis as unknown as { axe: typeof axe }).axe.run({
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'],
    }),
  );
  const found = violations.map(
    ({ id, nodes }) => `${id}: ${nodes.length} × ${nodes[0]!.html.slice(0, 160)} ${nodes[0]!.failureSummary ?? ''}`,
  );
  assert.deepEqual(found, []);
  return `${passes.length} rules of axe-core hold`;
}

/** The text of the sections that a saved page and a live one share. */
export async function sectionTexts(page: Page): Promise<readonly string[]> {
  const sections = page.locator('#alarms, #dashboard, #payments, #dead-letters, .figures, .claims');
  return (await sections.allInnerTexts()).map((text) => text.replaceAll(/\s+/g, ' '));
}

/** The model that the page was made with. */
export async function modelOf(page: Page): Promise<PageModel> {
  return JSON.parse((await page.locator('#model').textContent())!) as PageModel;
}

/** Nothing went wrong in any page so far. */
export function expectNoFaults({ faults }: Visits): void {
  assert.deepEqual(faults, []);
}

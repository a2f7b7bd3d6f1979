import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import type { Steps } from '../kit/steps';
import { sampleModel } from '../page/fixtures/sample-model';
import { renderPage } from '../page/html';
import type { PageModel } from '../page/model';
import { type PageServer, startPageServer } from '../page/server';
import { expectAccessible, expectNoFaults, expectWidgets, sectionTexts } from './checks';
import type { Visits } from './chromium';

/** Text that would be markup, a script and an attribute if the page did not escape it. */
const HOSTILE = '<img src=x onerror=alert(1)></script><script>alert(2)</script>"\'&amp;';

const UPDATE_MS = 100;

/** Serves an invented run, changes it, and uses the page as a reader does. */
export async function testLivePage(steps: Steps, visits: Visits, directory: string): Promise<void> {
  let model = sampleModel();
  const orders: string[] = [];
  const source = {
    model: () => model,
    drill: (name: string, action: string) => {
      orders.push(`${action} ${name}`);
      model = withDrill(model, action === 'start' ? 'running' : 'recovering');
    },
  };
  let server: PageServer = await startPageServer(source, { intervalMs: UPDATE_MS });
  const { port } = new URL(server.url);
  const page = await visits.open(server.url);
  try {
    await steps.take('every widget is drawn', undefined, async () => {
      assert.deepEqual(await expectWidgets(page, model), []);
    });
    await steps.take('filters, search and links', undefined, () => expectFilters(page, model));
    await steps.take('a link opens a payment with its timeline and its account', undefined, () =>
      expectDeepLink(visits, server.url, model),
    );
    await steps.take('the keyboard reaches everything', undefined, () => expectKeyboard(page, model));
    await steps.take('light and dark, by the system and by the switch', undefined, () => expectThemes(page));
    await steps.take('it is accessible in both themes, with a payment open', undefined, async (say) => {
      await page.goto(`${server.url}#payment=${model.payments[3]!.id}`);
      say(await expectAccessible(page));
      await page.emulateMedia({ colorScheme: 'dark' });
      await expectAccessible(page);
      await page.emulateMedia({ colorScheme: 'light' });
    });
    await steps.take('paper has no controls', undefined, async () => {
      await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
      assert.equal(await page.locator('nav, .filters, .segmented').filter({ visible: true }).count(), 0);
      await page.emulateMedia({ media: 'screen', colorScheme: 'light' });
    });
    await steps.take('changes are seen without a reload', undefined, async () => {
      const changed = { ...model.payments[0]!, id: 'a-new-payment', status: 'DECLINED' as const };
      model = { ...model, payments: [changed, ...model.payments], run: { ...model.run, title: 'Changed title' } };
      await page.mouse.move(0, 0);
      await page.getByRole('heading', { name: 'Changed title' }).waitFor();
      await page.locator('tr[data-id="a-new-payment"]').waitFor();
    });
    await steps.take('a drill is started and stopped from the page', undefined, async () => {
      const drill = page.locator('.drill').first();
      await drill.getByRole('button', { name: 'Start' }).click();
      await drill.getByText('Fault on').waitFor();
      await drill.getByRole('button', { name: 'End the fault' }).click();
      await drill.getByText('Recovering').waitFor();
      assert.deepEqual(orders, ['start fraud-api-down', 'stop fraud-api-down']);
    });
    await steps.take('a runbook is a click away', undefined, async () => {
      const opened = page.context().waitForEvent('page');
      await page.locator('.drill a').first().click();
      const runbook = await opened;
      await runbook.getByRole('heading', { name: 'alarm-payments-failed' }).waitFor();
      await runbook.close();
      expectNoFaults(visits);
    });
    await steps.take('a lost connection is told, and found again', undefined, async () => {
      await server.close();
      await page.getByText('Connection lost').waitFor();
      model = { ...model, run: { ...model.run, title: 'After the break' } };
      server = await startPageServer(source, { port: Number(port), intervalMs: UPDATE_MS });
      await page.getByText('Live', { exact: true }).waitFor();
      await page.getByRole('heading', { name: 'After the break' }).waitFor();
      visits.expectFaults(/ERR_(CONNECTION_REFUSED|INCOMPLETE_CHUNKED_ENCODING|CONNECTION_RESET|EMPTY_RESPONSE)/);
      expectNoFaults(visits);
    });
    await steps.take('the saved page has the same content', undefined, async () => {
      const file = join(directory, 'saved.html');
      writeFileSync(file, renderPage(model, 'saved'));
      const [live, saved] = [await visits.open(server.url), await visits.open(pathToFileURL(file).href)];
      assert.deepEqual(await sectionTexts(saved), await sectionTexts(live));
      await Promise.all([live, saved].map((one) => one.context().close()));
    });
    await steps.take('text stays text', undefined, async () => {
      model = sampleModel({ payments: 60, hostile: HOSTILE });
      const hostile = await visits.open(`${server.url}#payment=${encodeURIComponent(model.payments[0]!.id)}`);
      await hostile.locator('#payment').getByText('Timeline').waitFor();
      assert.equal(await hostile.locator('main :is(img, script), header :is(img, script)').count(), 0);
      assert.ok((await hostile.locator('main').innerText()).includes(HOSTILE));
      expectNoFaults(visits);
      await hostile.context().close();
    });
  } finally {
    await page.context().close();
    await server.close();
  }
}

function withDrill(model: PageModel, state: 'running' | 'recovering'): PageModel {
  return { ...model, drills: model.drills.map(({ verdict, ...drill }) => ({ ...drill, state })) };
}

async function expectFilters(page: Page, { payments }: PageModel): Promise<void> {
  const rows = page.locator('tbody tr[data-id]');
  const failed = payments.filter(({ status }) => status === 'FAILED');
  await page.getByRole('button', { name: /^FAILED/ }).click();
  assert.equal(await rows.count(), failed.length);
  assert.match(page.url(), /#status=FAILED$/);

  const code = failed[0]!.failure!.code;
  await page.getByRole('combobox', { name: 'Failure' }).selectOption(code);
  assert.equal(await rows.count(), failed.filter(({ failure }) => failure?.code === code).length);

  await page.getByRole('button', { name: 'Clear filters' }).click();
  await page.getByRole('searchbox').fill('pay-0012');
  assert.deepEqual(
    await rows.evaluateAll((found) => found.map((row) => row.dataset.id)),
    payments.map(({ id }) => id).filter((id) => id.includes('pay-0012')),
  );
  await page.getByRole('searchbox').fill('');

  await rows.first().click();
  await page.locator('#payment').getByRole('button', { name: payments[0]!.account }).click();
  assert.equal(
    await rows.count(),
    Math.min(100, payments.filter(({ account }) => account === payments[0]!.account).length),
  );
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await page.getByRole('button', { name: /^Show 100 more/ }).click();
  assert.equal(await rows.count(), 200);
}

async function expectDeepLink(visits: Visits, url: string, { payments }: PageModel): Promise<void> {
  const payment = payments.find(({ status }) => status === 'FAILED')!;
  const page = await visits.open(`${url}#payment=${payment.id}&status=FAILED`);
  const detail = page.locator('#payment');
  await detail.getByText('Copied to the dead-letter queue').waitFor();
  assert.equal(await detail.locator('.timeline li').count(), payment.history.length + 2);
  const lane = payments.filter(({ account }) => account === payment.account);
  assert.deepEqual(
    await detail
      .locator('.lane button')
      .evaluateAll((bars) => bars.map((bar) => bar.getAttribute('aria-label')!.split(',')[0])),
    lane.map(({ id }) => id).reverse(),
  );
  assert.equal(await page.getByRole('button', { name: /^FAILED/ }).getAttribute('aria-pressed'), 'true');
  await page.context().close();
}

async function expectKeyboard(page: Page, { payments }: PageModel): Promise<void> {
  await page.reload();
  await page.keyboard.press('Tab');
  assert.equal(await page.locator(':focus').innerText(), 'Skip to the payments');
  await page.keyboard.press('/');
  assert.equal(await page.locator(':focus').getAttribute('id'), 'search');
  await page.keyboard.type('pay-0000');
  await page.keyboard.press('Escape');
  assert.equal(await page.getByRole('searchbox').inputValue(), '');

  await page.locator('tbody tr[tabindex="0"]').focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  assert.equal(await page.locator(':focus').getAttribute('data-id'), payments[2]!.id);
  assert.notEqual(await page.locator(':focus').evaluate((row) => getComputedStyle(row).outlineStyle), 'none');
  await page.keyboard.press('Enter');
  await page.locator('#payment').getByText('Timeline').waitFor();
  assert.equal(await page.locator(':focus').getAttribute('data-id'), payments[2]!.id);
  await page.keyboard.press('Escape');
  await page.locator('#payment').getByText('Choose a payment').waitFor();

  const alarm = page.locator('.alarm').first();
  await alarm.locator('> summary').focus();
  await page.keyboard.press('Enter');
  await alarm.getByText('First command').waitFor();
}

async function expectThemes(page: Page): Promise<void> {
  const ground = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  const light = await ground();
  await page.emulateMedia({ colorScheme: 'dark' });
  const dark = await ground();
  assert.notEqual(dark, light);
  await page.getByRole('button', { name: 'light' }).click();
  assert.equal(await ground(), light);
  await page.reload();
  assert.equal(await ground(), light);
  await page.getByRole('button', { name: 'auto' }).click();
  assert.equal(await ground(), dark);
  await page.emulateMedia({ colorScheme: 'light' });
}

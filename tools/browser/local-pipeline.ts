import assert from 'node:assert/strict';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { CommandError } from '../../src/cli/command-error';
import { runProgram, startProgram } from '../kit/processes';
import type { Say, Steps } from '../kit/steps';
import { expectNoFaults, expectWidgets, modelOf } from './checks';
import type { Visits } from './chromium';

const ROOT = join(__dirname, '../..');
const TSX = join(ROOT, 'node_modules/.bin/tsx');
const LEAST_PAYMENTS = 20;
/** Of a drill with its recovery. */
const LONGEST_MS = 300_000;
/** Of a graph that has no data yet. */
const LONGEST_WAIT_MS = 180_000;
/** Ends the local pipeline even if this process can't. */
const MOST_SECONDS = 900;

interface ReviewAnswer {
  readonly in_review: readonly { readonly transaction_id: string }[];
}

/** Starts the local pipeline, runs a drill from its page, and reads what the page says of it. */
export function testLocalPipeline(steps: Steps, visits: Visits): Promise<void> {
  return withLocalPipeline(steps, async (url) => {
    const page = await visits.open(url);
    await steps.take(
      'a drill rings its alarms, loses nothing and explains its dead letters',
      undefined,
      async (say) => {
        await runDrill(page, 'fraud-api-refusing', say);
        assert.ok(
          (await page.locator('.alarm[data-alarm="alarm-payments-failed-dev"] [data-kind="ALARM"]').count()) > 0,
        );
        assert.ok((await page.locator('.cause[data-code="FRAUD_CHECK_REFUSED"] .letters li').count()) > 0);
      },
    );
    await steps.take("the operator's tool works on it, and every widget has data", undefined, async () => {
      const { port } = new URL(url);
      await operate(port, ['analyze', '--dry-run']);
      const { in_review: reviews } = JSON.parse(await operate(port, ['review', '--json'])) as ReviewAnswer;
      await operate(port, ['approve', reviews[0]!.transaction_id, '--reason', 'a known client', '--yes']);
      assert.deepEqual(await withoutDataAfterAWhile(page), []);
      expectNoFaults(visits);
    });
    await page.context().close();
  });
}

/** A metric is seen after its minute, and the reviews are measured every 15: a second and 15 of real time. */
async function withoutDataAfterAWhile(page: Page): Promise<readonly string[]> {
  const lastAt = Date.now() + LONGEST_WAIT_MS;
  for (;;) {
    await page.reload();
    const withoutData = await expectWidgets(page, await modelOf(page));
    if (withoutData.length === 0 || Date.now() > lastAt) return withoutData;
    await page.waitForTimeout(1_000);
  }
}

/** Runs a command of the operator's tool. @returns its answer */
async function operate(port: string, command: readonly string[]): Promise<string> {
  const args = ['src/ops/main.ts', ...command, '--local', '--port', port];
  const { code, stderr, stdout } = await runProgram(TSX, args, { directory: ROOT });
  if (code !== 0) throw new CommandError(`${command[0]} failed.\n${stdout}\n${stderr}`);
  return stdout;
}

/** Runs the local pipeline while the work lasts. @param work gets the page's address */
export async function withLocalPipeline(steps: Steps, work: (url: string) => Promise<void>): Promise<void> {
  const args = ['--import', 'tsx', 'tools/local/main.ts', '--for', String(MOST_SECONDS)];
  const local = startProgram(process.execPath, args, { directory: ROOT });
  local.stderr.resume(); // its progress
  try {
    await work(await steps.take('the local pipeline starts', undefined, () => addressOf(local.stdout)));
  } finally {
    local.kill('SIGINT');
    if (local.exitCode === null) await once(local, 'exit');
  }
}

/** Runs a drill from the page to its verdict, once there are payments to see. */
export async function runDrill(page: Page, name: string, say: Say): Promise<void> {
  await page.locator('#payments tbody tr[data-id]').nth(LEAST_PAYMENTS).waitFor({ timeout: LONGEST_MS });
  const drill = page.locator(`.drill[data-drill="${name}"]`);
  await drill.getByRole('button', { name: 'Start' }).click();
  await page.locator('.current-drill').getByText(': fault on').waitFor();
  await drill.locator('.verdict').waitFor({ timeout: LONGEST_MS });
  for (const finding of await drill.locator('.verdict li').allInnerTexts()) say(finding);
  assert.equal(await drill.locator('.verdict').getAttribute('data-holds'), 'true');
}

/** The address that it prints when it is up. */
async function addressOf(output: NodeJS.ReadableStream): Promise<string> {
  let text = '';
  for await (const chunk of output.setEncoding('utf8')) {
    text += String(chunk);
    const [url] = /http:\/\/127\.0\.0\.1:\d+\//.exec(text) ?? [];
    if (url !== undefined) return url;
  }
  throw new CommandError(`The local pipeline ended before it was up.\n${text}`);
}

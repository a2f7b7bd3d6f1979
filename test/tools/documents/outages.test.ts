import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { withGenerated } from '../../../tools/documents/generated';
import { figures } from '../../../tools/documents/outages/figures';
import { readQueueSettings } from '../../../tools/documents/outages/settings';
import { outageTolerance, paymentsBeforeRetention, slowestTurn } from '../../../tools/documents/outages/tolerance';
import { STACK_FILE } from '../../../tools/demo/fixtures/demo-run';
import { type Outage, runThroughOutage } from '../../../tools/kit/cores/outage';
import { aMessage } from '../../../tools/kit/payments/payments';

const PAGE = readFileSync(join(__dirname, '../../../docs/explanation/outages.md'), 'utf8');
const SETTINGS = {
  maxReceiveCount: 3,
  visibilityTimeout: 360,
  retention: 345_600,
  retryDelays: [20, 1_860],
  functionTimeout: 60,
  batchSize: 10,
} as const;

test('the settings are those of the synthesized stack', () => {
  expect(readQueueSettings(STACK_FILE)).toEqual(SETTINGS);
});

test('docs/explanation/outages.md has the figures of today; `npx projen documents -- outages` writes them', () => {
  expect(withGenerated(PAGE, 'outages', figures(readQueueSettings(STACK_FILE)))).toBe(PAGE);
});

test('other settings have other figures', () => {
  const page = figures({
    ...SETTINGS,
    maxReceiveCount: 4,
    retryDelays: [8, 3_600],
    visibilityTimeout: 3_661,
  });
  expect(page).toContain('| 4 | not received yet | 1 h 4 s | 1 h 10 min |');
  expect(page).toContain('| 1 | received 3 times | nothing | nothing |');
  expect(page).toContain('1 h 1 min 1 s');
});

/** Whether a payment survives an outage that begins at its receive, if each further receive comes as early as it can. */
async function survives(receivesLeft: number, maxReceiveCount: number, outage: Omit<Outage, 'from'>): Promise<boolean> {
  const message = aMessage({}, { receiveCount: maxReceiveCount - receivesLeft + 1 });
  const { redriven, deadLetters, trail } = await runThroughOutage(
    [message],
    { ...outage, from: 0 },
    { maxReceiveCount },
  );
  expect(trail.settled.length + redriven.length).toBe(1);
  return deadLetters.sent.length + redriven.length === 0;
}

describe.each([2, 3, 5, 10])('of %i receives', (maxReceiveCount) => {
  test.each([
    { of: 'fraud API', circuitOpens: false },
    { of: 'fraud API', circuitOpens: true },
    { of: 'table', circuitOpens: false },
  ] as const)(
    'an outage is survived for exactly the time computed: $of, circuit open: $circuitOpens',
    async (outage) => {
      for (let left = 1; left <= maxReceiveCount; left++) {
        const seconds = outageTolerance(left, outage.circuitOpens, { ...SETTINGS, maxReceiveCount });
        expect([left, await survives(left, maxReceiveCount, { ...outage, seconds })]).toEqual([left, true]);
        expect([left, await survives(left, maxReceiveCount, { ...outage, seconds: seconds + 1 })]).toEqual([
          left,
          false,
        ]);
      }
    },
  );
});

test('in an outage without end, ten payments of an account have their end within the time computed, and then ten more', async () => {
  const messages = Array.from({ length: 30 }, (_, at) => aMessage({ transaction_id: `tx-${at}` }));
  const outage = { of: 'fraud API', from: 0, seconds: Infinity, circuitOpens: true } as const;
  const { trail, ended, deadLetters } = await runThroughOutage(messages, outage, {
    maxReceiveCount: 3,
    checkTakesMs: 5_000,
    random: () => 0.999,
  });
  expect(trail.settled).toEqual(messages.map(({ messageId }) => messageId));
  expect(deadLetters.sent.map(({ messageId }) => messageId)).toEqual(trail.settled);
  const turn = slowestTurn(SETTINGS);
  expect([ended <= 3 * turn, ended > 2.7 * turn]).toEqual([true, true]);
  expect(paymentsBeforeRetention(SETTINGS)).toBe(Math.floor(345_600 / turn) * 10);
});

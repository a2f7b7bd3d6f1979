import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OnFailedPayment } from '../../../src/contract';
import { runs } from '../../../tools/kit/thorough';
import { type Core, loadCore, StalePatchError } from '../../../tools/simulate/core';
import { MUTANTS } from '../../../tools/simulate/mutants';
import { SHORT_HISTORIES } from '../../../tools/simulate/processor-mutants';
import type { Scenario } from '../../../tools/simulate/scenario';
import { type Failure, SHRINK_RUNS, simulate, trySeed } from '../../../tools/simulate/seeds';
import { SimulatedWorld } from '../../../tools/simulate/simulated-world';
import { storyOf } from '../../../tools/simulate/story';

/** Enough to notice a mistake while you work; `npx projen simulate` runs thousands. */
const SEEDS = { continue: runs(100), hold: runs(50) };
const PAGE = readFileSync(join(__dirname, '../../../docs/explanation/guarantees.md'), 'utf8');

const NOBODY = {
  outcomes: false,
  operations: [],
  byHand: [],
  switchesAtMs: [],
  recovery: 'redrive by account',
} as const;

async function firstFailure(core: Core, mode: OnFailedPayment = 'continue'): Promise<Failure | undefined> {
  for (let seed = 1; seed <= SEEDS[mode]; seed++) {
    const failure = await trySeed(seed, core, mode);
    if (failure !== undefined) return failure;
  }
  return undefined;
}

/** A core with a fault that nearly every seed with a failed payment shows. */
async function brokenCore(): Promise<{ core: Core; failure: Failure }> {
  const core = await loadCore(MUTANTS['only the failed message is returned to the queue']!.patches);
  return { core, failure: (await firstFailure(core))! };
}

test("the processor's code as it is holds in every seed", async () => {
  expect(await firstFailure(await loadCore())).toBeUndefined();
});

test('the same with an account that waits for its failed payments [G3]', async () => {
  expect(await firstFailure(await loadCore(), 'hold')).toBeUndefined();
});

test('and so it does where histories are shortened soon [G6]', async () => {
  const core = await loadCore([SHORT_HISTORIES]);
  for (let seed = 1; seed <= runs(100); seed++) expect(await trySeed(seed, core, 'continue')).toBeUndefined();
});

test.each(Object.entries(MUTANTS))('caught: %s', async (name, mutant) => {
  const { invariant, seed } = rowOnPage(name);
  const failure = await trySeed(seed, await loadCore(mutant.patches), mutant.onFailedPayment ?? 'continue');
  expect(failure?.violations[0]?.invariant).toBe(invariant); // else write the table again: npx projen documents -- guarantees
  expect(mutant.breaks).toContain(invariant);
});

/** The seed that docs/explanation/guarantees.md names for the mutant: finding the first one takes thousands of seeds. */
function rowOnPage(name: string): { readonly invariant: string; readonly seed: number } {
  const row = PAGE.split('\n').find((line) => line.startsWith(`| ${name} |`));
  if (row === undefined)
    throw new Error(
      `docs/explanation/guarantees.md has no row for "${name}": npx projen documents -- guarantees writes it.`,
    );
  const [, , invariant, seed] = row.split('|').map((cell) => cell.trim());
  return { invariant: invariant!, seed: Number(seed) };
}

test('a patch whose place is gone says so, rather than plant nothing', async () => {
  const patch = { file: 'core/batch.ts', replace: 'no such code', by: '' };
  await expect(loadCore([patch])).rejects.toThrow('core/batch.ts has 0 places that read "no such code", not one.');
  await expect(loadCore([{ ...patch, file: 'core/gone.ts' }])).rejects.toThrow(StalePatchError);
});

test('the same seed is the same run, to the millisecond', async () => {
  const { core, failure } = await brokenCore();
  const again = await trySeed(
    failure.seed,
    await loadCore(MUTANTS['only the failed message is returned to the queue']!.patches),
    'continue',
  );
  expect(again).toEqual(failure);
  expect(await storyOf(again!, core)).toBe(await storyOf(failure, core));
});

test('a failing seed shrinks to a story that a person can follow', async () => {
  const { core } = await brokenCore();
  const smallest = (await trySeed(5, core, 'continue', SHRINK_RUNS))!; // soon shrunk
  expect(smallest.scenario.sendings.length).toBeLessThanOrEqual(3);
  expect(smallest.scenario.troubles.length).toBeLessThanOrEqual(2);
  const story = await storyOf(smallest, core);
  expect(story).toContain('Seed 5 violates: nothing lost: ');
  expect(story).toMatch(
    /after 0 s, account-\d sends tx-0[^]*function \d +receives m1[^]*Payments returned to the queue[^]*was acknowledged before it had an end/,
  );
});

test('a failing seed is shrunk in a bounded number of runs, and the shrunk scenario still fails', async () => {
  const { core } = await brokenCore();
  const run = jest.spyOn(SimulatedWorld.prototype, 'run');
  const sizes: number[] = [];
  for (const shrinkRuns of [0, 20]) {
    run.mockClear();
    const { scenario, violations } = (await trySeed(4, core, 'continue', shrinkRuns))!;
    expect(run).toHaveBeenCalledTimes(1 + shrinkRuns + 1); // the seed itself, the smaller ones, and the smallest of them once more
    expect(violations.map(({ invariant }) => invariant)).toContain('nothing lost');
    sizes.push(scenario.sendings.length);
  }
  run.mockRestore();
  expect(sizes[1]).toBeLessThan(sizes[0]!);
});

test.each<[string, Scenario['troubles']]>([
  ['a fraud API that is out for half an hour', [{ at: 'outage', of: 'fraud', fromMs: 0, lastsMs: 1_800_000 }]],
  ['a table that is out for half an hour', [{ at: 'outage', of: 'table', fromMs: 0, lastsMs: 1_800_000 }]],
])('%s dead-letters nothing but poison, and the backlog comes back in order [G8]', async (_name, troubles) => {
  const core = await loadCore();
  const sendings = Array.from({ length: 12 }, (_, index) => ({
    account: index % 3,
    afterMs: index === 6 ? 1_000 : 0,
    what: { kind: 'payment' as const, says: [index === 4 ? ('refuse' as const) : ('approve' as const)] },
  }));
  const log = await simulate(
    { sendings, clocksAheadMs: [0, 0], troubles, onFailedPayment: 'continue', ...NOBODY, chance: 7 },
    core,
    true,
  );
  expect(log.violations).toEqual([]);
  expect(
    log.story
      .filter((line) => line.includes('to the dead-letter queue'))
      .map((line) => line.replace(/.*sends/, 'sends')),
  ).toEqual(['sends m5 to the dead-letter queue: FRAUD_CHECK_REFUSED']);
});

test("an account whose backlog fills SQS's window keeps the others waiting, and they are decided in the end", async () => {
  const core = await loadCore();
  const approved = { kind: 'payment', says: ['approve'] } as const;
  const sendings = [
    ...Array.from({ length: 12 }, () => ({ account: 0, afterMs: 0, what: approved })),
    { account: 1, afterMs: 5_000, what: approved },
  ];
  // The first receive of the one account fails: its backlog stays.
  const troubles: Scenario['troubles'] = [{ at: 'receive', call: 0, fault: 'answer lost' }];
  const decidedAfterS = async (groupWindow: number | undefined) => {
    const log = await simulate(
      { sendings, clocksAheadMs: [0, 0], troubles, onFailedPayment: 'continue', groupWindow, ...NOBODY, chance: 3 },
      core,
      true,
    );
    expect(log.violations).toEqual([]);
    return parseFloat(log.story.find((line) => line.includes('writes tx-12 APPROVED'))!);
  };
  expect(await decidedAfterS(undefined)).toBeLessThan(10);
  expect(await decidedAfterS(12)).toBeGreaterThan(360);
});

describe('a redriven payment, which SQS moves to the dead-letter queue after crashes, and one that waits for it', () => {
  const scenario: Scenario = {
    ...NOBODY,
    sendings: [['refuse', 'approve'] as const, ['approve'] as const].map((says) => ({
      account: 0,
      afterMs: 0,
      what: { kind: 'payment', says },
    })),
    clocksAheadMs: [0],
    // Before its claims in two receives, and after its claim in the last.
    troubles: [11, 12, 17].map((call) => ({ at: 'function', call, fault: 'crash before' })),
    onFailedPayment: 'hold',
    operations: [
      { atMs: 60_000, operator: 1, action: 'redrive', of: { kind: 'transactions', which: [0] }, dryRun: false },
      { atMs: 2_000_000, operator: 1, action: 'redrive', of: { kind: 'transactions', which: [1] }, dryRun: false },
    ],
    chance: 3,
  };

  test('are decided in order after a redrive of the other one alone [G4]', async () => {
    const { violations, story } = await simulate(scenario, await loadCore(), true);
    expect(violations).toEqual([]);
    const told = story
      .map((line) => / (?:queue +(moves m3)|function \d +writes (tx-\d APPROVED))/.exec(line))
      .filter((match) => match !== null);
    expect(told.map(([, moved, decided]) => moved ?? decided)).toEqual(['moves m3', 'tx-0 APPROVED', 'tx-1 APPROVED']);
  });

  test('found, if the first one is not sent again', async () => {
    const replace = 'if (payment !== undefined && !this.request.dryRun) await this.send(';
    const by = 'if (payment !== undefined && isRedrivenUnclaimed(record)) await this.send(';
    const { violations } = await simulate(
      scenario,
      await loadCore([{ file: '../dlq-processor/core/redrive.ts', replace, by }]),
    );
    expect(violations.map(({ invariant }) => invariant)).toEqual(['answers true']);
  });
});

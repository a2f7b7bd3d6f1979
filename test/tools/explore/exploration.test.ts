import { loadCores } from '../../../tools/simulate/core';
import { explore, replay } from '../../../tools/explore/explore';
import { MUTANTS } from '../../../tools/explore/mutants';
import type { Scenario } from '../../../tools/explore/scenario';
import { SCENARIOS } from '../../../tools/explore/scenarios';
import { thoroughTest } from '../../../tools/kit/thorough';

const scenario = (name: string, faults: number): Scenario => ({
  ...SCENARIOS.find((one) => one.name === name)!,
  faults,
});

/** The others take longer: `npx projen explore` has them, and more faults. */
const QUICK = SCENARIOS.map(({ name }) => name).filter((name) => /^(redrive|discard) (?!and )|^letters/.test(name));

test.each(QUICK)('without a fault everything holds in every schedule: %s', async (name) => {
  const { findings, isComplete } = await explore(scenario(name, 0), await loadCores());
  expect([findings, isComplete]).toEqual([[], true]);
});

thoroughTest.each(['failure, continue', 'failure, hold'])(
  'with one fault everything holds in every schedule: %s',
  async (name) => {
    const { findings, isComplete } = await explore(scenario(name, 1), await loadCores());
    expect([findings, isComplete]).toEqual([[], true]);
  },
  120_000,
);

test.each(Object.keys(MUTANTS))('found: %s', async (name) => {
  const { patches, scenario: where, faults, breaks } = MUTANTS[name]!;
  const { findings } = await explore(scenario(where, faults), await loadCores(patches), { stopAt: [breaks] });
  expect(findings.map(({ invariant }) => invariant)).toContain(breaks);
});

test('a finding is met again by its choices alone', async () => {
  const {
    patches,
    scenario: name,
    faults,
    breaks,
  } = MUTANTS['a failed payment without a dead letter cannot be redriven']!;
  const cores = await loadCores(patches);
  const { findings } = await explore(scenario(name, faults), cores, { stopAt: [breaks] });
  const { choices } = findings.find(({ invariant }) => invariant === breaks)!;
  const { violations } = await replay(scenario(name, faults), cores, choices);
  expect(violations.map(({ invariant }) => invariant)).toContain(breaks);
});

test('the same code is explored alike each time', async () => {
  const cores = await loadCores();
  expect(await explore(scenario('letters purged', 0), cores)).toEqual(
    await explore(scenario('letters purged', 0), await loadCores()),
  );
});

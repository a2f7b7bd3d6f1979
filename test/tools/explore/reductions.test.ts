import { loadCores } from '../../../tools/simulate/core';
import { type Exploration, explore } from '../../../tools/explore/explore';
import { MUTANTS } from '../../../tools/explore/mutants';
import { payment, REDUCTIONS, type Reduction, type Scenario, switching } from '../../../tools/explore/scenario';
import { SCENARIOS } from '../../../tools/explore/scenarios';
import { THOROUGH, thoroughTest } from '../../../tools/kit/thorough';

/* Nothing is lost by what keeps the states few: tiny worlds are explored with it and without it. */

const REFUSED = payment('alice', 'tx-a1', ['refuse']);
const APPROVED = payment('alice', 'tx-a2');
const OF_BOB = payment('bob', 'tx-b1');

const scenario = (name: string, other: Partial<Scenario> = {}): Scenario => ({
  ...SCENARIOS.find((one) => one.name === name)!,
  faults: 0,
  ...other,
});

const WORLDS: Readonly<Record<string, Scenario>> = {
  'a purge, and a payment that is sent late': scenario('letters purged', {
    payments: [REFUSED, payment('alice', 'tx-a2', ['approve'], true)],
  }),
  'an early redelivery or another fault': scenario('failure, hold', { payments: [REFUSED], faults: 1 }),
  'two faults': scenario('failure, hold', { payments: [REFUSED], faults: 2, redeliveries: 0 }),
  'two accounts and an early redelivery': scenario('failure, continue', { payments: [APPROVED, OF_BOB], faults: 1 }),
  'two accounts and a fault': scenario('failure, continue', {
    payments: [APPROVED, OF_BOB],
    faults: 1,
    redeliveries: 0,
  }),
  'one transaction id in two accounts': scenario('failure, hold', {
    payments: [payment('alice', 'tx-1', ['refuse']), payment('bob', 'tx-1')],
  }),
  'a redrive, with a payment that waits': scenario('redrive account, hold', { payments: [REFUSED, APPROVED] }),
  'the setting changed twice': scenario('setting changed twice', {
    payments: [REFUSED],
    operators: [[[switching('continue'), switching('hold')]]],
  }),
  'a redrive and a fault': scenario('redrive account, hold', { payments: [REFUSED], faults: 1 }),
  'a discard and a fault': scenario('discard account, continue', { payments: [REFUSED], faults: 1 }),
};

/** The first alone takes a tenth of the time. */
const EXPLORED = Object.keys(WORLDS).slice(0, THOROUGH ? undefined : 1);

const without = (...left: readonly Reduction[]) => REDUCTIONS.filter((one) => !left.includes(one));

const cores = loadCores();

/** Explorations with all reductions, by scenario. */
const reduced = new Map<string, Promise<Exploration>>();

const exploredReduced = (name: string): Promise<Exploration> => {
  const exploration = reduced.get(name) ?? cores.then((loaded) => explore(WORLDS[name]!, loaded));
  reduced.set(name, exploration);
  return exploration;
};

test.each(EXPLORED)('as many executions as without any comparison of states: %s', async (name) => {
  const { states, executions, findings } = await exploredReduced(name);
  const tree = await explore({ ...WORLDS[name]!, reductions: without('known states', 'how decided') }, await cores);
  expect(states).toBeLessThan(tree.states);
  expect([executions, findings]).toEqual([tree.executions, tree.findings]);
});

test.each(EXPLORED)('the same worlds at rest as in every order of steps: %s', async (name) => {
  const { moves, rests } = await exploredReduced(name);
  const whole = await explore({ ...WORLDS[name]!, reductions: without('ends first', 'alone') }, await cores);
  expect(moves).toBeLessThanOrEqual(whole.moves);
  expect(rests).toBe(whole.rests);
});

const REFUSED_OR_APPROVED = payment('alice', 'tx-a1', ['refuse', 'approve']);

thoroughTest('no batch ends first while its messages can be received again', async () => {
  const one = scenario('failure, hold', { payments: [REFUSED_OR_APPROVED], faults: 2 });
  const [{ executions }, whole] = [
    await explore(one, await cores),
    await explore({ ...one, reductions: without('ends first') }, await cores),
  ];
  expect(executions).toBe(whole.executions);
});

thoroughTest('a decided payment that failed before differs from one that did not', async () => {
  const one = scenario('redrive first, hold', { payments: [REFUSED_OR_APPROVED], faults: 1 });
  const [{ executions, findings }, whole] = [
    await explore(one, await cores),
    await explore({ ...one, reductions: without('how decided') }, await cores),
  ];
  expect([executions, findings]).toEqual([whole.executions, whole.findings]);
});

/** Each in a world that is soon explored as a whole. */
const SMALL = Object.keys(MUTANTS).filter(
  (name) => MUTANTS[name]!.faults === 0 && /^(redrive second|letters|failure)/.test(MUTANTS[name]!.scenario),
);

thoroughTest.each(SMALL)('violates the same in every order of steps: %s', async (name) => {
  const { patches, scenario: where } = MUTANTS[name]!;
  const mutant = await loadCores(patches);
  const violated = async (one: Scenario) =>
    (await explore(one, mutant)).findings.map(({ invariant }) => invariant).sort();
  const one = scenario(where);
  expect(await violated(one)).toEqual(await violated({ ...one, reductions: ['known states'] }));
});

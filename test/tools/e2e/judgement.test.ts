import { type Assertion, type Deployed, unlessMissing } from '../../../tools/e2e/assertions/assertion';
import { conclude, judge, unasserted } from '../../../tools/e2e/assertions/judgement';

const NOTHING = {} as Deployed;

function assertion(type: string, check: () => void = () => undefined): Assertion {
  return { type, what: 'as asked for', check: () => Promise.resolve().then(check) };
}

const fails = () => {
  throw new Error('it is another');
};
const cannotBeTold = () => {
  unlessMissing(undefined, 'not returned');
};

test('what holds, what does not, and what the emulator cannot tell are kept apart', async () => {
  const { held, gaps, broken } = await judge(
    [assertion('a'), assertion('b', fails), assertion('c', cannotBeTold)],
    NOTHING,
  );

  expect(held.map(({ type }) => type)).toEqual(['a']);
  expect(broken).toEqual(['b: as asked for\n      it is another']);
  expect(gaps).toEqual(['c: as asked for - not returned']);
});

test('a type of which nothing is asserted is named, and so is one of which the emulator tells nothing', async () => {
  const judgement = await judge([assertion('a'), assertion('b', fails), assertion('c', cannotBeTold)], NOTHING);

  expect(unasserted(['a', 'b', 'c', 'd'], judgement)).toEqual(['c', 'd']);
});

test.each([
  ['a fault', [assertion('a', fails)], /✘ a: as asked for/],
  ['a type left out', [assertion('b')], /✘ a: nothing is asserted about it/],
])('%s fails the comparison', async (_what, assertions, message) => {
  const judgement = await judge(assertions, NOTHING);

  expect(() => {
    conclude(judgement, ['a'], () => undefined);
  }).toThrow(message);
});

test('assertions that hold are counted, and those that cannot be checked are named', async () => {
  const lines: string[] = [];
  const judgement = await judge([assertion('a'), assertion('a'), assertion('a', cannotBeTold)], NOTHING);

  conclude(judgement, ['a'], (line) => lines.push(line));

  expect(lines.join('\n')).toMatch(/^2 assertions hold, about 1 of 1 resource types[^]*not returned$/);
});

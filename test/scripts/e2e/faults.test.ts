import { ASSERTIONS } from '../../e2e/assertions/all';
import { FAULTS, faultsNamed, MutableStack } from '../../e2e/faults/faults';

test('each fault is to be named by an assertion that there is', () => {
  const titles = new Set(ASSERTIONS.map(({ type, what }) => `${type}: ${what}`));

  expect(Object.values(FAULTS).filter(({ namedBy }) => !titles.has(namedBy))).toEqual([]);
});

test('one fault, or all of them', () => {
  expect(faultsNamed('all')).toHaveLength(5);
  expect(faultsNamed('whole-batches')).toEqual([FAULTS['whole-batches']]);
  expect(() => faultsNamed('other')).toThrow('--break is "other", but must be one of all, redrive-count');
});

describe('a stack that stays whole is no broken one', () => {
  const stack = () => new MutableStack({ resource: { t: { r: { a: 1 } } }, data: { aws_iam_policy_document: { d: { statement: [{ sid: 'S' }] } } } });

  test.each([
    ['no such resource', (one: MutableStack) => { one.remove('t', 'other', 'a'); }, 'The stack has no t.other.'],
    ['no such attribute', (one: MutableStack) => { one.remove('t', 'r', 'b'); }, 'The stack has no t.r.b.'],
    ['no change', (one: MutableStack) => { one.change('t', 'r', 'a', (value) => value); }, 't.r.a is not broken'],
    ['no such statement', (one: MutableStack) => { one.withoutStatement('d', 'T'); }, 'd has no statement T.'],
  ])('%s', (_what, breakIt, message) => {
    expect(() => { breakIt(stack()); }).toThrow(message);
  });

  test('what is there is broken', () => {
    const one = stack();
    one.remove('t', 'r', 'a');
    one.withoutStatement('d', 'S');

    expect(one.json).toEqual({ resource: { t: { r: {} } }, data: { aws_iam_policy_document: { d: { statement: [] } } } });
  });
});

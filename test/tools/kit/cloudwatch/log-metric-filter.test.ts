import { FilterPattern } from '../../../../tools/kit/cloudwatch/log-metric-filter';

const root = { userIdentity: { type: 'Root' }, eventType: 'AwsApiCall' };

test.each<[pattern: string, matching: object[], others: object[]]>([
  [
    '{ ($.userIdentity.type = Root) && ($.userIdentity.invokedBy NOT EXISTS) && ($.eventType != AwsServiceEvent) }',
    [root],
    [{}, { ...root, eventType: 'AwsServiceEvent' }, { ...root, userIdentity: { type: 'Root', invokedBy: 'aws' } }],
  ],
  ['{ $.a = "b c" || $.a = d }', [{ a: 'b c' }, { a: 'd' }], [{ a: 'b' }, {}]],
  ['{ ($.a = b) && (($.c = d) || ($.c = e)) }', [{ a: 'b', c: 'e' }], [{ a: 'b' }, { c: 'd' }, { a: 'x', c: 'd' }]],
  ['{ ($.a = b*) || ($.a = "*:c/d") }', [{ a: 'bc' }, { a: 'x:c/d' }], [{ a: 'ab' }, { a: 'c/d' }, {}]],
  ['{ $.a < 365 }', [{ a: 1 }], [{ a: 365 }, {}]],
  ['{ $.a IS FALSE }', [{ a: false }], [{ a: true }, { a: 'false' }, {}]],
  ['{ $.a EXISTS }', [{ a: 1 }], [{ b: 1 }]],
])('%s', (pattern, matching, others) => {
  const matches = new FilterPattern(pattern).parse();
  expect(matching.map(matches)).toEqual(matching.map(() => true));
  expect(others.map(matches)).toEqual(others.map(() => false));
});

test.each(['?ERROR', '{ $.a > 1 }', '{ $.a IS NULL }', '{ $.a[0] = b }', '{ $.a = b', '{ a = b }'])(
  'a pattern that it does not know is an error: %s',
  (pattern) => {
    expect(() => new FilterPattern(pattern).parse()).toThrow(pattern);
  },
);

import { differencesBetween } from '../../../tools/plan-review/plan-summary';
import { A_QUEUE, summary, type PlanSaid } from '../../../tools/plan-review/fixtures/plans';

const TWO_VALUES = { before: { delay: 0, key: 'old' }, after: { delay: 5, key: 'new' } };

function differences(reviewed: PlanSaid, now: PlanSaid): string[] {
  return differencesBetween(summary(reviewed), summary(now));
}

test('plans that do the same do not differ', () => {
  expect(differences({}, {})).toEqual([]);
});

test.each<[string, PlanSaid, PlanSaid, string]>([
  [
    'a value',
    { changes: [TWO_VALUES] },
    { changes: [{ ...TWO_VALUES, after: { ...TWO_VALUES.after, delay: 30 } }] },
    'aws_sqs_queue.q, after.delay: 5 when reviewed, 30 now',
  ],
  [
    'a value before',
    { changes: [TWO_VALUES] },
    { changes: [{ ...TWO_VALUES, before: { ...TWO_VALUES.before, delay: 9 } }] },
    'aws_sqs_queue.q, before.delay: 0 when reviewed, 9 now',
  ],
  [
    'a value that was known',
    {},
    { changes: [{ ...A_QUEUE, after: {}, unknown: { name: true } }] },
    'aws_sqs_queue.q, after.name: "payments" when reviewed, "(known after apply)" now',
  ],
  ['a resource more', { changes: [] }, {}, 'aws_sqs_queue.q: create now, and was not in the reviewed plan'],
  [
    'a resource less',
    { changes: [{ ...A_QUEUE, actions: ['delete', 'create'] }] },
    { changes: [] },
    'aws_sqs_queue.q: delete and create when reviewed, and is not in the plan now',
  ],
  [
    'an output',
    { outputs: {} },
    { outputs: { o: { actions: ['update'], before: 1, after: 2 } } },
    'output o: update now, and was not in the reviewed plan',
  ],
  ['a variable', { variables: { url: 'a' } }, { variables: { url: 'b' } }, 'variable url: "a" when reviewed, "b" now'],
  [
    'the settings of a provider, of which none is shown',
    { region: 'here' },
    { region: 'there' },
    'configuration of the provider aws: is another now',
  ],
  [
    'a part of a document',
    policy('a'),
    policy('b'),
    'aws_sqs_queue.q, after.policy.Statement.0.Sid: "a" when reviewed, "b" now',
  ],
])('%s', (_what, reviewed, now, line) => {
  expect(differences(reviewed, now)).toEqual([line]);
});

function policy(Sid: string): PlanSaid {
  return {
    changes: [{ actions: ['create'], after: { policy: JSON.stringify({ Statement: [{ Sid, Effect: 'Allow' }] }) } }],
  };
}

test('plans that differ never do so without a word', () => {
  const written = (indent: number): PlanSaid => ({
    changes: [{ actions: ['create'], after: { policy: JSON.stringify({ Statement: [] }, null, indent) } }],
  });

  expect(differences(written(0), written(2))).toEqual([
    'a document within a value is written otherwise, and says the same',
  ]);
});

test('a sensitive value differs without being shown, and without its hash', () => {
  const [line, ...more] = differences(
    { changes: [{ ...TWO_VALUES, sensitive: { key: true } }] },
    { changes: [{ ...TWO_VALUES, after: { ...TWO_VALUES.after, key: 'newer' }, sensitive: { key: true } }] },
  );

  expect([line, more]).toEqual(['aws_sqs_queue.q, after.key: "(sensitive)" when reviewed, "(sensitive)" now', []]);
});

test('a long value is cut', () => {
  const [line] = differences({}, { changes: [{ ...A_QUEUE, after: { name: 'x'.repeat(10_000) } }] });

  expect(line).toMatch(/^aws_sqs_queue\.q, after\.name: "payments" when reviewed, "x{299}… now$/);
});

test('an account stays masked, wherever a long value is cut', () => {
  const named = (length: number): PlanSaid => ({
    changes: [{ ...A_QUEUE, after: { name: `${'x'.repeat(length)}:123456789012:q` } }],
  });

  const lines = Array.from({ length: 20 }, (_, n) => differences({}, named(280 + n))).flat();

  expect(lines).toHaveLength(20);
  expect(lines.filter((line) => /\d/.test(line))).toEqual([]);
});

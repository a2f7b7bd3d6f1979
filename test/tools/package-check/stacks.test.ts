import type { StackJson } from '../../../tools/kit/stacks/references';
import { assertSameStack } from '../../../tools/package-check/stacks';

const GIVEN = { url: 'https://fraud.example' };

/** The project's own: twelve queues, the first of which takes its values from variables. */
function own(fields: object = {}): StackJson {
  const queues = Array.from(
    { length: 12 },
    (_, index) => [`payments_queue_${index}`, { name: `queue-${index}` }] as const,
  );
  return {
    variable: { environment: { default: 'dev' }, url: {} },
    resource: {
      aws_sqs_queue: {
        ...Object.fromEntries(queues),
        payments_queue_0: { name: 'queue-${var.environment}', url: '${var.url}', ...fields },
      },
    },
  };
}

/** A user's: with cdktf's own ids, and metadata of its own. */
function users(fields: object = {}): StackJson {
  const queues = Array.from(
    { length: 12 },
    (_, index) => [`payments_queue_${index}_0123ABCD`, { '//': { uniqueId: 'x' }, name: `queue-${index}` }] as const,
  );
  return {
    resource: {
      aws_sqs_queue: {
        ...Object.fromEntries(queues),
        payments_queue_0_0123ABCD: { name: 'queue-dev', url: GIVEN.url, ...fields },
      },
    },
  };
}

test('stacks with the values of the variables are the same, with any suffixes of ids', () => {
  expect(assertSameStack(users(), own(), GIVEN)).toBe(
    "12 blocks as in the project's own stack, 12 of them argument by argument",
  );
});

describe('a known difference', () => {
  const region = { own: 'data.aws_region.current.name', users: 'data.aws_region.current.region', because: 'renamed' };
  const inRegion = (attribute: string) => ({ region: `\${data.aws_region.current.${attribute}}` });

  test('is none', () => {
    expect(assertSameStack(users(inRegion('region')), own(inRegion('name')), GIVEN, [region])).toMatch(/^12 blocks/);
  });

  test('has to be there', () => {
    expect(() => assertSameStack(users(inRegion('name')), own(inRegion('name')), GIVEN, [region])).toThrow(
      /payments_queue_0[^]*current\.name/,
    );
    expect(() => assertSameStack(users(), own(), GIVEN, [region])).toThrow('the own stack has no data.aws_region');
  });
});

test('a value computed with a variable is compared by its address', () => {
  expect(assertSameStack(users({ seconds: 86_400 }), own({ seconds: '${var.days * 86400}' }), GIVEN)).toMatch(
    /^12 blocks.* 11 of them/,
  );
});

test.each<[what: string, user: StackJson, sentence: RegExp]>([
  [
    'another argument',
    users({ url: 'http://other.example' }),
    /payments_queue_0[^]*\+ +url: 'http:\/\/other\.example'/,
  ],
  ['an argument more', users({ fifo: true }), /payments_queue_0[^]*\+ +fifo: true/],
  ['a resource less', { resource: {} }, /- +'aws_sqs_queue\.payments_queue_0'/],
  ['an output more', { ...users(), output: { more: { value: 1 } } }, /\+ +'output\.more'/],
])('%s is told', (_what, user, sentence) => {
  expect(() => assertSameStack(user, own(), GIVEN)).toThrow(sentence);
});

test('a stack of which hardly anything can be compared is refused', () => {
  const computed: StackJson = { resource: { aws_sqs_queue: { payments_queue: { seconds: '${var.days * 86400}' } } } };
  expect(() =>
    assertSameStack({ resource: { aws_sqs_queue: { payments_queue: { seconds: 1 } } } }, computed, {}),
  ).toThrow('1 of 1 blocks could not be compared');
});

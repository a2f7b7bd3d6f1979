import fc from 'fast-check';
import { type RetryState, retryDelaySeconds } from '../../../src/processor/core/retry-delay';

const WAITS = [20, 1_860] as const;
const ALMOST_ONE = 0.999;
/** The longest time for which SQS hides a message, less Lambda's longest run. */
const LONGEST = 42_300;

/** The shortest and the longest wait. */
function range(state: Partial<RetryState>, waits: readonly [number, number] = WAITS): [number, number] {
  const all = { receiveCount: 1, maxReceiveCount: 3, circuitOpen: false, apiIsWell: false, ...state };
  return [retryDelaySeconds(all, waits, () => 0), retryDelaySeconds(all, waits, () => ALMOST_ONE)];
}

describe.each<[string, Partial<RetryState>, Record<string, [number, number]>]>([
  [
    'first receive of three',
    { receiveCount: 1 },
    { usual: [5, 20], circuitOpen: [300, 300], apiIsWell: [5, 20], both: [300, 300] },
  ],
  [
    'last but one',
    { receiveCount: 2 },
    { usual: [1_860, 2_046], circuitOpen: [1_860, 2_046], apiIsWell: [5, 20], both: [5, 20] },
  ],
  [
    'last receive, without a call',
    { receiveCount: 3 },
    { usual: [5, 20], circuitOpen: [300, 300], apiIsWell: [5, 20], both: [300, 300] },
  ],
  [
    'beyond the last',
    { receiveCount: 9 },
    { usual: [5, 20], circuitOpen: [300, 300], apiIsWell: [5, 20], both: [300, 300] },
  ],
  [
    'second of five',
    { receiveCount: 2, maxReceiveCount: 5 },
    { usual: [5, 20], circuitOpen: [300, 300], apiIsWell: [5, 20], both: [300, 300] },
  ],
  [
    'first of two',
    { maxReceiveCount: 2 },
    { usual: [1_860, 2_046], circuitOpen: [1_860, 2_046], apiIsWell: [5, 20], both: [5, 20] },
  ],
])('%s', (_name, state, expected) => {
  const states = {
    usual: {},
    circuitOpen: { circuitOpen: true },
    apiIsWell: { apiIsWell: true },
    both: { circuitOpen: true, apiIsWell: true },
  };

  test.each(Object.entries(states))('%s', (name, extra) => {
    expect(range({ ...state, ...extra })).toEqual(expected[name]);
  });
});

test('the retry delay before the last receive outlives an outage of half an hour', () => {
  expect(range({ receiveCount: 2 })[0]).toBeGreaterThan(30 * 60);
});

describe('Retry-After', () => {
  test.each([
    [{ receiveCount: 1 }, 90, [90, 90]],
    [{ receiveCount: 1 }, 10, [10, 20]],
    [{ receiveCount: 1 }, 0, [5, 20]],
    [{ receiveCount: 1, circuitOpen: true }, 90, [300, 300]],
    [{ receiveCount: 2 }, 90, [1_860, 2_046]],
    [{ receiveCount: 2 }, 3_600, [3_600, 3_600]],
    [{ receiveCount: 2, apiIsWell: true }, 90, [90, 90]],
    [{ receiveCount: 1 }, 1e9, [42_300, 42_300]],
    [{ receiveCount: 1 }, Infinity, [42_300, 42_300]],
  ])('%j: %d s make the wait %j', (state, retryAfterSeconds, expected) => {
    expect(range({ ...state, retryAfterSeconds })).toEqual(expected);
  });
});

test('the retry delays can be set, also that of an open circuit', () => {
  expect(range({ receiveCount: 1 }, [4, 6])).toEqual([1, 4]);
  expect(range({ receiveCount: 2 }, [4, 6])).toEqual([6, 7]);
  expect(range({ receiveCount: 1, circuitOpen: true }, [4, 6])).toEqual([6, 7]);
  expect(range({ receiveCount: 1 }, [0, 0])).toEqual([0, 0]);
});

const seconds = fc.integer({ min: 0, max: 43_200 });
const states = fc.record({
  receiveCount: fc.integer({ min: 1, max: 2_000 }),
  maxReceiveCount: fc.integer({ min: 1, max: 1_000 }),
  circuitOpen: fc.boolean(),
  apiIsWell: fc.boolean(),
  retryAfterSeconds: fc.oneof(fc.constant(undefined), fc.double({ min: 0, noNaN: true })),
});
const lastButOne = states.map((state) => ({ ...state, receiveCount: state.maxReceiveCount - 1, apiIsWell: false }));
const chances = fc.double({ min: 0, max: ALMOST_ONE, noNaN: true });

test('in any state, SQS accepts the retry delay: a whole number of seconds, at most twelve hours less the time that Lambda may have used', () => {
  fc.assert(
    fc.property(states, fc.tuple(seconds, seconds), chances, (state, waits, chance) => {
      const wait = retryDelaySeconds(state, waits, () => chance);
      expect(Number.isInteger(wait)).toBe(true);
      expect(wait).toBeGreaterThanOrEqual(Math.min(state.retryAfterSeconds ?? 0, LONGEST));
      expect(wait).toBeLessThanOrEqual(LONGEST);
    }),
  );
});

test('in any state, the retry delay before the last receive is as long as was set, and as the API asks for', () => {
  fc.assert(
    fc.property(lastButOne, fc.tuple(seconds, seconds), chances, (state, [short, long], chance) => {
      const wait = retryDelaySeconds(state, [short, long], () => chance);
      expect(wait).toBeGreaterThanOrEqual(Math.min(LONGEST, Math.max(long, state.retryAfterSeconds ?? 0)));
      expect(retryDelaySeconds(state, WAITS, () => chance)).toBeGreaterThanOrEqual(1_860);
    }),
  );
});

test('any other retry delay is a part of the short one, or the 300 s of an open circuit, unless the API asks for more', () => {
  const others = states.filter(
    ({ receiveCount, maxReceiveCount, apiIsWell }) => apiIsWell || receiveCount !== maxReceiveCount - 1,
  );
  fc.assert(
    fc.property(others, fc.tuple(seconds, seconds), chances, (state, [short, long], chance) => {
      const wait = retryDelaySeconds({ ...state, retryAfterSeconds: undefined }, [short, long], () => chance);
      const lastButOneToo = state.receiveCount === state.maxReceiveCount - 1;
      const most = state.circuitOpen && !lastButOneToo ? Math.min(300, Math.ceil(long * 1.1)) : short;
      expect(wait).toBeLessThanOrEqual(Math.min(LONGEST, most));
      expect(wait).toBeGreaterThanOrEqual(Math.min(LONGEST, most / 4));
    }),
  );
});

test('the random number decides within the bounds: the larger, the longer the retry delay', () => {
  fc.assert(
    fc.property(fc.oneof(states, lastButOne), chances, chances, (state, one, other) => {
      const [less, more] = [one, other]
        .sort((a, b) => a - b)
        .map((chance) => retryDelaySeconds(state, WAITS, () => chance));
      expect(less).toBeLessThanOrEqual(more!);
    }),
  );
});

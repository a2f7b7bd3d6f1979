import { adviceFor } from '../../../src/ops/verify/concurrency';

// https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html: "You can reserve up to the Unreserved account
// concurrency value minus 100." https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html: new AWS accounts have less than 1,000.
describe('what to set', () => {
  const advice = (maxConcurrency: number, reserveConcurrency: boolean, unreserved: number, reserved = 0) => {
    const settings = { maxConcurrency, reserveConcurrency, reserved };
    const found = adviceFor('eu-west-1', settings, { total: unreserved + reserved, unreserved });
    return found && `${found.found}: ${found.whatToDo}`;
  };

  test.each([
    [50, true, 150, 0],
    [50, true, 100, 50], // its own reservation
    [50, false, 51, 0],
    [9, false, 10, 0],
  ])('max_concurrency %d, reserved: %s, %d unreserved and %d its own: nothing', (...settings) => {
    expect(advice(...settings)).toBeUndefined();
  });

  test.each([
    [
      50,
      true,
      10,
      0,
      /is 10, .*refuses to reserve max_concurrency = 50: set reserve_concurrency = false and max_concurrency = 9, or raise/,
    ],
    [
      50,
      true,
      149,
      0,
      /: set max_concurrency = 49, or set reserve_concurrency = false and max_concurrency = 50, or raise/,
    ],
    [60, true, 100, 50, /leave 150\..*: set max_concurrency = 50, or/],
    [50, false, 10, 0, /throttles batches, and their payments lose receives: set max_concurrency = 9, or raise/],
    [50, false, 2, 0, /: set max_concurrency = 2, /],
  ] as const)(
    'max_concurrency %d, reserved: %s, %d unreserved and %d its own',
    (max, reserve, unreserved, own, sentence) => {
      expect(advice(max, reserve, unreserved, own)).toMatch(sentence);
    },
  );
});

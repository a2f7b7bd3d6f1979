import { evaluateMath, type Series } from '../../../../tools/kit/cloudwatch/metric-math';

const MINUTE = 60_000;

/** A value for each minute; `undefined` where there is none. */
type Row = readonly (number | undefined)[];

function seriesOf(row: Row): Series {
  return new Map(row.flatMap((value, index) => (value === undefined ? [] : [[index * MINUTE, value]])));
}

function evaluated(expression: string, rows: Readonly<Record<string, Row>>): Row {
  const length = Math.max(...Object.values(rows).map((row) => row.length));
  const series = evaluateMath(expression, {
    seriesOf: (id) => (rows[id] === undefined ? undefined : seriesOf(rows[id])),
    metricIds: Object.keys(rows),
    period: 60,
    range: { from: 0, to: length * MINUTE },
  });
  return Array.from({ length }, (_, index) => series.get(index * MINUTE));
}

const _ = undefined;

describe('the examples of https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html', () => {
  const compared = { metric1: [30, 20, 0, 0], metric2: [20, _, 20, _] };
  const chosen = { metric1: [1, 1, 0, 0, _], metric2: [30, _, 0, 0, 30], metric3: [0, 0, 20, _, 20] };
  test.each<[expression: string, rows: Readonly<Record<string, Row>>, result: Row]>([
    ['metric1 < metric2', compared, [0, 0, 1, 0]],
    ['metric1 >= 30', compared, [1, 0, 0, 0]],
    ['metric1 > 15 AND metric2 > 15', compared, [1, 0, 0, 0]],
    ['IF(metric1, metric2, metric3)', chosen, [30, 0, 20, _, _]],
    ['IF(metric1, 5, metric3)', chosen, [5, 5, 20, _, _]],
    ['IF(metric1, metric2, 5)', chosen, [30, 0, 5, 5, _]],
    ['IF(metric1, metric2)', chosen, [30, 0, _, _, _]],
  ])('%s', (expression, rows, result) => {
    expect(evaluated(expression, rows)).toEqual(result);
  });
});

test.each<[expression: string, rows: Readonly<Record<string, Row>>, result: Row]>([
  ['a + b', { a: [1, _, 3], b: [10, 20, _] }, [11, 20, 3]],
  ['a / b', { a: [6, 6], b: [3, 0] }, [2, _]],
  ['-a * 2 ^ 3', { a: [1, 2] }, [-8, -16]],
  ['2 + 3 * a', { a: [1, 2] }, [5, 8]],
  ['a != 1 || b == 2', { a: [1, 2, 1], b: [2, 2, 3] }, [1, 1, 0]],
  ['a > 0 && b <= 2 OR a < 0', { a: [1, 1, -1], b: [2, 3, 3] }, [1, 0, 1]],
  ['FILL(a, 7)', { a: [_, 1, _] }, [7, 1, 7]],
  ['FILL(a, REPEAT)', { a: [_, 1, _, _, 2] }, [_, 1, 1, 1, 2]],
  ['FILL(a, b)', { a: [_, 1, _], b: [5, 6, _] }, [5, 1, _]],
  ['SUM(FILL(METRICS(), 1))', { a: [1, _], b: [_, 2] }, [2, 3]],
  ['SUM(METRICS("err"))', { err1: [1, _], err2: [2, 4], other: [100, 100] }, [3, 4]],
  ['AVG([a, b])', { a: [2, 2], b: [4, _] }, [3, 1]],
  ['a - MIN(a)', { a: [5, 3, 9] }, [2, 0, 6]],
  ['MAX([a, b, 2])', { a: [1, 5], b: [3, _] }, [3, 5]],
  ['TIME_SERIES(MAX(a))', { a: [_, 4, 2] }, [4, 4, 4]],
  ['DIFF(a)', { a: [1, 4, _, 10] }, [_, 3, _, 6]],
  ['DIFF_TIME(a)', { a: [1, 4, _, 10] }, [_, 60, _, 120]],
  ['RATE(a)', { a: [0, 60, _, 180] }, [_, 1, _, 1]],
  ['ABS(FLOOR(a)) + CEIL(a)', { a: [-1.5, 1.5] }, [1, 3]],
  ['a / PERIOD(a)', { a: [120] }, [2]],
])('%s', (expression, rows, result) => {
  expect(evaluated(expression, rows)).toEqual(result);
});

test.each([
  ['SEARCH(a)', 'SEARCH()'],
  ['a % 2', '%'],
  ['FILL(a, LINEAR)', 'LINEAR'],
  ['b + 1', 'b'],
  ['AVG(a)', "isn't one time series"],
  ['[a, a]', "isn't one time series"],
  ['!a', '!'],
  ['a.b', 'MemberExpression'],
])('what it does not know is an error, no value: %s', (expression, words) => {
  expect(() => evaluated(expression, { a: [1] })).toThrow(words);
});

import { evaluate, type EvaluationRule } from '../../../../tools/kit/cloudwatch/alarm-evaluation';

/** `0` doesn't breach, `X` does, `-` is missing; the oldest is first. */
function slots(row: string): (boolean | undefined)[] {
  return row.split(' ').map((slot) => (slot === '-' ? undefined : slot === 'X'));
}

const treatments = ['missing', 'ignore', 'breaching', 'notBreaching'] as const;
const states = { OK: 'OK', ALARM: 'ALARM', none: 'INSUFFICIENT_DATA', same: undefined } as const;
type Expected = keyof typeof states;

/** The tables of https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html */
describe.each<[what: string, m: number, rows: [row: string, ...states: [Expected, Expected, Expected, Expected]][]]>([
  [
    'three of three',
    3,
    [
      ['0 - X - X', 'OK', 'OK', 'OK', 'OK'],
      ['0 - - - -', 'OK', 'OK', 'OK', 'OK'],
      ['- - - - -', 'none', 'same', 'ALARM', 'OK'],
      ['0 X X - X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
      ['- - - - X', 'none', 'same', 'ALARM', 'OK'],
      ['X - - - -', 'ALARM', 'same', 'ALARM', 'OK'],
    ],
  ],
  [
    'two of three',
    2,
    [
      ['0 - X - X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
      ['0 0 X 0 X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
      ['0 - X - -', 'OK', 'OK', 'ALARM', 'OK'],
      ['- - - - 0', 'OK', 'OK', 'ALARM', 'OK'],
      ['- - - - X', 'none', 'same', 'ALARM', 'OK'],
    ],
  ],
])('%s', (_what, datapointsToAlarm, rows) => {
  test.each(rows)('%s', (row, ...expected) => {
    treatments.forEach((treatMissingData, index) => {
      const rule: EvaluationRule = { evaluationPeriods: 3, datapointsToAlarm, treatMissingData };
      expect([treatMissingData, evaluate(slots(row), rule).state]).toEqual([
        treatMissingData,
        states[expected[index]!],
      ]);
    });
  });
});

test('the most recent data points count, as many as there are evaluation periods', () => {
  const rule: EvaluationRule = { evaluationPeriods: 2, datapointsToAlarm: 2, treatMissingData: 'missing' };
  expect(evaluate(slots('X X 0 -'), rule)).toEqual({ state: 'OK', counted: [1, 2] });
});

/** CloudWatch's states of an alarm. */
export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

export interface EvaluationRule {
  /** Data points that count: N. */
  readonly evaluationPeriods: number;
  /** How many of them have to breach: M. */
  readonly datapointsToAlarm: number;
  readonly treatMissingData: 'missing' | 'ignore' | 'breaching' | 'notBreaching';
}

/** What of the data decided the state. */
export interface Evaluation {
  /** Undefined: the state stays as it is. */
  readonly state: AlarmState | undefined;
  /** Indexes of the data points that counted, the oldest first. */
  readonly counted: readonly number[];
}

/**
 * "CloudWatch attempts to retrieve a higher number of data points than the number specified as Evaluation Periods", five for three
 * in the examples: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
 */
export const EXTRA_PERIODS = 2;

/**
 * Judges the data points of an evaluation range by the rules of that page.
 * @param breaching whether each data point breaches, the oldest first; undefined for a missing one
 */
export function evaluate(breaching: readonly (boolean | undefined)[], rule: EvaluationRule): Evaluation {
  const { evaluationPeriods, datapointsToAlarm, treatMissingData } = rule;
  const existing = breaching.flatMap((breaches, index) => (breaches === undefined ? [] : [index]));
  const counted = existing.slice(-evaluationPeriods);
  const breaches = counted.filter((index) => breaching[index]).length;
  const missing = evaluationPeriods - counted.length;
  const filled = breaches + (treatMissingData === 'breaching' ? missing : 0);
  if (filled >= datapointsToAlarm) return { state: 'ALARM', counted };
  if (
    breaches < counted.length ||
    missing === 0 ||
    treatMissingData === 'breaching' ||
    treatMissingData === 'notBreaching'
  )
    return { state: 'OK', counted };
  if (treatMissingData === 'ignore') return { state: undefined, counted };
  // All that exist breach, and are too few: only an old breach with nothing better since is an alarm.
  const age = breaching.length - (counted[0] ?? Infinity);
  return { state: age >= datapointsToAlarm ? 'ALARM' : 'INSUFFICIENT_DATA', counted };
}

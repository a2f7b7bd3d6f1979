import { pluralize } from '../../../src/cli/pluralize';
import type { AlarmDefinition } from './alarm-definition';
import type { AlarmState } from './alarm-evaluation';
import type { DataPoint } from './metric-store';

/** A change of an alarm's state. */
export interface Transition {
  /** Pipeline time. */
  readonly at: number;
  readonly from: AlarmState;
  readonly to: AlarmState;
  readonly reason: string;
}

/** An email of an alarm's topic. */
export interface AlarmMail {
  readonly subject: string;
  readonly body: string;
}

const COMPARISON_WORDS = {
  GreaterThanThreshold: 'greater than',
  GreaterThanOrEqualToThreshold: 'greater than or equal to',
  LessThanThreshold: 'less than',
  LessThanOrEqualToThreshold: 'less than or equal to',
} as const satisfies Record<AlarmDefinition['comparison'], string>;

/** Says in CloudWatch's words which data points decided the state. @param deciding the oldest first */
export function reasonOf(definition: AlarmDefinition, to: AlarmState, deciding: readonly DataPoint[]): string {
  const { comparison, threshold, evaluationPeriods, datapointsToAlarm, treatMissingData } = definition;
  if (deciding.length === 0) {
    const periods = pluralize(evaluationPeriods, 'period');
    const treatment = treatMissingData.replace(/^not/, 'Non').replace(/^[a-z]/, (letter) => letter.toUpperCase());
    return `Threshold Crossed: no datapoints were received for ${periods} and missing datapoints were treated as [${treatment}].`;
  }
  const shown = deciding.toReversed().map(({ at, value }) => `${decimal(value)} (${shortTime(at)})`);
  const is = `${deciding.length === 1 ? 'was' : 'were'}${to === 'OK' ? ' not' : ''} ${COMPARISON_WORDS[comparison]}`;
  const minimum = to === 'OK' ? evaluationPeriods - datapointsToAlarm + 1 : datapointsToAlarm;
  const transition = to === 'OK' ? 'ALARM -> OK' : 'OK -> ALARM';
  return (
    `Threshold Crossed: ${deciding.length} out of the last ${evaluationPeriods} datapoints [${shown.join(', ')}] ` +
    `${is} the threshold (${decimal(threshold)}) (minimum ${pluralize(minimum, 'datapoint')} for ${transition} transition).`
  );
}

/** The email that SNS makes of the change. The description has the first command, and the path of the runbook. */
export function mailOf(
  { arn, name, description, period, evaluationPeriods, datapointsToAlarm, comparison, threshold }: AlarmDefinition,
  { at, from, to, reason }: Transition,
): AlarmMail {
  const region = arn.split(':')[3]!;
  const time = new Date(at).toUTCString().replace('GMT', 'UTC');
  const rule =
    `The alarm is in the ALARM state when the metric is ${comparison} ${decimal(threshold)} for at least ${datapointsToAlarm} ` +
    `of the last ${evaluationPeriods} period(s) of ${period} seconds.`;
  return {
    subject: `${to}: "${name}" in ${region}`,
    body: [
      `You are receiving this email because your Amazon CloudWatch Alarm "${name}" in the ${region} region has entered the ${to} state, because "${reason}" at "${time}".`,
      '',
      'Alarm Details:',
      `- Name: ${name}`,
      `- Description: ${description}`,
      `- State Change: ${from} -> ${to}`,
      `- Reason for State Change: ${reason}`,
      `- Timestamp: ${time}`,
      `- Alarm Arn: ${arn}`,
      '',
      'Threshold:',
      `- ${rule}`,
    ].join('\n'),
  };
}

/** CloudWatch writes `5.0`. */
function decimal(value: number): string {
  return Number.isInteger(value) ? value.toFixed(1) : String(value);
}

/** Such as `28/11/26 17:45:00`. */
function shortTime(at: number): string {
  const [date, time] = new Date(at).toISOString().split(/[T.]/);
  return `${date!.slice(2).split('-').toReversed().join('/')} ${time}`;
}

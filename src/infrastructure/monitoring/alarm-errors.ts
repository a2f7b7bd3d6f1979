import { Token } from 'cdktf';
import { PROPS } from '../prop-definitions';
import { type Rule, wholeNumber } from '../prop-rules';
import { badValues, definedOf, type PropError, unknownProps } from '../prop-table';
import type { AlarmOverrides, Settings } from '../props';
import { type AlarmDefinition, alarmSettings } from './alarm';
import { ALARMS, alarmsOf } from './monitoring';
import { OUTAGE_ALARM } from './outage-alarm';

const MINUTE = 60;
const HOUR = 3_600;
/** Seconds of all evaluation periods: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html, `Period`. */
const LONGEST_EVALUATION = { ofShortPeriods: 86_400, ofHoursOrMore: 604_800 };

/** How many purposes an error names beside an unknown one. */
const SUGGESTIONS = 3;

/** Errors in the prop `alarms`. A value that only Terraform knows is not checked. */
export function alarmErrors(settings: Settings): PropError[] {
  const { alarms } = settings;
  if (!PROPS.alarms.rule.allows(alarms)) return []; // its rule reports that
  const errors = Object.entries(alarms).flatMap(([purpose, value]) => errorsOf(purpose, value, settings));
  const isOn = alarmsOf(settings);
  const must = 'leave on an alarm that';
  if (isOn.length === 0)
    errors.push({ prop: 'alarms', value: alarms, must: `${must} the dashboard and the topic's policy can name` });
  else if (alarms[OUTAGE_ALARM.purpose] === true && isOn.every(({ inOutage }) => inOutage !== 'symptom'))
    errors.push({ prop: 'alarms', value: alarms, must: `${must} ${OUTAGE_ALARM.purpose} can follow` });
  return errors;
}

function errorsOf(purpose: string, value: unknown, settings: Settings): PropError[] {
  const prop = `alarms['${purpose}']`;
  const definition = ALARMS.find((alarm) => alarm.purpose === purpose);
  if (definition === undefined && purpose !== OUTAGE_ALARM.purpose)
    return [{ prop, value, must: `be left out: no alarm has this purpose. The nearest are ${nearest(purpose)}` }];
  if (typeof value === 'boolean' || value === undefined) return [];
  if (definition === undefined) return [{ prop, value, must: 'be true or false' }];
  if (typeof value !== 'object' || value === null || Token.isUnresolved(value))
    return [{ prop, value, must: 'be true, false or an object, which the synthesis can read' }];
  if (definition.isNeeded?.(settings) === false)
    return [{ prop, value, must: 'be left out: the pipeline has no such alarm with its other props' }];
  return overrideErrors(definition, value).map((error) => ({ ...error, prop: `${prop}.${error.prop}` }));
}

function overrideErrors(definition: AlarmDefinition, overrides: AlarmOverrides): PropError[] {
  const { period, evaluationPeriods } = alarmSettings(definition, overrides);
  const rules = rulesOf(definition, evaluationPeriods);
  const errors = [
    ...badValues(rules, definedOf(overrides)),
    ...unknownProps(rules, overrides, () => `an alarm has ${Object.keys(rules).join(', ')}`),
  ];
  const longest = period < HOUR ? LONGEST_EVALUATION.ofShortPeriods : LONGEST_EVALUATION.ofHoursOrMore;
  const isKnown = !Token.isUnresolved(period) && !Token.isUnresolved(evaluationPeriods);
  if (errors.length > 0 || !isKnown || period * evaluationPeriods <= longest) return errors;
  const must = `be at most ${Math.floor(longest / period)} with a period of ${period} s: CloudWatch looks back ${longest} s`;
  return [{ prop: 'evaluationPeriods', value: evaluationPeriods, must }];
}

function rulesOf(
  { percentOf, shortestPeriod = MINUTE }: AlarmDefinition,
  evaluationPeriods: number,
): Readonly<Record<keyof AlarmOverrides, { readonly rule: Rule }>> {
  const highest = percentOf === undefined ? Number.MAX_VALUE : 100;
  const periods = wholeNumber('of periods', 1, LONGEST_EVALUATION.ofShortPeriods / MINUTE);
  return {
    threshold: {
      rule: {
        allows: (value) => typeof value === 'number' && value >= 0 && value <= highest,
        wanted: percentOf === undefined ? 'a number from 0' : `a percentage of ${percentOf.prop}, 0 to 100`,
      },
    },
    period: {
      rule: {
        allows: (value) => Number.isInteger(value) && Number(value) % MINUTE === 0 && Number(value) >= shortestPeriod,
        wanted: `a multiple of ${MINUTE} s from ${shortestPeriod}`,
      },
    },
    evaluationPeriods: { rule: periods },
    datapointsToAlarm: {
      rule: Token.isUnresolved(evaluationPeriods)
        ? periods
        : wholeNumber('of periods', 1, evaluationPeriods, 'evaluationPeriods'),
    },
  };
}

/** The purposes that have the most pairs of letters in common with a text. */
function nearest(text: string): string {
  const pairs = (of: string) => Array.from(of, (letter, index) => letter + (of[index + 1] ?? ''));
  const wanted = new Set(pairs(text));
  const likeness = (purpose: string) => pairs(purpose).filter((pair) => wanted.has(pair)).length / purpose.length;
  return [...ALARMS, OUTAGE_ALARM]
    .map(({ purpose }) => purpose)
    .sort((one, other) => likeness(other) - likeness(one))
    .slice(0, SUGGESTIONS)
    .join(', ');
}

import { table } from '../generated';
import { LONGEST_RETRY_AFTER_SECONDS } from '../../../src/processor/adapters/http-answer';
import { outageTolerance, paymentsBeforeRetention, type QueueSettings, slowestTurn } from './tolerance';

/** Other likely values of `maxReceiveCount`. */
const OTHER_RECEIVE_COUNTS = [2, 5, 10];

/** The figures of docs/explanation/outages.md. */
export function figures(settings: QueueSettings): string {
  const { maxReceiveCount, retention, visibilityTimeout } = settings;
  const honored = LONGEST_RETRY_AFTER_SECONDS;
  return [
    tolerances(settings),
    '',
    `Other values of \`maxReceiveCount\` (here ${maxReceiveCount}), for a payment that was not received yet:`,
    '',
    otherReceiveCounts(settings),
    '',
    'When no receive succeeds:',
    '',
    table(
      ['', 'usual retry delays', `\`Retry-After\` of ${time(honored)}, the longest that counts`],
      [
        [
          'ten payments of an account reach the dead-letter queue within',
          time(slowestTurn(settings)),
          time(slowestTurn(settings, honored)),
        ],
        [
          `payments of one account that have their turn before the queue's retention of ${time(retention)} ends`,
          count(paymentsBeforeRetention(settings)),
          count(paymentsBeforeRetention(settings, honored)),
        ],
      ],
    ),
    '',
    `If a retry delay could not be set, for example after a crash, the message returns after the visibility timeout: ${time(visibilityTimeout)}.`,
  ].join('\n');
}

function tolerances(settings: QueueSettings): string {
  const rows = Array.from({ length: settings.maxReceiveCount }, (_, at) => settings.maxReceiveCount - at).map(
    (left) => [
      String(left),
      left === settings.maxReceiveCount
        ? 'not received yet'
        : `received ${left === settings.maxReceiveCount - 1 ? 'once' : `${settings.maxReceiveCount - left} times`}`,
      time(outageTolerance(left, false, settings)),
      time(outageTolerance(left, true, settings)),
    ],
  );
  return table(['receives left', 'so far', 'survives at least', 'while the circuit is open'], rows);
}

function otherReceiveCounts(settings: QueueSettings): string {
  const rows = [...OTHER_RECEIVE_COUNTS, settings.maxReceiveCount]
    .sort((a, b) => a - b)
    .map((maxReceiveCount) => {
      const tolerance = (circuitOpen: boolean) =>
        time(outageTolerance(maxReceiveCount, circuitOpen, { ...settings, maxReceiveCount }));
      return [String(maxReceiveCount), tolerance(false), tolerance(true)];
    });
  return table(['maxReceiveCount', 'survives at least', 'while the circuit is open'], rows);
}

const UNITS: readonly [string, number][] = [
  ['d', 86_400],
  ['h', 3_600],
  ['min', 60],
  ['s', 1],
];

/** The duration in whole days, hours, minutes and seconds. */
function time(seconds: number): string {
  if (seconds === 0) return 'nothing';
  let rest = seconds;
  const parts = UNITS.flatMap(([name, length]) => {
    const whole = Math.floor(rest / length);
    rest -= whole * length;
    return whole === 0 ? [] : [`${whole} ${name}`];
  });
  return parts.join(' ');
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}

import { table } from '../generated';
import { LONGEST_RETRY_AFTER_SECONDS } from '../../../src/processor/adapters/http-answer';
import { outageTolerance, paymentsBeforeRetention, type QueueSettings, slowestTurn } from './tolerance';

/** Other likely values of `maxReceiveCount`. */
const OTHER_RECEIVE_COUNTS = [2, 5, 10];

/** The figures of docs/outages.md. */
export function figures(settings: QueueSettings): string {
  const { maxReceiveCount, retention, visibilityTimeout } = settings;
  return [
    tolerances(settings),
    '',
    `What the construct's \`maxReceiveCount\` (here ${maxReceiveCount}) does to a payment that was not received yet:`,
    '',
    otherReceiveCounts(settings),
    '',
    `When no receive succeeds, ten payments of an account take ${time(slowestTurn(settings))} at most until they are in the dead-letter`,
    `queue, and the next ten have their turn. The payment queue keeps a message for ${time(retention)}: time for ${count(paymentsBeforeRetention(settings))}`,
    `payments of one account. If the API asks by \`Retry-After\` for ${time(LONGEST_RETRY_AFTER_SECONDS)}, the longest wait that is honoured, ten payments`,
    `take ${time(slowestTurn(settings, LONGEST_RETRY_AFTER_SECONDS))}, and there is time for ${count(paymentsBeforeRetention(settings, LONGEST_RETRY_AFTER_SECONDS))}. A retry delay that could not be set, as after a crash,`,
    `is the visibility timeout: ${time(visibilityTimeout)}.`,
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
  return table(['receives left', 'so far', 'survives for sure', 'when the circuit is open'], rows);
}

function otherReceiveCounts(settings: QueueSettings): string {
  const rows = [...OTHER_RECEIVE_COUNTS, settings.maxReceiveCount]
    .sort((a, b) => a - b)
    .map((maxReceiveCount) => {
      const tolerance = (circuitOpen: boolean) =>
        time(outageTolerance(maxReceiveCount, circuitOpen, { ...settings, maxReceiveCount }));
      return [String(maxReceiveCount), tolerance(false), tolerance(true)];
    });
  return table(['maxReceiveCount', 'survives for sure', 'when the circuit is open'], rows);
}

const UNITS: readonly [string, number][] = [
  ['d', 86_400],
  ['h', 3_600],
  ['min', 60],
  ['s', 1],
];

/** In whole days, hours, minutes and seconds. */
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

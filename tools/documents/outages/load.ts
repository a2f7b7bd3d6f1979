import { IN_FLIGHT_LIMIT } from '../../../src/contract';
import { LONGEST_RETRY_AFTER_SECONDS } from '../../../src/processor/adapters/http-answer';
import { loadCore } from '../../simulate/core';
import { inFlightPerEnvironment, longestRetryDelay } from '../../simulate/in-flight-bound';
import { ENVIRONMENTS, type OutageCost, runOutage, WITHOUT_WAIT } from '../../simulate/outage-load';
import { table } from '../generated';

const OUTAGE_MINUTES = [30, 120];

/** The bound of messages in flight, and the `maxConcurrency` that passes AWS's limit. */
export function inFlightBounds(): string {
  const rows = [0, LONGEST_RETRY_AFTER_SECONDS].map((retryAfter) => {
    const each = inFlightPerEnvironment(retryAfter);
    return [
      `${count(longestRetryDelay(retryAfter))} s${retryAfter > 0 ? ', the longest `Retry-After` that counts' : ''}`,
      count(each),
      count(ENVIRONMENTS * each),
      String(Math.ceil(IN_FLIGHT_LIMIT / each)),
    ];
  });
  return table(
    [
      'longest retry delay',
      'in flight per environment',
      `at \`maxConcurrency\` ${ENVIRONMENTS}`,
      'passes 120,000 at `maxConcurrency`',
    ],
    rows,
  );
}

/** Simulated outages, with the wait and without it. */
export async function loadTable(): Promise<string> {
  const rows: string[][] = [];
  for (const minutes of OUTAGE_MINUTES)
    for (const waits of [false, true])
      rows.push(loadRow(minutes, waits, await runOutage(await loadCore(waits ? [] : [WITHOUT_WAIT]), 60 * minutes)));
  const head = ['outage', 'batch at an open circuit', 'most in flight', 'receives', 'calls of the API', 'dead letters'];
  return table([...head, 'first decision after its end', 'last decision'], rows);
}

export function loadRow(minutes: number, waits: boolean, cost: OutageCost): string[] {
  const all = (one: number) => count(ENVIRONMENTS * one);
  return [
    `${minutes} min`,
    waits ? 'waits' : 'returns at once',
    all(cost.mostInFlight),
    all(cost.receives),
    all(cost.calls),
    all(cost.deadLetters),
    `${Math.round(cost.firstDecidedAfter)} s`,
    `${Math.round(cost.lastDecidedAfter / 60)} min`,
  ];
}

function count(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

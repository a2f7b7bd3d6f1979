import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { IN_FLIGHT_LIMIT } from '../../../src/contract';
import { inFlightBounds, loadRow } from '../../../tools/documents/outages/load';
import { inFlightPerEnvironment } from '../../../tools/simulate/in-flight-bound';
import { loadCore } from '../../../tools/simulate/core';
import { ENVIRONMENTS, type OutageCost, runOutage, WITHOUT_WAIT } from '../../../tools/simulate/outage-load';

const PAGE = readFileSync(join(__dirname, '../../../docs/explanation/capacity.md'), 'utf8');
const HALF_AN_HOUR = 1_800;
/** Long enough to fill the limit of messages in flight. */
const THREE_MINUTES = 180;
/** A few seconds of CPU time. */
const RUN_MS = 300_000;

let waiting: OutageCost;
let returning: OutageCost;
beforeAll(async () => {
  waiting = await runOutage(await loadCore(), HALF_AN_HOUR);
  returning = await runOutage(await loadCore([WITHOUT_WAIT]), THREE_MINUTES);
}, RUN_MS);

test('1,000 payments a second in an outage of half an hour: messages in flight stay within the stated bound', () => {
  expect(waiting.mostInFlight).toBeLessThanOrEqual(inFlightPerEnvironment());
  expect(waiting.deadLetters).toBe(0);
});

test('after the outage an environment decides within the time of one wait', () => {
  expect(waiting.firstDecidedAfter).toBeLessThan(31);
});

test('a batch that returned at once would fill the limit of messages in flight', () => {
  expect(returning.mostInFlight).toBe(IN_FLIGHT_LIMIT / ENVIRONMENTS);
  expect(returning.receives).toBeGreaterThan(waiting.receives);
});

test('docs/explanation/capacity.md has these figures; `npx projen documents -- in-flight` writes them', () => {
  expect(PAGE).toContain(`\n| ${loadRow(30, true, waiting).join(' | ')} |\n`);
  expect(PAGE).toContain(inFlightBounds());
});

import { IN_FLIGHT_LIMIT } from '../../src/contract';
import { environmentRate, limitsOf, oneAccountRate, planCapacity, recoveryMinutes } from '../capacity/plan';
import { processorMs, waitingMs } from '../cost/duration';
import { batchOf, readUsage } from '../cost/usage';
import { lineChart, type Series } from '../kit/chart';
import { loadCore } from '../simulate/core';
import { inFlightPerEnvironment } from '../simulate/in-flight-bound';
import { type LoadResult, runLoad } from '../simulate/load';
import { table } from './generated';

const DAILY = [1e6, 10e6, 100e6];
const PEAK_FACTOR = 10;
const LATENCY_MS = 50;
const OUTAGE_MINUTES = [5, 30, 120];
/** Length of a simulation, in lengths of its outage: one for the outage, two for the backlog, and a rest. */
const RECOVERY_PARTS = 3.5;
const LATENCIES = [10, 20, 50, 100, 200, 500, 1_000, 2_000];

/** The default settings of a pipeline. */
const DEFAULTS = { maxConcurrency: 50, lambdaMemory: 256 };
const MOST_MEMORY_MB = 1_769;

/** The limits of a pipeline with default settings, in docs/explanation/capacity.md. */
export function limitsTable(): string {
  const one = oneAccountRate(readUsage(), LATENCY_MS, DEFAULTS.lambdaMemory);
  return table(
    ['limit', 'payments a second', 'what moves it'],
    [
      ['one account', count(one), '`lambdaMemory`, the latency of the fraud API'],
      ...limitsOf(DEFAULTS, LATENCY_MS, readUsage()).map(({ name, paymentsPerSecond, lever, source }) => [
        source === undefined ? name : `[${name}](${source})`,
        count(paymentsPerSecond),
        lever,
      ]),
    ],
  );
}

/** What a pipeline with default settings decides, by the latency of the fraud API. */
export function ratesTable(): string {
  const usage = readUsage();
  const all = (latency: number, memoryMb: number) =>
    count(DEFAULTS.maxConcurrency * environmentRate(batchOf(usage.fills, 10), latency, memoryMb));
  return table(
    ['the fraud API answers in', 'payments a second, 256 MB', '1,769 MB: a whole vCPU', 'one account, 256 MB'],
    [50, 200, 1_000, 2_000].map((latency) => [
      latency < 1_000 ? `${latency} ms` : `${latency / 1_000} s`,
      all(latency, DEFAULTS.lambdaMemory),
      all(latency, MOST_MEMORY_MB),
      oneAccountRate(usage, latency, DEFAULTS.lambdaMemory).toFixed(1),
    ]),
  );
}

/** What to set, and what binds, in docs/how-to/plan-capacity.md. */
export function plansTable(): string {
  const plans = DAILY.map((paymentsPerDay) => planOf(paymentsPerDay));
  const row = (name: string, one: (plan: ReturnType<typeof planOf>) => string) => [name, ...plans.map(one)];
  return table(
    ['', ...DAILY.map((payments) => `${payments / 1e6} million a day`)],
    [
      row('payments a second at the peak', ({ peakPerSecond }) => count(peakPerSecond)),
      row('pipelines', ({ pipelines }) => String(pipelines)),
      row('`maxConcurrency` of each', ({ settings }) => String(settings.maxConcurrency)),
      row('`lambdaMemory` of each', ({ settings }) => String(settings.lambdaMemory)),
      row('calls of the fraud API at a time', ({ settings, pipelines }) =>
        count(settings.maxConcurrency * settings.groupConcurrency * pipelines),
      ),
      row('what binds first', ({ limits }) => `${limits[0]!.name}: ${count(limits[0]!.paymentsPerSecond)}/s`),
      row('then', ({ limits }) => `${limits[1]!.name}: ${count(limits[1]!.paymentsPerSecond)}/s`),
      row('to request from AWS', ({ requests }) => requests.join('; ') || 'nothing'),
      ...OUTAGE_MINUTES.map((minutes) =>
        row(
          `after an outage of ${minutes} min at the peak`,
          ({ peakPerSecond, pipelines, limits }) =>
            `${Math.round(recoveryMinutes(minutes, peakPerSecond / pipelines, limits[0]!.paymentsPerSecond))} min`,
        ),
      ),
    ],
  );
}

/** Payments a second by the fraud API's latency, `maxConcurrency`, batches and memory. */
export function throughputChart(): string {
  const { fills } = readUsage();
  const one = (concurrency: number, fill: number, memoryMb: number): Series => ({
    label: `${concurrency} x ${fill}, ${count(memoryMb)} MB`,
    points: LATENCIES.map((latency) => [
      latency,
      concurrency * environmentRate(batchOf(fills, fill), latency, memoryMb),
    ]),
  });
  return lineChart(
    {
      title: 'Payments a second: concurrency x batch, memory',
      x: { label: 'latency of the fraud API, in milliseconds', logarithmic: true },
      y: { label: 'payments a second', logarithmic: true },
    },
    [
      one(50, 1, 256),
      one(50, 5, 256),
      one(50, 10, 256),
      one(50, 10, 1_769),
      one(166, 10, 1_769),
      one(1_000, 10, 1_769),
    ],
  );
}

/** An outage at the peak of ten million payments a day, simulated in one of a pipeline's environments with the planned settings. */
export interface SimulatedOutage extends LoadResult {
  readonly minutes: number;
  readonly environments: number;
}

export async function simulateOutage(minutes: number): Promise<SimulatedOutage> {
  const { peakPerSecond, pipelines, settings } = planOf(10e6);
  const batch = batchOf(readUsage().fills, 10);
  const environments = settings.maxConcurrency;
  const result = await runLoad(await loadCore(), {
    paymentsPerSecond: peakPerSecond / pipelines / environments,
    seconds: 60 * RECOVERY_PARTS * minutes,
    outageSeconds: 60 * minutes,
    latencyMs: waitingMs(batch, LATENCY_MS),
    cpuMs: processorMs(batch, settings.lambdaMemory),
    inFlightLimit: IN_FLIGHT_LIMIT / environments,
    leavesBacklog: true,
  });
  return { ...result, minutes, environments };
}

let simulated: Promise<readonly SimulatedOutage[]> | undefined;

function simulatedOutages(): Promise<readonly SimulatedOutage[]> {
  const all = async () => {
    const outages: SimulatedOutage[] = [];
    for (const minutes of OUTAGE_MINUTES) outages.push(await simulateOutage(minutes));
    return outages;
  };
  return (simulated ??= all());
}

/** Backlogs of one pipeline in and after outages, simulated. */
export async function backlogChart(): Promise<string> {
  const series = (await simulatedOutages()).map(({ minutes, backlog, environments }): Series => ({
    label: `outage of ${minutes} min`,
    points: backlog.map((payments, index) => [index / 2, payments * environments]),
  }));
  return lineChart(
    {
      title: 'Payments in the queue of one pipeline, from the start of an outage',
      x: { label: 'minutes since the outage began' },
      y: { label: 'payments in the queue' },
    },
    series,
  );
}

/** The simulated recovery beside the model's. */
export async function recoveryTable(): Promise<string> {
  return table(
    ['outage at the peak', 'backlog gone after its end, by the model', 'simulated', 'most in flight'],
    (await simulatedOutages()).map(recoveryRow),
  );
}

export function recoveryRow({ minutes, caughtUpAt, mostInFlight, environments }: SimulatedOutage): string[] {
  const { peakPerSecond, pipelines, settings } = planOf(10e6);
  const capacity =
    settings.maxConcurrency * environmentRate(batchOf(readUsage().fills, 10), LATENCY_MS, settings.lambdaMemory);
  return [
    `${minutes} min`,
    `${Math.round(recoveryMinutes(minutes, peakPerSecond / pipelines, capacity))} min`,
    `${Math.round(caughtUpAt / 60 - minutes)} min`,
    count(mostInFlight * environments),
  ];
}

function planOf(paymentsPerDay: number) {
  const demand = { paymentsPerDay, peakFactor: PEAK_FACTOR, fraudLatencyMs: LATENCY_MS };
  return planCapacity(demand, readUsage(), inFlightPerEnvironment());
}

function count(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 0 });
}

import { environmentRate, HEADROOM, planCapacity } from '../../../tools/capacity/plan';
import { processorMs, waitingMs } from '../../../tools/cost/duration';
import { readUsage } from '../../../tools/cost/usage';
import { recoveryRow, simulateOutage } from '../../../tools/documents/capacity';
import { pageText } from '../../../tools/kit/documents';
import { loadCore } from '../../../tools/simulate/core';
import { inFlightPerEnvironment } from '../../../tools/simulate/in-flight-bound';
import { runLoad } from '../../../tools/simulate/load';

const IN_FLIGHT_LIMIT = 2_400;
const RUN_MS = 120_000;
const usage = readUsage();

/** Runs an environment for a minute of virtual time. */
async function run(
  fill: number,
  fraudLatencyMs: number,
  memoryMb: number,
  paymentsPerSecond: number,
  isOneAccount = false,
) {
  const batch = usage.fills.find(({ payments }) => payments === fill)!;
  return await runLoad(await loadCore(), {
    paymentsPerSecond,
    seconds: 60,
    outageSeconds: 0,
    latencyMs: waitingMs(batch, fraudLatencyMs),
    cpuMs: processorMs(batch, memoryMb),
    batchSize: fill,
    inFlightLimit: IN_FLIGHT_LIMIT,
    isOneAccount,
    leavesBacklog: true,
  });
}

test.each([
  [10, 50, 256],
  [10, 50, 1_769],
  [1, 50, 256],
  [5, 1_000, 512],
])(
  'an environment decides as many payments as the model says: batches of %d, %d ms, %d MB',
  async (fill, latency, memory) => {
    const rate = environmentRate(
      usage.fills.find(({ payments }) => payments === fill)!,
      latency,
      memory,
    );
    const { decided } = await run(fill, latency, memory, 2 * rate);
    expect(Math.abs(decided / 60 / rate - 1)).toBeLessThan(0.05);
  },
  RUN_MS,
);

test.each([1e6, 10e6, 100e6])(
  'the plan for %d payments a day holds its peak, and a third of it does not',
  async (paymentsPerDay) => {
    const demand = { paymentsPerDay, peakFactor: 10, fraudLatencyMs: 50 };
    const { peakPerSecond, pipelines, settings, oneAccount } = planCapacity(demand, usage, inFlightPerEnvironment());
    const share = (environments: number) => peakPerSecond / pipelines / environments;
    const holds = await run(10, 50, settings.lambdaMemory, share(settings.maxConcurrency));
    expect(holds.backlog.at(-1)).toBeLessThanOrEqual(2 * 10);
    const tooFew = await run(10, 50, settings.lambdaMemory, share(settings.maxConcurrency / HEADROOM / 2));
    expect(tooFew.backlog.at(-1)).toBeGreaterThan(10 * oneAccount);
  },
  RUN_MS,
);

test(
  'one account decides one payment after the other',
  async () => {
    const { decided } = await run(10, 50, 256, 200, true);
    const { oneAccount } = planCapacity(
      { paymentsPerDay: 1, peakFactor: 1, fraudLatencyMs: 50 },
      usage,
      inFlightPerEnvironment(),
    );
    expect(Math.abs(decided / 60 / oneAccount - 1)).toBeLessThan(0.05);
  },
  RUN_MS,
);

test(
  'docs/explanation/capacity.md has the simulated recovery; `npx projen documents -- capacity-recovery` writes it',
  async () => {
    const row = recoveryRow(await simulateOutage(5));
    expect(pageText('docs/explanation/capacity.md')).toContain(`\n| ${row.join(' | ')} |\n`);
  },
  RUN_MS,
);

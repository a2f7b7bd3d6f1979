import Table from 'cli-table3';
import { InvalidArgumentError } from 'commander';
import { EXIT } from '../../src/cli/command-error';
import { reportOption, wholeNumber, writeReport } from '../../src/cli/options';
import { program, runAsProcess } from '../../src/cli/program';
import { isColoured } from '../../src/cli/terminal';
import { readUsage } from '../cost/usage';
import { inFlightPerEnvironment } from '../simulate/in-flight-bound';
import { planCapacity, type Plan, recoveryMinutes } from './plan';

const OUTAGE_MINUTES = [5, 30, 120];

interface Options {
  readonly paymentsPerDay: number;
  readonly peakFactor: number;
  readonly fraudLatency: number;
  readonly json?: string;
}

export const capacity = program('npx projen capacity', {
  description: [
    'Choose the settings for a number of payments: what to set, what to request from AWS, and what binds.',
    'The figures come from AWS quotas and from what npx projen cost:measure measured. Load-test a pipeline before you rely on them.',
  ],
  exitCodes: { success: 'computed', usageError: 'an option is wrong' },
  examples: [
    'npx projen capacity -- --payments-per-day 10000000',
    'npx projen capacity -- --peak-factor 20 --fraud-latency 400 --json plan.json',
  ],
})
  .option('--payments-per-day <n>', 'payments of an average day', wholeNumber(1, 1e9), 1_000_000)
  .option('--peak-factor <n>', "the busiest second's payments divided by an average second's", atLeastOne, 10)
  .option('--fraud-latency <ms>', 'milliseconds in which the fraud API answers', wholeNumber(1, 60_000), 50)
  .addOption(reportOption())
  .work(({ paymentsPerDay, peakFactor, fraudLatency, json }: Options, { stdout }) => {
    const demand = { paymentsPerDay, peakFactor, fraudLatencyMs: fraudLatency };
    const plan = planCapacity(demand, readUsage(), inFlightPerEnvironment());
    stdout.write(render(plan, isColoured(stdout)));
    writeReport(json, { ...demand, ...plan });
    return EXIT.success;
  });

function atLeastOne(text: string): number {
  const value = Number(text);
  if (text !== '' && value >= 1 && value <= 10_000) return value;
  throw new InvalidArgumentError('It must be a number from 1 to 10000.');
}

function render(plan: Plan, coloured: boolean): string {
  const { settings, pipelines, peakPerSecond, requests, limits } = plan;
  const perPipeline = peakPerSecond / pipelines;
  const style = coloured ? {} : { head: [], border: [] };
  const table = new Table({ head: ['limit of a pipeline', 'payments/s', 'used', 'what moves it'], style });
  for (const { name, paymentsPerSecond, lever } of limits)
    table.push([
      name,
      count(paymentsPerSecond),
      `${Math.round((100 * perPipeline) / paymentsPerSecond)} %`,
      lever.replaceAll('`', ''),
    ]);
  const ceiling = limits[0]!.paymentsPerSecond;
  const recoveries = OUTAGE_MINUTES.map(
    (minutes) => `${minutes} min: ${Math.round(recoveryMinutes(minutes, perPipeline, ceiling))} min`,
  );
  return [
    `${count(peakPerSecond)} payments a second at the peak, in ${pipelines === 1 ? 'one pipeline' : `${pipelines} pipelines, each with its own accounts and environment: ${count(perPipeline)} a second each`}.`,
    `Set in each, or more: maxConcurrency ${settings.maxConcurrency}, groupConcurrency ${settings.groupConcurrency}, lambdaMemory ${settings.lambdaMemory}. The fraud API gets up to ${count(settings.maxConcurrency * settings.groupConcurrency * pipelines)} calls at a time.`,
    ...requests.map((request) => `Request first: ${request}.`),
    `One account: ${count(plan.oneAccount)} payments a second.`,
    `Backlog of an outage at the peak is gone after: ${recoveries.join(', ')}.`,
    table.toString(),
    '',
  ].join('\n');
}

function count(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: value < 100 ? 1 : 0 });
}

if (require.main === module) runAsProcess(capacity);

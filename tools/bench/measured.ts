import { readFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import type { Result } from './comparison';

/** The report of a run that the documentation shows, and that later runs are checked against. `npx projen bench -- --json` writes it. */
export const MEASURED = join(__dirname, 'measured.json');

export interface Report {
  readonly machine: {
    readonly cpu: string;
    readonly cores: number;
    readonly memory_gib: number;
    /** Processes that wanted to run, on average over the last minute; Linux and macOS. More than `cores`: times say little. */
    readonly load: number;
    readonly node: string;
  };
  /** Of the packages that are measured. */
  readonly versions: Readonly<Record<string, string>>;
  readonly rounds: number;
  readonly holds: boolean;
  readonly comparisons: readonly Result[];
}

const PACKAGES = ['@aws-lambda-powertools/batch', '@aws-sdk/client-dynamodb', 'esbuild'];

/** Every payment is the same in each run: nothing is random but the machine. */
export function reportOf(rounds: number, comparisons: readonly Result[]): Report {
  const [cpu] = cpus();
  return {
    machine: {
      cpu: cpu?.model.trim() ?? 'unknown',
      cores: cpus().length,
      memory_gib: Math.round(totalmem() / 2 ** 30),
      load: Math.round(loadavg()[0]!),
      node: process.version,
    },
    versions: Object.fromEntries(PACKAGES.map((name) => [name, versionOf(name)])),
    rounds,
    holds: comparisons.every(({ holds }) => holds),
    comparisons,
  };
}

function versionOf(name: string): string {
  const file = join(__dirname, '../../node_modules', name, 'package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

export function readMeasured(file = MEASURED): Report {
  return JSON.parse(readFileSync(file, 'utf8')) as Report;
}

/** A sentence for each comparison that is worse than any round of the measured run, or that it lacks. */
export function regressions(
  { comparisons }: Pick<Report, 'comparisons'>,
  measured: Pick<Report, 'comparisons'>,
): string[] {
  return comparisons.flatMap(({ name, median }) => {
    const known = measured.comparisons.find((other) => other.name === name);
    if (known === undefined) return [`WORSE: ${name}: it was not measured before. Measure all again.`];
    if (median >= known.lowest) return [];
    return [`WORSE: ${name}: ${median.toFixed(2)}, and no round was below ${known.lowest.toFixed(2)} before.`];
  });
}

/** The machine and the versions, in a line. */
export function machineOf({ machine, versions }: Pick<Report, 'machine' | 'versions'>): string {
  const packages = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return `Node ${machine.node}, ${machine.cores} cores (${machine.cpu}), ${machine.memory_gib} GiB, load ${machine.load}; ${packages.join(', ')}`;
}

import { GetAccountSettingsCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { Connections } from '../../src/ops/connections';
import { credentialsBy } from '../../src/ops/credentials';

const TIMEOUT_MS = 10_000;

/** AWS page "Configuring reserved concurrency for a function": what functions without a reservation keep. */
const ALWAYS_UNRESERVED = 100;

/** Executions that the advice leaves to the DLQ processor. */
const FOR_DLQ_PROCESSOR = 1;

/** The smallest `max_concurrency` of an event source mapping. */
const SMALLEST_MAXIMUM = 2;

export interface ConcurrencySettings {
  readonly maxConcurrency: number;
  readonly reserveConcurrency: boolean;
  /** What the payment processor has reserved already. */
  readonly reserved: number;
}

/** Lambda's quota in an AWS account and region. */
export interface ConcurrencyQuota {
  readonly total: number;
  /** What no function has reserved. */
  readonly unreserved: number;
}

/**
 * Compares the settings with the AWS account's quota.
 * @returns the sentence to show: what to set, or why the quota is unknown; undefined when the settings fit
 */
export async function concurrencyAdvice(region: string, settings: ConcurrencySettings): Promise<string | undefined> {
  try {
    return adviceFor(region, settings, await readQuota(region));
  } catch (error) {
    const { name } = error as Error;
    return `Lambda's concurrency quota is not compared with max_concurrency = ${settings.maxConcurrency}, as lambda:GetAccountSettings fails (${name}).`;
  }
}

/** AWS page "Lambda quotas": 1,000 by default, and less in new AWS accounts. */
export function adviceFor(
  region: string,
  { maxConcurrency, reserveConcurrency, reserved }: ConcurrencySettings,
  { total, unreserved }: ConcurrencyQuota,
): string | undefined {
  const available = unreserved + reserved;
  const reservable = available - ALWAYS_UNRESERVED;
  const runnable = available - FOR_DLQ_PROCESSOR;
  if (maxConcurrency <= (reserveConcurrency ? reservable : runnable)) return undefined;

  const quota = `Lambda's concurrency quota in ${region} is ${total}, of which other functions leave ${available}.`;
  const unreservedInstead = `set reserve_concurrency = false and max_concurrency = ${Math.max(SMALLEST_MAXIMUM, Math.min(maxConcurrency, runnable))}`;
  const raise = 'or raise the quota (docs/how-to/raise-limits.md).';
  if (!reserveConcurrency)
    return `${quota} With max_concurrency = ${maxConcurrency} Lambda throttles batches, and their payments lose receives: set max_concurrency = ${Math.max(SMALLEST_MAXIMUM, runnable)}, ${raise}`;
  const lower = reservable >= SMALLEST_MAXIMUM ? `set max_concurrency = ${reservable}, or ` : '';
  return `${quota} AWS keeps ${ALWAYS_UNRESERVED} unreserved, and refuses to reserve max_concurrency = ${maxConcurrency}: ${lower}${unreservedInstead}, ${raise}`;
}

async function readQuota(region: string): Promise<ConcurrencyQuota> {
  const requestHandler = new Connections(TIMEOUT_MS);
  const client = new LambdaClient({
    region,
    maxAttempts: 2,
    requestHandler,
    credentials: credentialsBy(requestHandler),
  });
  try {
    const { AccountLimit } = await client.send(new GetAccountSettingsCommand({}));
    const { ConcurrentExecutions: total, UnreservedConcurrentExecutions: unreserved } = AccountLimit ?? {};
    if (total === undefined || unreserved === undefined) throw new Error('NoQuota');
    return { total, unreserved };
  } finally {
    client.destroy();
  }
}

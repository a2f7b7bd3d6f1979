import { GetAccountSettingsCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { Connections } from '../../src/ops/connections';
import { credentialsBy } from '../../src/ops/credentials';
import { adviceFor, type ConcurrencyQuota, type ConcurrencySettings, quotaOf } from '../../src/ops/verify/concurrency';

const TIMEOUT_MS = 10_000;

/**
 * Compares the settings with the AWS account's quota.
 * @returns the sentence to show: what to set, or why the quota is unknown; undefined when the settings fit
 */
export async function concurrencyAdvice(region: string, settings: ConcurrencySettings): Promise<string | undefined> {
  try {
    const advice = adviceFor(region, settings, await readQuota(region));
    return advice && `${advice.found}: ${advice.whatToDo}`;
  } catch (error) {
    const { name } = error as Error;
    return `Lambda's concurrency quota is not compared with max_concurrency = ${settings.maxConcurrency}, as lambda:GetAccountSettings fails (${name}).`;
  }
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
    return quotaOf(await client.send(new GetAccountSettingsCommand({})));
  } finally {
    client.destroy();
  }
}

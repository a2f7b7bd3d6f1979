import { GetCallerIdentityCommand, STSClient, STSServiceException } from '@aws-sdk/client-sts';
import { Connections } from '../../src/ops/connections';
import { credentialsBy } from '../../src/ops/credentials';
import { CommandError } from '../../src/cli/command-error';

const TIMEOUT_MS = 10_000;

export interface Account {
  readonly id: string;
  /** ARN of the caller. */
  readonly arn: string;
}

/**
 * The account that the credentials of the environment open.
 * @param region whose STS is asked
 * @param meant refuses every other one
 * @throws CommandError
 */
export async function findAccount(region: string, meant?: string): Promise<Account> {
  const account = await whoAmI(region);
  if (meant && meant !== account.id) {
    throw new CommandError(
      `The credentials are for account ${account.id} (${account.arn}), but AWS_ACCOUNT_ID is ${meant}: take those of the other account, or set AWS_ACCOUNT_ID again.`,
    );
  }
  return account;
}

async function whoAmI(region: string): Promise<Account> {
  const requestHandler = new Connections(TIMEOUT_MS);
  const client = new STSClient({
    region,
    maxAttempts: 2,
    requestHandler,
    credentials: credentialsBy(requestHandler),
  });
  try {
    const { Account: id = '', Arn: arn = '' } = await client.send(new GetCallerIdentityCommand({}));
    return { id, arn };
  } catch (error) {
    throw explained(error as Error, region);
  } finally {
    client.destroy();
  }
}

function explained(error: Error, region: string): Error {
  const what = `${error.name}: ${error.message}`;
  if (error instanceof STSServiceException)
    return new CommandError(
      `AWS refuses the credentials (${what}): renew them, and try "aws sts get-caller-identity".`,
    );
  if (error instanceof CommandError) return error;
  return new CommandError(
    `AWS STS cannot be reached in ${region} (${what}): look after the network, the proxy, and AWS_ENDPOINT_URL.`,
  );
}

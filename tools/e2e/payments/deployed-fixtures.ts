import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FunctionProcess } from '../../kit/embedded/function-process';
import type { Processes } from '../../kit/processes';
import type { Deployed } from '../assertions/assertion';
import { DLQ_PROCESSOR, PROCESSOR } from '../support/names';
import { roleArn } from '../support/lookups';
import type { Emulator } from '../emulator/emulator';
import type { BorrowedStack } from '../stack/terraform-run';
import { clientsFor, type Credentials } from '../support/clients';
import { startDeployed } from './deployed-function';
import { FunctionLog } from './function-log';
import { assume, createAdmin, createClientRole, removeIdentities } from './identities';
import { startScoreApi } from './score-api';
import type { TestContext } from './test-context';

interface Props {
  readonly emulator: Emulator;
  readonly stack: Pick<BorrowedStack, 'zipOf'>;
  readonly deployed: Deployed;
  readonly directory: string;
  readonly processes: Processes;
  readonly log: string;
}

/** The deployed functions, as processes with their own roles, while the emulator enforces IAM. */
export interface DeployedFunctions {
  readonly context: TestContext;
  readonly dlqProcessor: FunctionProcess;
  /** The logs of both. */
  readonly logs: readonly FunctionLog[];
  /** When they were started; RFC 3339. */
  readonly startedAt: string;
  /** Credentials of the account's administrator, and of a client of the pipeline. */
  readonly credentials: Readonly<Record<'admin' | 'client', Credentials>>;
  /** Enforces IAM no more, and takes away what was made for it. */
  close(): Promise<void>;
}

export async function startDeployedFunctions({
  emulator,
  stack,
  deployed,
  directory,
  processes,
  log,
}: Props): Promise<DeployedFunctions> {
  const { endpoint } = emulator;
  const startedAt = new Date().toISOString();
  const start = async (name: string, role: string, instead: Record<string, string>) => {
    const credentials = await assume(deployed.aws, role);
    const zip = await stack.zipOf(name);
    const aws = clientsFor(endpoint, credentials);
    const functionLog = new FunctionLog(`/aws/lambda/${name}`, aws.logs);
    const onLine = (line: string) => {
      appendFileSync(log, `${line}\n`);
      functionLog.add(line);
    };
    const options = { deployed, endpoint, onLine, name, zip, directory: join(directory, name), credentials, instead };
    return { aws, log: functionLog, process: await startDeployed(options) };
  };
  const processor = await start(PROCESSOR, await roleArn(deployed, 'payment-processor'), {
    FRAUD_API_URL: await startScoreApi(processes, log),
  });
  const dlqProcessor = await start(DLQ_PROCESSOR, await roleArn(deployed, 'dlq-processor'), {});
  const ofClient = await assume(deployed.aws, await createClientRole(deployed));
  const admin = await createAdmin(deployed.aws);
  await emulator.enforceIam();
  return {
    context: {
      deployed: { ...deployed, aws: clientsFor(endpoint, admin) },
      client: clientsFor(endpoint, ofClient),
      processor: processor.aws,
      process: processor.process,
    },
    dlqProcessor: dlqProcessor.process,
    logs: [processor.log, dlqProcessor.log],
    startedAt,
    credentials: { admin, client: ofClient },
    async close() {
      await Promise.all([processor.process.close(), dlqProcessor.process.close()]);
      await emulator.allowAll();
      await removeIdentities(deployed.aws, admin);
    },
  };
}

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CreateQueueCommand } from '@aws-sdk/client-sqs';
import { dependencies, peerDependencies } from '../../package.json';
import type { Packed } from '../package/package-file';
import { startEmbeddedAws } from '../kit/embedded/aws';
import { TYPES_OF_NODE, UserProject } from './user-project';

type Environment = Readonly<Record<string, string>>;

/** A module that sends a payment to an emulator of SQS, a second one, which breaks a rule, and returns both results. */
export const SENDER = `
import { SQSClient } from '@aws-sdk/client-sqs';
import { METRICS, parsePaymentMessage } from 'cdktf-payment-pipeline/contract';
import { PaymentProducer, type PaymentMessage, type SendResult } from 'cdktf-payment-pipeline/producer';

const payment: PaymentMessage = parsePaymentMessage(JSON.stringify({
  schema_version: 1, transaction_id: 'order-1', account_id: 'account-1', amount: 1250, currency: 'EUR', beneficiary_id: 'shop-1', requested_at: '2026-01-01T00:00:00Z',
}));

export async function sendPayments(): Promise<{ statuses: string[]; metric: string }> {
  const producer = new PaymentProducer(new SQSClient({ maxAttempts: 1, useQueueUrlAsEndpoint: false }), process.env.PAYMENT_QUEUE_URL!);
  const results: SendResult[] = await producer.send([payment, { ...payment, transaction_id: 'order-2', amount: -1 }]);
  return { statuses: results.map(({ status }) => status), metric: METRICS.processed };
}
`;

/** The results that the sender returns. */
export const SENT = { statuses: ['accepted', 'refused'], metric: 'PaymentsProcessed' };

export const SENDING_PROGRAM = `${SENDER}
void sendPayments().then((sent) => { console.log(JSON.stringify(sent)); });
`;

/** Installs the package, its dependencies and the newest SDK client, as a sender does. */
export async function installProducer(directory: string, { tarball }: Packed): Promise<UserProject> {
  const project = new UserProject(directory);
  await project.npmInstall(tarball, '@aws-sdk/client-sqs@3', TYPES_OF_NODE);
  project.writeProgram('app', SENDING_PROGRAM);
  await project.checkTypes('app');
  await project.compile('app', { skipLibCheck: false });
  return project;
}

/** @returns how many packages there are instead */
export function assertNoPeers({ directory }: UserProject): string {
  const installed = Object.keys(peerDependencies).filter((peer) => existsSync(join(directory, 'node_modules', peer)));
  assert.deepEqual(installed, []);
  return `${readdirSync(join(directory, 'node_modules')).length} packages and scopes, and none of ${Object.keys(peerDependencies).join(', ')}`;
}

/** npm installs the newest that a range admits, and the user's own SDK is the package's. @returns those that the lockfile does not have */
export function assertOneSdk({ directory }: UserProject): string {
  assert.ok(
    !existsSync(join(directory, 'node_modules/cdktf-payment-pipeline/node_modules')),
    'a second copy of a package',
  );
  const versions = Object.entries(dependencies).map(([name, range]) => ({
    name,
    lowest: range.slice(1),
    installed: versionOf(directory, name),
  }));
  const newer = versions.filter(({ lowest, installed }) => installed !== lowest);
  return `newer than the lockfile's: ${newer.map(({ name, installed }) => `${name} ${installed}`).join(', ') || 'none'}`;
}

function versionOf(directory: string, name: string): string {
  return (
    JSON.parse(readFileSync(join(directory, 'node_modules', name, 'package.json'), 'utf8')) as { version: string }
  ).version;
}

/** Lends an emulator of SQS with a queue for the sender. */
export async function withQueue<T>(work: (environment: Environment) => Promise<T>): Promise<T> {
  const aws = await startEmbeddedAws('eu-west-1');
  try {
    const { QueueUrl = '' } = await aws.sqs.send(
      new CreateQueueCommand({ QueueName: 'payments.fifo', Attributes: { FifoQueue: 'true' } }),
    );
    return await work({ ...aws.environment, PAYMENT_QUEUE_URL: QueueUrl });
  } finally {
    await aws.close();
  }
}

/** Runs the compiled sending programs. */
export async function runSenders(
  project: UserProject,
  environment: Environment,
  programs: readonly string[],
): Promise<void> {
  for (const program of programs) assert.deepEqual(JSON.parse(await project.run([program], environment)), SENT);
}

/** Asserts that the subpaths load no peer dependency, even where all are installed. @returns how many files they load */
export async function assertLoadsNoPeers(project: UserProject): Promise<string> {
  const listing = `for (const entry of ['contract', 'producer']) require('cdktf-payment-pipeline/' + entry); console.log(JSON.stringify(Object.keys(require.cache)));`;
  const { code, stdout, stderr } = await project.node(['-e', listing]);
  assert.equal(code, 0, stderr);
  const loaded = JSON.parse(stdout) as string[];
  assert.ok(
    loaded.some((file) => file.includes('client-sqs')),
    'the SDK is among what is listed',
  );
  assert.deepEqual(
    loaded.filter((file) =>
      Object.keys(peerDependencies).some((peer) => file.includes(join('node_modules', peer, '/'))),
    ),
    [],
  );
  return `${loaded.length} files`;
}

import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { CreateQueueCommand } from '@aws-sdk/client-sqs';
import { peerDependencies } from '../../package.json';
import { startEmbeddedAws } from '../../src/local/embedded/aws';
import type { Packed } from './packed';
import { TYPES_OF_NODE, UserProject } from './support/user-project';

/** Sends a payment to an emulator of SQS, a second that breaks a rule to nobody, and says what else it has loaded. */
const PROGRAM = `
import { SQSClient } from '@aws-sdk/client-sqs';
import { METRICS, parsePaymentMessage } from 'cdktf-payment-pipeline/contract';
import { PaymentProducer, type PaymentMessage, type SendResult } from 'cdktf-payment-pipeline/producer';

const payment: PaymentMessage = parsePaymentMessage(JSON.stringify({
  schema_version: 1, transaction_id: 'order-1', account_id: 'account-1', amount: 1250, currency: 'EUR', beneficiary_id: 'shop-1', requested_at: '2026-01-01T00:00:00Z',
}));

async function main(): Promise<void> {
  const producer = new PaymentProducer(new SQSClient({ maxAttempts: 1, useQueueUrlAsEndpoint: false }), process.env.PAYMENT_QUEUE_URL!);
  const results: SendResult[] = await producer.send([payment, { ...payment, transaction_id: 'order-2', amount: -1 }]);
  console.log(JSON.stringify({ statuses: results.map(({ status }) => status), metric: METRICS.processed }));
}
void main();
`;

const EXPECTED = { statuses: ['accepted', 'refused'], metric: 'PaymentsProcessed' };

/** With nothing but the package and what it brings. */
export async function installProducer(directory: string, { tarball }: Packed): Promise<UserProject> {
  const project = new UserProject(directory);
  await project.npmInstall(tarball, TYPES_OF_NODE);
  project.writeProgram('app', PROGRAM);
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

/** Runs the compiled programs before an emulator of SQS. */
export async function runProducer(project: UserProject, ...programs: readonly string[]): Promise<void> {
  const aws = await startEmbeddedAws('eu-west-1');
  try {
    const { QueueUrl = '' } = await aws.sqs.send(new CreateQueueCommand({ QueueName: 'payments.fifo', Attributes: { FifoQueue: 'true' } }));
    for (const program of programs) {
      const printed = await project.run(program, { ...aws.environment, PAYMENT_QUEUE_URL: QueueUrl });
      assert.deepEqual(JSON.parse(printed), EXPECTED);
    }
  } finally {
    await aws.close();
  }
}

/** Where all packages are installed, these load none of them. @returns how many files they load */
export async function assertLoadsNoPeers(project: UserProject): Promise<string> {
  const listing = `for (const entry of ['contract', 'producer']) require('cdktf-payment-pipeline/' + entry); console.log(JSON.stringify(Object.keys(require.cache)));`;
  const { code, stdout, stderr } = await project.node(['-e', listing]);
  assert.equal(code, 0, stderr);
  const loaded = JSON.parse(stdout) as string[];
  assert.ok(loaded.some((file) => file.includes('client-sqs')), 'the SDK is among what is listed');
  assert.deepEqual(loaded.filter((file) => Object.keys(peerDependencies).some((peer) => file.includes(join('node_modules', peer, '/')))), []);
  return `${loaded.length} files`;
}

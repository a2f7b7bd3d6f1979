import { ArchiveProvider } from '@cdktf/provider-archive/lib/provider/index.js';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js';
import { SqsQueue } from '@cdktf/provider-aws/lib/sqs-queue/index.js';
import { RandomProvider } from '@cdktf/provider-random/lib/provider/index.js';
import { App, TerraformStack } from 'cdktf';
import { exportOutputs, FraudApi, PaymentPipeline } from 'cdktf-payment-pipeline';

const app = new App();
const stack = new TerraformStack(app, 'outcomes-to-queue');
new AwsProvider(stack, 'aws', { region: 'ap-southeast-1' });
new ArchiveProvider(stack, 'archive');
new RandomProvider(stack, 'random');

const payments = new PaymentPipeline(stack, 'payments', {
  fraudApi: FraudApi.url('https://fraud.example.internal/check'),
  alertEmail: 'payments-oncall@example.com',
  outcomes: 'topic',
});

const fifo = {
  fifoQueue: true,
  deduplicationScope: 'messageGroup',
  fifoThroughputLimit: 'perMessageGroupId',
  kmsMasterKeyId: payments.encryption.sqsKey.arn,
};
const ledger = new SqsQueue(stack, 'ledger', { ...fifo, name: 'ledger.fifo' });
const undelivered = new SqsQueue(stack, 'undelivered', { ...fifo, name: 'ledger-undelivered.fifo' });
payments.grantReadOutcomes(ledger, { undelivered });

exportOutputs(payments);
app.synth();

import { ArchiveProvider } from '@cdktf/provider-archive/lib/provider/index.js';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js';
import { RandomProvider } from '@cdktf/provider-random/lib/provider/index.js';
import { App, TerraformStack } from 'cdktf';
import { exportOutputs, FraudApi, PaymentPipeline } from 'cdktf-payment-pipeline';

const app = new App();
const stack = new TerraformStack(app, 'two-pipelines');
new AwsProvider(stack, 'aws', { region: 'ap-southeast-1' });
new ArchiveProvider(stack, 'archive');
new RandomProvider(stack, 'random');

const payments = new PaymentPipeline(stack, 'payments', {
  fraudApi: FraudApi.url('https://fraud.example.internal/check'),
  alertEmail: 'payments-oncall@example.com',
});

const { network, encryption, audit, alerting } = payments;
const payouts = new PaymentPipeline(stack, 'payouts', {
  environment: 'dev-payouts', // Part of every name: it has to differ.
  queueName: 'payout-processing',
  fraudApi: FraudApi.url('https://fraud.example.internal/payouts'),
  onFailedPayment: 'hold',
  network,
  encryption,
  audit,
  alerting,
});

exportOutputs(payments);
exportOutputs(payouts);
app.synth();

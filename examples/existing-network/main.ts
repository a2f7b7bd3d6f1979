import { ArchiveProvider } from '@cdktf/provider-archive/lib/provider/index.js';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js';
import { RandomProvider } from '@cdktf/provider-random/lib/provider/index.js';
import { App, TerraformStack } from 'cdktf';
import { exportOutputs, FraudApi, Network, PaymentPipeline } from 'cdktf-payment-pipeline';

const app = new App();
const stack = new TerraformStack(app, 'existing-network');
new AwsProvider(stack, 'aws', { region: 'ap-southeast-1' });
new ArchiveProvider(stack, 'archive');
new RandomProvider(stack, 'random');

const network = Network.existing({
  vpcId: 'vpc-0123456789abcdef0',
  subnetIds: ['subnet-0123456789abcdef1', 'subnet-0123456789abcdef2'],
  cidrBlock: '10.20.0.0/16',
  routeTableIds: ['rtb-0123456789abcdef0'],
  endpoints: { logs: false, lambda: false }, // The VPC has these two.
  flowLogs: false, // The VPC has its own.
});

const payments = new PaymentPipeline(stack, 'payments', {
  network,
  fraudApi: FraudApi.url('https://fraud.example.internal/check'),
  alertEmail: 'payments-oncall@example.com',
});

const payouts = new PaymentPipeline(stack, 'payouts', {
  network, // The same values: both share what was made in the VPC.
  environment: 'dev-payouts',
  queueName: 'payout-processing',
  fraudApi: FraudApi.url('https://fraud.example.internal/payouts'),
  alertEmail: 'payouts-oncall@example.com',
});

exportOutputs(payments);
exportOutputs(payouts);
app.synth();

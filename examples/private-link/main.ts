import { ArchiveProvider } from '@cdktf/provider-archive/lib/provider/index.js';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js';
import { RandomProvider } from '@cdktf/provider-random/lib/provider/index.js';
import { App, TerraformStack } from 'cdktf';
import { exportOutputs, FraudApi, PaymentPipeline } from 'cdktf-payment-pipeline';

const app = new App();
const stack = new TerraformStack(app, 'private-link');
new AwsProvider(stack, 'aws', { region: 'ap-southeast-1' });
new ArchiveProvider(stack, 'archive');
new RandomProvider(stack, 'random');

const pipeline = new PaymentPipeline(stack, 'payments', {
  fraudApi: FraudApi.privateLink({
    serviceName: 'com.amazonaws.vpce.ap-southeast-1.vpce-svc-0123456789abcdef0',
    url: 'https://api.fraud.example/check',
  }),
  alertEmail: 'payments-oncall@example.com',
});
exportOutputs(pipeline);
app.synth();

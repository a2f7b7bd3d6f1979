import { ArchiveProvider } from '@cdktf/provider-archive/lib/provider/index.js';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js';
import { RandomProvider } from '@cdktf/provider-random/lib/provider/index.js';
import { App, S3Backend, TerraformStack } from 'cdktf';
import { exportOutputs, FraudApi, PaymentPipeline } from 'cdktf-payment-pipeline';

const REGION = 'ap-southeast-1';
const ENVIRONMENT = 'production';

const app = new App();
const stack = new TerraformStack(app, 'production');
new S3Backend(stack, {
  bucket: 'example-terraform-states',
  key: `payment-pipeline/${ENVIRONMENT}.tfstate`,
  region: REGION,
  encrypt: true,
});
// An option of Terraform 1.10 that cdktf's S3Backend doesn't have: without it, two people can apply at the same time.
stack.addOverride('terraform.backend.s3.use_lockfile', true);

new AwsProvider(stack, 'aws', {
  region: REGION,
  defaultTags: [{ tags: { Environment: ENVIRONMENT, Owner: 'payments-team' } }],
});
new ArchiveProvider(stack, 'archive');
new RandomProvider(stack, 'random');

const pipeline = new PaymentPipeline(stack, 'payments', {
  profile: 'production',
  environment: ENVIRONMENT,
  fraudApi: FraudApi.url('https://fraud.example.internal/check', {
    apiKeySecretArn: 'arn:aws:secretsmanager:ap-southeast-1:111122223333:secret:fraud-api-key-AbCdEf',
  }),
  alertEmail: 'payments-oncall@example.com',
  deploymentPrincipalArn: 'arn:aws:iam::111122223333:role/payments-deployment',
});
exportOutputs(pipeline);
app.synth();

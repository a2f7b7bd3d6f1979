import { DataArchiveFile } from '@cdktf/provider-archive/lib/data-archive-file/index.js';
import { ArchiveProvider } from '@cdktf/provider-archive/lib/provider/index.js';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role/index.js';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy/index.js';
import { IamRolePolicyAttachment } from '@cdktf/provider-aws/lib/iam-role-policy-attachment/index.js';
import { LambdaFunction } from '@cdktf/provider-aws/lib/lambda-function/index.js';
import { LambdaFunctionEventInvokeConfig } from '@cdktf/provider-aws/lib/lambda-function-event-invoke-config/index.js';
import { LambdaPermission } from '@cdktf/provider-aws/lib/lambda-permission/index.js';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js';
import { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket/index.js';
import { S3BucketNotification } from '@cdktf/provider-aws/lib/s3-bucket-notification/index.js';
import { SqsQueue } from '@cdktf/provider-aws/lib/sqs-queue/index.js';
import { RandomProvider } from '@cdktf/provider-random/lib/provider/index.js';
import { App, TerraformOutput, TerraformStack } from 'cdktf';
import { FraudApi, PaymentPipeline } from 'cdktf-payment-pipeline';

const app = new App();
const stack = new TerraformStack(app, 'producer-nightly-import');
new AwsProvider(stack, 'aws', { region: 'ap-southeast-1' });
new ArchiveProvider(stack, 'archive');
new RandomProvider(stack, 'random');

const pipeline = new PaymentPipeline(stack, 'payments', {
  fraudApi: FraudApi.url('https://fraud.example.internal/check'),
  alertEmail: 'payments-oncall@example.com',
});

const bucket = new S3Bucket(stack, 'bucket', { bucketPrefix: 'payment-files-' });
/** Keeps the event of an import whose three runs failed. */
const failedImports = new SqsQueue(stack, 'failed_imports', {
  name: 'failed-payment-imports',
  messageRetentionSeconds: 14 * 86_400,
  sqsManagedSseEnabled: true,
});

const role = new IamRole(stack, 'role', {
  assumeRolePolicy: JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } }],
  }),
});
pipeline.grantSendPayments(role);
new IamRolePolicy(stack, 'files', {
  role: role.name,
  policy: JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Action: 's3:GetObject', Resource: `${bucket.arn}/payments/*` },
      { Effect: 'Allow', Action: 's3:PutObject', Resource: `${bucket.arn}/reports/*` },
      { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: failedImports.arn },
    ],
  }),
});
new IamRolePolicyAttachment(stack, 'logs', {
  role: role.name,
  policyArn: 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole',
});

const code = new DataArchiveFile(stack, 'code', {
  type: 'zip',
  sourceDir: '../../../dist/nightly-import', // From the stack's directory.
  outputPath: 'nightly-import.zip',
});
const lambda = new LambdaFunction(stack, 'import', {
  functionName: 'payment-import',
  role: role.arn,
  runtime: 'nodejs22.x',
  handler: 'index.handler',
  filename: code.outputPath,
  sourceCodeHash: code.outputBase64Sha256,
  timeout: 900,
  memorySize: 512,
  reservedConcurrentExecutions: 1, // One file at a time.
  environment: { variables: { PAYMENT_QUEUE_URL: pipeline.paymentQueue.url } },
});
new LambdaFunctionEventInvokeConfig(stack, 'invoke_config', {
  functionName: lambda.functionName,
  destinationConfig: { onFailure: { destination: failedImports.arn } },
});

const permission = new LambdaPermission(stack, 'from_bucket', {
  functionName: lambda.functionName,
  action: 'lambda:InvokeFunction',
  principal: 's3.amazonaws.com',
  sourceArn: bucket.arn,
});
new S3BucketNotification(stack, 'new_files', {
  bucket: bucket.bucket,
  lambdaFunction: [{ lambdaFunctionArn: lambda.arn, events: ['s3:ObjectCreated:*'], filterPrefix: 'payments/' }],
  dependsOn: [permission],
});

new TerraformOutput(stack, 'nightly_bucket', { value: bucket.bucket, description: 'Bucket of the payment files.' });
app.synth();

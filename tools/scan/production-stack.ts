import { ArchiveProvider } from '@cdktf/provider-archive/lib/provider';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { RandomProvider } from '@cdktf/provider-random/lib/provider';
import { SqsQueue } from '@cdktf/provider-aws/lib/sqs-queue';
import { App } from 'cdktf';
import type { Construct } from 'constructs';
import { join } from 'node:path';
import { ReadableIdStack } from '../../src/app/readable-id-stack';
import { FraudApi, Network, PaymentPipeline } from '../../src';
import { EXISTING_VPC } from '../kit/stacks/existing-vpc';
import { READER, SENDER } from '../kit/stacks/granted-roles';
import { sharingProps } from '../kit/stacks/pipeline-props';
import { PRIVATE_SERVICE } from '../kit/stacks/stack-graph';

const STACK = 'production';

const PRODUCTION = {
  profile: 'production',
  environment: 'production',
  fraudApi: FraudApi.url('https://fraud.example.internal/check'),
  alertEmail: 'payments-oncall@example.com',
  outcomes: 'topic',
  alarms: { 'payments-outage': true },
} as const;

/**
 * Writes two pipelines as production would deploy them, as Terraform JSON: one with all that a pipeline may have beside its defaults,
 * and one in a network that exists, which uses what the first can share. They have values where the deployed stack has
 * variables, and ask for no version of Terraform: checkov's reader of JSON fails on `required_version`.
 * @returns the stack's directory
 * @throws MissingBundleError
 */
export function synthesizeProduction(outdir: string): string {
  const app = new App({ outdir });
  new ProductionStack(app);
  app.synth();
  return join(outdir, 'stacks', STACK);
}

class ProductionStack extends ReadableIdStack {
  constructor(scope: Construct) {
    super(scope, STACK);
    new AwsProvider(this, 'aws', { region: 'ap-southeast-1' });
    new ArchiveProvider(this, 'archive');
    new RandomProvider(this, 'random');
    const payments = new PaymentPipeline(this, 'payments', PRODUCTION);
    const kmsMasterKeyId = payments.encryption.sqsKey.arn;
    payments.grantReadOutcomes(new SqsQueue(this, 'ledger', { name: 'ledger.fifo', fifoQueue: true, kmsMasterKeyId }));
    payments.grantSendPayments(SENDER);
    payments.grantReadPayments(READER);
    const network = Network.existing(EXISTING_VPC);
    const fraudApi = FraudApi.privateLink({
      serviceName: PRIVATE_SERVICE,
      url: 'https://fraud.example.internal/check',
    });
    new PaymentPipeline(this, 'payouts', { ...sharingProps(payments), profile: 'production', network, fraudApi });
  }
}

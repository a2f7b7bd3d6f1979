import { ArchiveProvider } from '@cdktf/provider-archive/lib/provider';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { RandomProvider } from '@cdktf/provider-random/lib/provider';
import { App } from 'cdktf';
import type { Construct } from 'constructs';
import { join } from 'node:path';
import { ReadableIdStack } from '../../src/app/readable-id-stack';
import { FraudApi, PaymentPipeline } from '../../src';

const STACK = 'production';

const PRODUCTION = {
  profile: 'production',
  environment: 'production',
  fraudApi: FraudApi.url('https://fraud.example.internal/check'),
  alertEmail: 'payments-oncall@example.com',
} as const;

/**
 * Writes the pipeline as production would deploy it, as Terraform JSON. It has values where the deployed stack has
 * variables, and asks for no version of Terraform: checkov's reader of JSON fails on `required_version`.
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
    new PaymentPipeline(this, 'payments', PRODUCTION);
  }
}

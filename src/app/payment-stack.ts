import { ArchiveProvider } from '@cdktf/provider-archive/lib/provider';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { RandomProvider } from '@cdktf/provider-random/lib/provider';
import { LocalBackend } from 'cdktf';
import type { Construct } from 'constructs';
import { exportOutputs, FraudApi, PaymentPipeline } from '../index';
import type { ProfileName } from '../infrastructure/profile';
import { correctHcl } from './hcl';
import { ReadableIdStack } from './readable-id-stack';
import { declareVariables, deploymentPrincipal } from './variables';

const STACK = 'payment-pipeline';

const REGION = 'ap-southeast-1';

/** cdktf itself would ask for the exact versions that its bindings were made from. */
const TERRAFORM_REQUIREMENTS = {
  required_version: '>= 1.5',
  required_providers: {
    aws: { source: 'hashicorp/aws', version: '~> 5.0' },
    archive: { source: 'hashicorp/archive', version: '~> 2.7' },
    random: { source: 'hashicorp/random', version: '~> 3.7' },
  },
};

/** The pipeline as this project deploys it: region, state and tags are fixed here, the rest are variables. */
export class PaymentStack extends ReadableIdStack {
  /** @param profile is no variable: Terraform cannot decide it */
  constructor(scope: Construct, profile: ProfileName = 'dev') {
    super(scope, STACK);
    const variables = declareVariables(this);

    // Relative to the configuration, and outside the generated directory, which may be deleted at any time.
    new LocalBackend(this, { path: `../../../${STACK}.tfstate` });
    this.addProviders(variables.environment.stringValue);

    const pipeline = new PaymentPipeline(this, 'payments', {
      profile,
      environment: variables.environment.stringValue,
      lambdaMemory: variables.lambdaMemory.numberValue,
      visibilityTimeout: variables.visibilityTimeout.numberValue,
      dlqRetentionDays: variables.dlqRetentionDays.numberValue,
      reserveConcurrency: variables.reserveConcurrency.booleanValue,
      fraudApi: FraudApi.url(variables.fraudApiUrl.stringValue),
      alertEmail: variables.alertEmail.stringValue,
      deploymentPrincipalArn: deploymentPrincipal(this, variables),
    });
    exportOutputs(pipeline);
  }

  override toHclTerraform(): { hcl: string; metadata: unknown } {
    const { hcl, metadata } = super.toHclTerraform() as { hcl: string; metadata: unknown };
    return { hcl: correctHcl(hcl, TERRAFORM_REQUIREMENTS.required_version), metadata };
  }

  private addProviders(environment: string): void {
    this.addOverride('terraform', TERRAFORM_REQUIREMENTS);
    new AwsProvider(this, 'aws', {
      region: REGION,
      defaultTags: [
        {
          tags: {
            Environment: environment,
            DataClassification: 'sensitive',
            Compliance: 'pci-dss',
            Owner: 'platform-team',
            ManagedBy: 'terraform',
          },
        },
      ],
    });
    new ArchiveProvider(this, 'archive');
    new RandomProvider(this, 'random');
  }
}

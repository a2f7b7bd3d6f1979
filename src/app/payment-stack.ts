import { ArchiveProvider } from '@cdktf/provider-archive/lib/provider';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { RandomProvider } from '@cdktf/provider-random/lib/provider';
import { LocalBackend, TerraformVariable } from 'cdktf';
import type { Construct } from 'constructs';
import { FraudApi, PaymentPipeline } from '../index';
import { correctHcl } from './hcl';
import { ReadableIdStack } from './readable-id-stack';

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
  constructor(scope: Construct) {
    super(scope, STACK);
    const variables = this.declareVariables();

    // Relative to the configuration, and outside the generated directory, which may be deleted at any time.
    new LocalBackend(this, { path: `../../../${STACK}.tfstate` });
    this.addProviders(variables.environment.stringValue);

    new PaymentPipeline(this, 'payments', {
      environment: variables.environment.stringValue,
      lambdaMemory: variables.lambdaMemory.numberValue,
      visibilityTimeout: variables.visibilityTimeout.numberValue,
      dlqRetentionDays: variables.dlqRetentionDays.numberValue,
      reserveConcurrency: variables.reserveConcurrency.booleanValue,
      fraudApi: FraudApi.url(variables.fraudApiUrl.stringValue),
    });
  }

  override toHclTerraform(): { hcl: string; metadata: unknown } {
    const { hcl, metadata } = super.toHclTerraform() as { hcl: string; metadata: unknown };
    return { hcl: correctHcl(hcl, TERRAFORM_REQUIREMENTS.required_version), metadata };
  }

  private declareVariables() {
    return {
      environment: new TerraformVariable(this, 'environment', {
        type: 'string',
        default: 'dev',
        description: "Part of the resources' names, and their Environment tag.",
      }),
      lambdaMemory: new TerraformVariable(this, 'lambda_memory', {
        type: 'number',
        default: 256,
        description: 'Memory of each function, in MB.',
      }),
      visibilityTimeout: new TerraformVariable(this, 'sqs_visibility_timeout', {
        type: 'number',
        default: 360,
        description: "Seconds for which a delivered payment is hidden: at least six times the processor's timeout of 60.",
      }),
      dlqRetentionDays: new TerraformVariable(this, 'dlq_retention_days', {
        type: 'number',
        default: 14,
        description: 'Days for which the dead-letter queue keeps a message, 5 to 14.',
      }),
      fraudApiUrl: new TerraformVariable(this, 'fraud_api_url', {
        type: 'string',
        // Names no host, by the definition of the .invalid domain.
        default: 'https://fraud.invalid/check',
        description: 'URL of the fraud API that decides every payment.',
      }),
      reserveConcurrency: new TerraformVariable(this, 'reserve_concurrency', {
        type: 'bool',
        default: true,
        description: "Whether the processor's concurrency is reserved; an account with a low quota has to say false.",
      }),
    };
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

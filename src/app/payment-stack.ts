import { ArchiveProvider } from '@cdktf/provider-archive/lib/provider';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { RandomProvider } from '@cdktf/provider-random/lib/provider';
import type { Construct } from 'constructs';
import { exportOutputs, PaymentPipeline, type PaymentPipelineProps } from '../index';
import type { ProfileName } from '../infrastructure/profile';
import { addBackend } from './backend';
import { ReadableIdStack } from './readable-id-stack';
import { REQUIRED_PROVIDERS, STACK } from './settings';
import { declareSynthesisVariables, type GivenVariables } from './synthesis-variables';
import { declareProviderSettings, declareVariables, propsOf } from './variables';

/** The pipeline as this project deploys it: profile, state and some variables are read at synthesis, the rest by Terraform. */
export class PaymentStack extends ReadableIdStack {
  readonly pipeline: PaymentPipeline;
  private readonly requiredVersion: string;

  /**
   * @param given the variables that the synthesis reads; the others have their defaults
   * @param more props that no variable sets
   * @throws BadVariablesError
   */
  constructor(
    scope: Construct,
    profile: ProfileName = 'dev',
    given: GivenVariables = {},
    more: Partial<PaymentPipelineProps> = {},
  ) {
    super(scope, STACK);
    this.requiredVersion = `>= ${addBackend(this)}`; // first: it sets context, which a construct with children refuses
    const variables = declareVariables(this);
    const synthesized = declareSynthesisVariables(this, given);
    this.addProviders(variables.get('environment')!.variable.stringValue);

    this.pipeline = new PaymentPipeline(this, 'payments', { ...propsOf(variables, synthesized), ...more, profile });
    exportOutputs(this.pipeline);
  }

  override toHclTerraform(): { hcl: string; metadata: unknown } {
    const { hcl, metadata } = super.toHclTerraform() as { hcl: string; metadata: unknown };
    return { hcl: correctHcl(hcl, this.requiredVersion), metadata };
  }

  private addProviders(environment: string): void {
    this.addOverride('terraform', { required_version: this.requiredVersion, required_providers: REQUIRED_PROVIDERS });
    const { region, owner, compliance, dataClassification } = declareProviderSettings(this);
    new AwsProvider(this, 'aws', {
      region,
      defaultTags: [
        {
          tags: {
            Environment: environment,
            DataClassification: dataClassification,
            Compliance: compliance,
            Owner: owner,
            ManagedBy: 'terraform',
          },
        },
      ],
    });
    new ArchiveProvider(this, 'archive');
    new RandomProvider(this, 'random');
  }
}

/**
 * Corrects cdktf's HCL, so that Terraform takes it without a warning.
 * @param hcl as cdktf rendered it
 * @param requiredVersion of Terraform; rendered as `0 = "required_version"`
 */
export function correctHcl(hcl: string, requiredVersion: string): string {
  return hcl
    .replace('0 = "required_version"', `required_version = "${requiredVersion}"`)
    .replace(/depends_on = \[[^\]]*\]/g, (references) => references.replaceAll('"', ''))
    .replace(/(precondition|postcondition) = \[\n((?:\{\n[^]*?\n\},\n)+)\]/g, (_, name: string, items: string) =>
      items.replace(/^\{$/gm, `${name} {`).replace(/^\},$/gm, '}').trimEnd(),
    );
}

import { choiceOption } from '../cli/options';
import { type ProfileName, PROFILES } from '../infrastructure/profile';

/** Settings that the stack and the commands that deploy it share. This file loads no cdktf, so that a command answers at once. */
export const STACK = 'payment-pipeline';

/** The default region of the pipeline, and of its state. */
export const REGION = 'ap-southeast-1';

/** The oldest Terraform that takes the stack. */
export const OLDEST_TERRAFORM = '1.5';

/** The oldest that locks a state in S3 by a file beside it, without a DynamoDB table. */
export const OLDEST_TERRAFORM_FOR_S3 = '1.10';

/** cdktf would require the exact versions that its bindings were generated from. */
export const REQUIRED_PROVIDERS = {
  aws: { source: 'hashicorp/aws', version: '~> 5.0' },
  archive: { source: 'hashicorp/archive', version: '~> 2.7' },
  random: { source: 'hashicorp/random', version: '~> 3.7' },
} as const;

export interface ProfileOptions {
  readonly profile: ProfileName;
}

/** `--profile`, for every command that synthesizes the stack. */
export function profileOption(): ReturnType<typeof choiceOption> {
  return choiceOption(
    '--profile <name>',
    'dev can be torn down at will; production keeps a year of audit trail and protects what it stores',
    Object.keys(PROFILES),
    'dev' satisfies ProfileName,
  );
}

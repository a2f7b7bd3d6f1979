import { LocalBackend, S3Backend } from 'cdktf';
import type { Construct } from 'constructs';
import { OLDEST_TERRAFORM, OLDEST_TERRAFORM_FOR_S3, REGION, STACK } from './settings';

const STATE = `${STACK}.tfstate`;

/** Relative to the configuration, and outside the generated directory, which may be deleted at any time. */
const BESIDE_THE_PROJECT = `../../../${STATE}`;

/** The variables for the location of the state contradict each other. */
export class StateLocationError extends Error {
  override readonly name = 'StateLocationError';
}

/**
 * Keeps the state in a file beside the project, or in the bucket that TF_STATE_BUCKET names.
 * @returns the oldest Terraform that can do so
 * @throws StateLocationError
 */
export function addBackend(stack: Construct, environment: NodeJS.ProcessEnv = process.env): string {
  const {
    TF_STATE_BUCKET: bucket,
    TF_STATE_KEY: key,
    TF_STATE_REGION: region,
    TF_STATE_PATH: path,
  } = withoutEmpty(environment);
  if (bucket === undefined) {
    if ((key ?? region) !== undefined)
      throw new StateLocationError('TF_STATE_KEY and TF_STATE_REGION need TF_STATE_BUCKET: set it, or none of them.');
    new LocalBackend(stack, { path: path ?? BESIDE_THE_PROJECT });
    return OLDEST_TERRAFORM;
  }
  if (path !== undefined)
    throw new StateLocationError('TF_STATE_PATH is a file, TF_STATE_BUCKET a bucket: set one of them.');
  const backend = { bucket, key: key ?? STATE, region: region ?? REGION, encrypt: true };
  stack.node.setContext('targetVersions', TARGET_VERSIONS);
  new S3Backend(stack, { ...backend, ...LOCKED_BY_A_FILE });
  return OLDEST_TERRAFORM_FOR_S3;
}

/** CDK Terrain refuses the lock without these ranges; cdktf reads none. */
const TARGET_VERSIONS = { terraform: `>=${OLDEST_TERRAFORM_FOR_S3}`, opentofu: `>=${OLDEST_TERRAFORM_FOR_S3}` };

/** cdktf does not know the option yet, but writes it. */
const LOCKED_BY_A_FILE = { useLockfile: true };

/** An empty variable, as a workflow may set it, counts as not set. */
function withoutEmpty(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
}

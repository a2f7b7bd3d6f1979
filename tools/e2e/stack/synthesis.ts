import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ProfileName } from '../../../src/infrastructure/profile';
import { readStack } from '../../terraform/stack-file';
import { endOf, type Processes } from '../../kit/processes';

const PROJECT = join(__dirname, '../../..');
const STACK = 'stacks/payment-pipeline';
/** Terraform merges it into the stack, whose own file stays as it was synthesized. */
const OVERRIDE_FILE = 'e2e_override.tf.json';
export const STATE_FILE = 'e2e.tfstate';

const SERVICES = [
  's3',
  'sqs',
  'sns',
  'kms',
  'iam',
  'sts',
  'ec2',
  'dynamodb',
  'lambda',
  'logs',
  'cloudwatch',
  'cloudtrail',
  'events',
  'route53',
  'secretsmanager',
];

/** Builds what the stack deploys, as `npx projen bundle` would. */
export async function bundle(processes: Processes, log: string): Promise<void> {
  const { code } = await runTypeScript(['tools/bundle/main.ts'], {}, processes, log);
  if (code !== 0) throw new Error(`The functions cannot be bundled:\n${await endOf(log)}`);
}

/** @returns the directory of the stack, as `npx projen synth` would write it */
export async function synthesize(
  outdir: string,
  processes: Processes,
  log: string,
  profile: ProfileName = 'dev',
): Promise<string> {
  return synthesizeAs('JSON', outdir, processes, log, profile);
}

/** @returns the directory of the stack, as `npx projen synth:hcl` would write it before it is formatted */
export async function synthesizeHcl(outdir: string, processes: Processes, log: string): Promise<string> {
  return synthesizeAs('HCL', outdir, processes, log);
}

async function synthesizeAs(
  form: 'JSON' | 'HCL',
  outdir: string,
  processes: Processes,
  log: string,
  profile: ProfileName = 'dev',
): Promise<string> {
  mkdirSync(outdir, { recursive: true });
  const environment = { CDKTF_OUTDIR: outdir, SYNTH_HCL_OUTPUT: String(form === 'HCL') };
  const { code } = await runTypeScript(['tools/e2e/stack/app.ts', profile], environment, processes, log);
  if (code !== 0) throw new Error(`The stack cannot be synthesized as ${form}:\n${await endOf(log)}`);
  return join(outdir, STACK);
}

function runTypeScript(
  program: readonly string[],
  environment: Record<string, string>,
  processes: Processes,
  log: string,
) {
  const args = [join(PROJECT, 'node_modules/tsx/dist/cli.mjs'), ...program];
  return processes.run(process.execPath, args, { directory: PROJECT, environment, log });
}

/** Sends every call of the provider to the emulator, and keeps the state next to the stack. */
export function redirect(stack: string, endpoint: string): void {
  const aws = {
    access_key: 'e2e',
    secret_key: 'e2e',
    skip_credentials_validation: true,
    skip_metadata_api_check: true,
    s3_use_path_style: true,
    endpoints: [Object.fromEntries(SERVICES.map((service) => [service, endpoint]))],
  };
  const override = { terraform: { backend: { local: { path: STATE_FILE } } }, provider: { aws: [aws] } };
  writeFileSync(join(stack, OVERRIDE_FILE), JSON.stringify(override, null, 2));
}

/** The types of the stack that AWS has: a random value is Terraform's own. */
export function resourceTypes(stack: string): string[] {
  return Object.keys(readStack(stack).resource as object).filter((type) => type.startsWith('aws_'));
}

import * as v from 'valibot';
import { terraform } from './terraform';

const answer = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ terraform_version: v.pipe(v.string(), v.regex(/^\d+\.\d+/)) }),
);

/** Terraform is there, but is too old for the stack, or does not say how old it is. */
export class TerraformVersionError extends Error {
  override readonly name = 'TerraformVersionError';
}

/**
 * @param oldest such as `1.5`
 * @param why the stack needs that one, to end a sentence
 * @returns the version of Terraform, or of OpenTofu
 * @throws TerraformMissingError, TerraformVersionError
 */
export async function requireTerraform(oldest: string, why: string): Promise<string> {
  const { stdout, stderr } = await terraform(['version', '-json'], { directory: '.' });
  const { success, output } = v.safeParse(answer, stdout);
  const upgrade = `install Terraform ${oldest} or newer (https://developer.hashicorp.com/terraform/install), or set TERRAFORM_BINARY to where it is`;
  if (!success)
    throw new TerraformVersionError(`Terraform does not tell its version (${(stderr || stdout).trim()}): ${upgrade}.`);

  const version = output.terraform_version;
  if (isOlder(version, oldest)) throw new TerraformVersionError(`Terraform ${version} is too old ${why}: ${upgrade}.`);
  return version;
}

function isOlder(version: string, oldest: string): boolean {
  const [[major = 0, minor = 0], [oldestMajor = 0, oldestMinor = 0]] = [version, oldest].map((text) =>
    text.split('.').map(Number.parseFloat),
  ) as [number[], number[]];
  return major < oldestMajor || (major === oldestMajor && minor < oldestMinor);
}

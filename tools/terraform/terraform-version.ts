import * as v from 'valibot';
import { terraform } from './terraform';
import { CommandError } from '../../src/cli/command-error';

const answer = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ terraform_version: v.pipe(v.string(), v.regex(/^\d+\.\d+/)) }),
);

/**
 * @param oldest such as `1.5`
 * @param why the stack needs that one, to end a sentence
 * @returns the version of Terraform, or of OpenTofu
 * @throws TerraformMissingError, CommandError
 */
export async function requireTerraform(oldest: string, why: string): Promise<string> {
  const { stdout, stderr } = await terraform(['version', '-json'], { directory: '.' });
  const { success, output } = v.safeParse(answer, stdout);
  const upgrade = `install Terraform ${oldest} or newer (https://developer.hashicorp.com/terraform/install), or set TERRAFORM_BINARY to where it is`;
  if (!success)
    throw new CommandError(`Terraform does not tell its version (${(stderr || stdout).trim()}): ${upgrade}.`);

  const version = output.terraform_version;
  if (isOlder(version, oldest)) throw new CommandError(`Terraform ${version} is too old ${why}: ${upgrade}.`);
  return version;
}

function isOlder(version: string, oldest: string): boolean {
  const [[major = 0, minor = 0], [oldestMajor = 0, oldestMinor = 0]] = [version, oldest].map((text) =>
    text.split('.').map(Number.parseFloat),
  ) as [number[], number[]];
  return major < oldestMajor || (major === oldestMajor && minor < oldestMinor);
}

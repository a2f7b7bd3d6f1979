import { isAbsolute, join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { STACK } from '../../src/app/settings';
import { EXIT, runAsProcess, type Command } from '../../src/cli/command';
import { thisProject, type Project } from '../kit/project';
import { terraform, TerraformMissingError } from '../terraform/terraform';

const OUTDIR = 'cdktf.out/hcl';

const STACK_DIRECTORY = join(OUTDIR, 'stacks', STACK);

const HELP = `Writes the stack as HCL to ${STACK_DIRECTORY}: the same resources as "npx projen synth" writes
as JSON, and the same state.

Usage: npx projen synth:hcl -- [--profile dev|production]

Options:
  --profile  dev (default) can be torn down at will; production keeps a year of
             audit trail and protects what it stores

Environment:
  TERRAFORM_BINARY   Terraform, which formats the HCL, when it is not the "terraform" of the PATH

Examples:
  npx projen synth:hcl
  npx projen synth:hcl -- --profile production

Exit codes: 0 written, 2 not written. Behind npx projen every failure is 1.
`;

export function synthHclCommand(project: Project): Command {
  return {
    help: HELP,
    run: async (args, { stdout, stderr }) => {
      const { values } = parseArgs({ args, options: { profile: { type: 'string', default: 'dev' } } });
      if (!project.isBundled()) await project.bundle(stderr);
      await project.synthesize(values.profile, {
        CDKTF_OUTDIR: join(project.root, OUTDIR),
        SYNTH_HCL_OUTPUT: 'true',
        ...sameState(),
      });
      stdout.write(`${STACK_DIRECTORY}/cdk.tf${await format(join(project.root, STACK_DIRECTORY))}\n`);
      return EXIT.success;
    },
  };
}

/** The file beside the project, from one directory deeper than the JSON's. */
function sameState(): Record<string, string> {
  const { TF_STATE_BUCKET, TF_STATE_PATH = '' } = process.env;
  if (TF_STATE_BUCKET) return {};
  const path = TF_STATE_PATH === '' ? `../../../${STACK}.tfstate` : TF_STATE_PATH;
  return { TF_STATE_PATH: isAbsolute(path) ? path : relative(STACK_DIRECTORY, join('cdktf.out/stacks', STACK, path)) };
}

/** @returns what there is to say about it */
async function format(directory: string): Promise<string> {
  try {
    const { code, stderr } = await terraform(['fmt', '-no-color'], { directory });
    return code === 0 ? '' : `, not formatted: ${stderr.trim()}`;
  } catch (error) {
    if (error instanceof TerraformMissingError) return `, not formatted: ${error.message}`;
    throw error;
  }
}

if (require.main === module) runAsProcess(synthHclCommand(thisProject));

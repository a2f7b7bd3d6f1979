import { isAbsolute, join, relative } from 'node:path';
import { type ProfileOptions, profileOption, STACK } from '../../src/app/settings';
import { EXIT } from '../../src/cli/command-error';
import { program, type Program, runAsProcess } from '../../src/cli/program';
import { thisProject, type Project } from '../kit/project';
import { terraform, TERRAFORM_ENVIRONMENT, TerraformMissingError } from '../terraform/terraform';

const OUTDIR = 'cdktf.out/hcl';

const STACK_DIRECTORY = join(OUTDIR, 'stacks', STACK);

export function synthHclCommand(project: Project): Program {
  return program('npx projen synth:hcl', {
    description: `Write the stack as HCL to ${STACK_DIRECTORY}. It has the same resources as the JSON of "npx projen synth", and the same state.`,
    lists: { Environment: { TERRAFORM_BINARY: `${TERRAFORM_ENVIRONMENT.TERRAFORM_BINARY}. It formats the HCL` } },
    exitCodes: { success: 'written', usageError: 'not written' },
    examples: ['npx projen synth:hcl', 'npx projen synth:hcl -- --profile production'],
  })
    .addOption(profileOption())
    .work(async ({ profile }: ProfileOptions, { stdout, stderr }) => {
      if (!project.isBundled()) await project.bundle(stderr);
      const environment = { CDKTF_OUTDIR: join(project.root, OUTDIR), SYNTH_HCL_OUTPUT: 'true', ...sameState() };
      await project.synthesize(profile, environment, { variables: [], variableFiles: [] });
      stdout.write(`${STACK_DIRECTORY}/cdk.tf${await format(join(project.root, STACK_DIRECTORY))}\n`);
      return EXIT.success;
    });
}

/** Variables by which the HCL has the JSON's local state, though it is one directory deeper. */
function sameState(): Record<string, string> {
  const { TF_STATE_BUCKET, TF_STATE_PATH = '' } = process.env;
  if (TF_STATE_BUCKET) return {};
  const path = TF_STATE_PATH === '' ? `../../../${STACK}.tfstate` : TF_STATE_PATH;
  return { TF_STATE_PATH: isAbsolute(path) ? path : relative(STACK_DIRECTORY, join('cdktf.out/stacks', STACK, path)) };
}

/** @returns nothing, or why the HCL is not formatted */
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

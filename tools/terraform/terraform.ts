import { MissingProgramError, runProgram, type Outcome, type ProgramRun } from '../kit/processes';

/** Turns off questions, hints for the next command, and the check for a newer version over the network. */
const UNATTENDED = { TF_INPUT: '0', TF_IN_AUTOMATION: '1', CHECKPOINT_DISABLE: '1' };

/** Help text about variables for commands that run Terraform. */
export const TERRAFORM_ENVIRONMENT = {
  TERRAFORM_BINARY: 'Terraform or OpenTofu, when it is not the "terraform" of the PATH',
  TF_PLUGIN_MIRROR: 'directory with the providers, instead of downloading them',
};

export class TerraformMissingError extends MissingProgramError {
  constructor(binary: string) {
    super(
      `Terraform cannot be run as "${binary}": install Terraform 1.5 or newer ` +
        '(https://developer.hashicorp.com/terraform/install), or set TERRAFORM_BINARY to where it is.',
    );
  }
}

/** The program that is run as Terraform. */
export function terraformBinary(): string {
  return process.env.TERRAFORM_BINARY ?? 'terraform';
}

/**
 * Runs Terraform on a directory. A run that fails is an outcome like any other.
 * @param start starts the program
 * @throws TerraformMissingError
 */
export async function terraform(args: readonly string[], run: ProgramRun, start = runProgram): Promise<Outcome> {
  const binary = terraformBinary();
  try {
    return await start(binary, args, { ...run, environment: { ...UNATTENDED, ...run.environment } });
  } catch (error) {
    throw error instanceof MissingProgramError ? new TerraformMissingError(binary) : error;
  }
}

import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { EXIT, isColoured, runAsProcess, type Command, type Terminal } from '../../src/cli/command';
import { withProgress } from '../../src/cli/progress';
import { parseDiagnostics, renderDiagnostics } from '../terraform/diagnostics';
import { fingerprintDirectory } from '../terraform/fingerprint';
import { InitialisationError, NoProvidersError, withInitialisedStack } from '../terraform/initialised-stack';
import { STACK_FILE } from '../terraform/stack-file';
import { terraform } from '../terraform/terraform';

const DEFAULT_STACK = 'cdktf.out/stacks/payment-pipeline';

const HELP = `Lets Terraform validate the synthesized stack. Warnings fail as well.

Usage: npx projen validate [--stack DIR]

Options:
  --stack DIR   where the stack's ${STACK_FILE} is (default: ${DEFAULT_STACK})

Examples:
  npx projen synth && npx projen validate
  npx projen validate --stack /tmp/another/stacks/payment-pipeline

Environment:
  TERRAFORM_BINARY   Terraform, when it is not the "terraform" of the PATH
  TF_PLUGIN_MIRROR   directory with the providers, instead of downloading them

Terraform downloads the providers. Where it cannot, a mirror on this machine does; if that has no archive and random
provider, a copy of the stack is validated in which locals and terraform_data stand in for what they would make.

Exit codes: 0 valid, 1 errors or warnings, 2 nothing was validated, 3 nothing can be: Terraform's providers are not to be
had. Behind npx projen every failure is 1.
`;

export const validate: Command = {
  help: HELP,
  run: async (args, terminal) => {
    const { values } = parseArgs({ args, options: { stack: { type: 'string', default: DEFAULT_STACK } } });
    const stack = resolve(values.stack);
    if (!existsSync(join(stack, STACK_FILE)))
      throw new Error(`There is no ${STACK_FILE} in ${values.stack}: run "npx projen synth" first.`);
    const initialisation = { stderr: terminal.stderr, packageDirectory: fingerprintDirectory(stack) };
    try {
      return await withInitialisedStack(stack, initialisation, (directory) => judge(directory, terminal));
    } catch (error) {
      if (error instanceof InitialisationError) {
        terminal.stdout.write(error.message);
        return EXIT.failed;
      }
      if (!(error instanceof NoProvidersError)) throw error;
      terminal.stderr.write(`${error.message}\n`);
      return EXIT.unavailable;
    }
  },
};

async function judge(directory: string, { stdout, stderr }: Terminal): Promise<number> {
  const validating = terraform(['validate', '-json', '-no-color'], { directory });
  const answer = await withProgress('terraform validate', stderr, validating);
  const diagnostics = parseDiagnostics(answer.stdout);
  stdout.write(renderDiagnostics(diagnostics, isColoured(stdout)));
  return diagnostics.length === 0 ? EXIT.success : EXIT.failed;
}

if (require.main === module) runAsProcess(validate);

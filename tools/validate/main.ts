import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { CommandError, EXIT } from '../../src/cli/command-error';
import { program, runAsProcess } from '../../src/cli/program';
import { withProgress } from '../../src/cli/progress';
import { isColoured, type Terminal } from '../../src/cli/terminal';
import { parseDiagnostics, renderDiagnostics } from '../terraform/diagnostics';
import { fingerprintDirectory } from '../terraform/fingerprint';
import { InitialisationError, withInitialisedStack } from '../terraform/initialised-stack';
import { STACK_FILE } from '../terraform/stack-file';
import { terraform, TERRAFORM_ENVIRONMENT } from '../terraform/terraform';

export const validate = program('npx projen validate', {
  description: [
    'Let Terraform validate the synthesized stack. Warnings fail as well.',
    'Terraform downloads the providers. Where it cannot, it takes those of a mirror on this machine. If the mirror has no archive and random provider, ' +
      'a copy of the stack is validated in which locals and terraform_data replace their resources.',
  ],
  lists: { Environment: TERRAFORM_ENVIRONMENT },
  exitCodes: {
    success: 'valid',
    failed: 'errors or warnings',
    usageError: 'nothing was validated',
    unavailable: "Terraform's providers are not available",
  },
  examples: [
    'npx projen synth && npx projen validate',
    'npx projen validate --stack /tmp/another/stacks/payment-pipeline',
  ],
})
  .option('--stack <directory>', `where the stack's ${STACK_FILE} is`, 'cdktf.out/stacks/payment-pipeline')
  .work(async (options: { readonly stack: string }, terminal) => {
    const stack = resolve(options.stack);
    if (!existsSync(join(stack, STACK_FILE)))
      throw new CommandError(`There is no ${STACK_FILE} in ${options.stack}: run "npx projen synth" first.`);
    const initialisation = { stderr: terminal.stderr, packageDirectory: fingerprintDirectory(stack) };
    try {
      return await withInitialisedStack(stack, initialisation, (directory) => judge(directory, terminal));
    } catch (error) {
      if (!(error instanceof InitialisationError)) throw error;
      terminal.stdout.write(error.message); // what Terraform says about the stack is the answer
      return EXIT.failed;
    }
  });

async function judge(directory: string, { stdout, stderr }: Terminal): Promise<number> {
  const validating = terraform(['validate', '-json', '-no-color'], { directory });
  const answer = await withProgress('terraform validate', stderr, validating);
  const diagnostics = parseDiagnostics(answer.stdout);
  stdout.write(renderDiagnostics(diagnostics, isColoured(stdout)));
  return diagnostics.length === 0 ? EXIT.success : EXIT.failed;
}

if (require.main === module) runAsProcess(validate);

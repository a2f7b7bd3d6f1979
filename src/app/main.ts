import { App } from 'cdktf';
import { EXIT } from '../cli/command-error';
import { program, runAsProcess } from '../cli/program';
import { givenValue, projectVariableFiles } from './given-values';
import { PaymentStack } from './payment-stack';
import { type ProfileOptions, profileOption } from './settings';
import { type GivenVariables, SYNTHESIS_VARIABLES } from './synthesis-variables';
import { withoutTraces } from './without-traces';

interface SynthOptions extends ProfileOptions {
  readonly var?: string[];
  readonly varFile?: string[];
  readonly defaults?: true;
}

export const synth = program('npx projen synth', {
  description: [
    'Write the stack as Terraform JSON to cdktf.out/stacks/payment-pipeline/.',
    "Terraform reads the variables later, except for those below. They come from TF_VAR_<name>, the files of the project's root (terraform.tfvars, terraform.tfvars.json, *.auto.tfvars, *.auto.tfvars.json, and, with TF_VAR_environment=dev, dev.tfvars), --var-file and --var. The last of these wins.",
  ],
  lists: {
    'Variables of the synthesis': SYNTHESIS_VARIABLES,
    Environment: {
      CDKTF_OUTDIR: 'another directory than cdktf.out',
      SYNTH_HCL_OUTPUT: '"true" writes HCL; give it a directory of its own',
    },
  },
  exitCodes: { success: 'written', usageError: 'not written' },
  examples: ['npx projen synth', 'npx projen synth -- --profile production'],
})
  .addOption(profileOption())
  .option('--var <name=value>', 'set a variable; repeat it for more', append)
  .option('--var-file <file>', 'read variables from a file; repeat it for more', append)
  .option('--defaults', 'read no variables: all have their defaults')
  .work(({ profile, ...options }: SynthOptions) => {
    withoutTraces(() => {
      const app = new App();
      new PaymentStack(app, profile, given(options));
      app.synth();
    });
    return EXIT.success;
  });

function append(value: string, before: string[] = []): string[] {
  return [...before, value];
}

function given({
  var: variables = [],
  varFile: variableFiles = [],
  defaults,
}: Omit<SynthOptions, 'profile'>): GivenVariables {
  if (defaults) return {};
  const files = projectVariableFiles(process.cwd());
  const valueOf = (name: string) => givenValue(name, { variables, variableFiles }, files, process.env);
  return Object.fromEntries(Object.keys(SYNTHESIS_VARIABLES).map((name) => [name, valueOf(name)]));
}

if (require.main === module) runAsProcess(synth);

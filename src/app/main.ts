import { App } from 'cdktf';
import { EXIT } from '../cli/command-error';
import { program, runAsProcess } from '../cli/program';
import { PaymentStack } from './payment-stack';
import { type ProfileOptions, profileOption } from './settings';

export const synth = program('npx projen synth', {
  description: 'Write the stack as Terraform JSON to cdktf.out/stacks/payment-pipeline/.',
  lists: {
    Environment: {
      CDKTF_OUTDIR: 'another directory than cdktf.out',
      SYNTH_HCL_OUTPUT: '"true" writes HCL; give it a directory of its own',
    },
  },
  exitCodes: { success: 'written', usageError: 'not written' },
  examples: ['npx projen synth', 'npx projen synth -- --profile production'],
})
  .addOption(profileOption())
  .work(({ profile }: ProfileOptions) => {
    const app = new App();
    new PaymentStack(app, profile);
    app.synth();
    return EXIT.success;
  });

if (require.main === module) runAsProcess(synth);

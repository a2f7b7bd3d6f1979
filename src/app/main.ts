import { App } from 'cdktf';
import { parseArgs } from 'node:util';
import { type Command, EXIT, runAsProcess } from '../cli/command';
import { PaymentStack } from './payment-stack';
import { profileNamed } from './profile-option';

const HELP = `Writes the stack as Terraform JSON to cdktf.out/stacks/payment-pipeline/.

Usage: npx projen synth -- [--profile dev|production]

Options:
  --profile  dev (default) can be torn down at will; production keeps a year of
             audit trail and protects what it stores

Environment:
  CDKTF_OUTDIR       another directory than cdktf.out
  SYNTH_HCL_OUTPUT   "true" writes HCL; give it a directory of its own

Examples:
  npx projen synth
  npx projen synth -- --profile production
`;

export const synth: Command = {
  help: HELP,
  run: (args) => {
    const { values } = parseArgs({ args, options: { profile: { type: 'string', default: 'dev' } } });
    const profile = profileNamed(values.profile);
    const app = new App();
    new PaymentStack(app, profile);
    app.synth();
    return Promise.resolve(EXIT.success);
  },
};

if (require.main === module) runAsProcess(synth);

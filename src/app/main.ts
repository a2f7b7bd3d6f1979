import { App } from 'cdktf';
import { parseArgs } from 'node:util';
import { type Command, EXIT, runAsProcess } from '../cli/command';
import { type ProfileName, PROFILES } from '../infrastructure/profile';
import { PaymentStack } from './payment-stack';

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
    if (!isProfile(values.profile)) {
      throw new Error(`--profile is "${values.profile}", but must be one of ${Object.keys(PROFILES).join(', ')}.`);
    }
    const app = new App();
    new PaymentStack(app, values.profile);
    app.synth();
    return Promise.resolve(EXIT.fine);
  },
};

function isProfile(name: string): name is ProfileName {
  return Object.keys(PROFILES).includes(name);
}

if (require.main === module) runAsProcess(synth);

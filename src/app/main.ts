import { App } from 'cdktf';
import { parseArgs } from 'node:util';
import { PaymentStack } from './payment-stack';

const HELP = `Writes the stack as Terraform JSON to cdktf.out/stacks/payment-pipeline/.

Usage: npx projen synth

Environment:
  CDKTF_OUTDIR       another directory than cdktf.out
  SYNTH_HCL_OUTPUT   "true" writes HCL; give it a directory of its own
`;

const args = process.argv.slice(2);
const { values } = parseArgs({
  args: args[0] === '--' ? args.slice(1) : args,
  options: { help: { type: 'boolean', short: 'h' } },
});

if (values.help) {
  process.stdout.write(HELP);
} else {
  const app = new App();
  new PaymentStack(app);
  app.synth();
}

import { parseArgs } from 'node:util';
import { runAsProcess, type Command } from '../../src/cli/command';
import { FAULTS, faultsNamed } from './faults/faults';
import { runAll, runBroken } from './run';
import { onTheEmulator } from './emulator/session';

const HELP = `Applies the synthesized stack to an emulator of AWS on this machine, looks whether all stands there as asked for, pays
through the deployed functions with their own roles, operates it with the operator's tool and the runbook's commands, puts
faults into it that the assertions have to name, and destroys it again. Takes some seven minutes.

Usage: npx projen e2e [--break FAULT]

Options:
  --break FAULT   puts a fault into the stack, and looks whether the assertions name it, and nothing else: "all", or
${Object.entries(FAULTS)
  .map(([name, { what }]) => `                  ${name.padEnd(19)}${what}`)
  .join('\n')}

Needs Python 3.10 with venv, and Terraform 1.5 or newer; bundles the functions itself. The emulator (moto) and the AWS CLI
are installed once, in .e2e/venv; the logs of the last run are in .e2e/logs. Nothing leaves this machine but the downloads of the
emulator and of Terraform's providers.

Environment:
  TERRAFORM_BINARY   Terraform, when it is not the "terraform" of the PATH
  TF_PLUGIN_MIRROR   directory with the providers, instead of downloading them

Examples:
  npx projen e2e
  npx projen e2e --break all
  TERRAFORM_BINARY=~/bin/terraform npx projen e2e

Exit codes: 0 all held, 1 a step did not hold, 2 nothing was judged, 3 nothing can be: Terraform's providers are not to
be had. Behind npx projen every failure is 1.
`;

export const e2e: Command = {
  help: HELP,
  run: (args, terminal) => {
    const { values } = parseArgs({ args, options: { break: { type: 'string' } } });
    const faults = values.break === undefined ? [] : faultsNamed(values.break);
    return onTheEmulator(terminal, (run) => (faults.length === 0 ? runAll(run) : runBroken(run, faults)));
  },
};

if (require.main === module) runAsProcess(e2e);

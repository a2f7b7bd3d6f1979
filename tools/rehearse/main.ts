import { parseArgs } from 'node:util';
import { runAsProcess, type Command } from '../../src/cli/command';
import { rehearse } from './run';
import { onTheEmulator } from '../e2e/emulator/session';

const HELP = `Rehearses the workflows on this machine: every step as it is written in .github/workflows, in order, on an emulator of AWS and
a stand-in for GitHub. A pull request is planned, merged, and applied as reviewed; another meets a change by hand, and waits
for an approval. What is applied is part of the stack: the topic of the alerts, with what it needs.

Usage: npx projen rehearse

Needs git, Python 3.10 with venv, and Terraform 1.5 or newer. The emulator (moto) is installed once, in .e2e/venv; the logs of
the last run are in .e2e/logs.

Environment:
  TERRAFORM_BINARY   Terraform, when it is not the "terraform" of the PATH
  TF_PLUGIN_MIRROR   directory with the providers, instead of downloading them

Examples:
  npx projen rehearse

Exit codes: 0 all went as it should, 1 a step did not, 2 nothing was judged, 3 nothing can be: Terraform's providers are not to
be had. Behind npx projen every failure is 1.
`;

const rehearsal: Command = {
  help: HELP,
  run: (args, terminal) => {
    parseArgs({ args, options: {} });
    return onTheEmulator(terminal, rehearse);
  },
};

if (require.main === module) runAsProcess(rehearsal);

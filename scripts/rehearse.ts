import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { OLDEST_TERRAFORM } from '../src/app/settings';
import { EXIT, runAsProcess, type Command } from '../src/cli/command';
import { Processes } from '../test/e2e/support/processes';
import { StepError, Steps } from '../test/e2e/support/steps';
import { rehearse } from '../test/rehearsal/run';
import { requireTerraform } from './deploy/terraform-version';
import { cleanUpAtTheEnd, temporaryDirectory } from './support/clean-up';
import { NoProvidersError } from './terraform/initialised-stack';

const KEPT = join(__dirname, '..', '.e2e');

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
  run: async (args, { stdout }) => {
    parseArgs({ args, options: {} });
    await requireTerraform(OLDEST_TERRAFORM, 'for this stack');
    process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
    const processes = new Processes();
    const temporary = temporaryDirectory();
    cleanUpAtTheEnd(processes, temporary);
    mkdirSync(join(KEPT, 'logs'), { recursive: true });
    const began = Date.now();
    try {
      await rehearse({ steps: new Steps(stdout), processes, kept: KEPT, temporary });
      stdout.write(`All went as it should. ${((Date.now() - began) / 60_000).toFixed(1)} minutes.\n`);
      return EXIT.fine;
    } catch (error) {
      if (!(error instanceof StepError)) throw error;
      stdout.write(`${error.message}\n`);
      return error.cause instanceof NoProvidersError ? EXIT.lacking : EXIT.finding;
    } finally {
      processes.endAll();
    }
  },
};

if (require.main === module) runAsProcess(rehearsal);

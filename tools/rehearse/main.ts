import { program, runAsProcess } from '../../src/cli/program';
import { onTheEmulator } from '../e2e/emulator/session';
import { TERRAFORM_ENVIRONMENT } from '../terraform/terraform';
import { rehearse } from './run';

export const rehearsal = program('npx projen rehearse', {
  description: [
    'Rehearse the workflows on this machine. Every step runs as it is written in .github/workflows, in order, on an emulator of AWS and a stand-in for GitHub. ' +
      'One pull request is planned, merged, and applied as reviewed; another conflicts with a change by hand, and waits for an approval. ' +
      'Part of the stack is applied: the topic of the alerts, with what it needs.',
    'Needs git, Python 3.10 with venv, and Terraform 1.5 or newer. The emulator (moto) is installed once, in .e2e/venv; the logs of the last run are in .e2e/logs/rehearse.',
  ],
  lists: { Environment: TERRAFORM_ENVIRONMENT },
  exitCodes: {
    success: 'every step held',
    failed: 'a step did not hold',
    usageError: 'nothing was judged',
    unavailable: "Terraform's providers are not available",
  },
  examples: ['npx projen rehearse'],
}).work((_options, terminal) => onTheEmulator('rehearse', terminal, rehearse));

if (require.main === module) runAsProcess(rehearsal);

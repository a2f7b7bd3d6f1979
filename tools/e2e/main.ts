import { choiceOption } from '../../src/cli/options';
import { program, runAsProcess } from '../../src/cli/program';
import { TERRAFORM_ENVIRONMENT } from '../terraform/terraform';
import { onTheEmulator } from './emulator/session';
import { FAULTS } from './faults/faults';
import { runAll, runBroken } from './run';

export const e2e = program('npx projen e2e', {
  description: [
    'Apply the stack, with an adapter of the fraud API, published outcomes and the outage alarm, to an emulator of AWS on this machine, and check it. The run compares the resources with the stack, pays through the deployed functions with their own roles, ' +
      "operates the pipeline with the operator's tool and the runbooks' commands, injects faults that the assertions have to name, shows that Terraform refuses to destroy production, and destroys everything again. Takes some seven minutes.",
    'Needs Python 3.10 with venv, and Terraform 1.5 or newer; bundles the functions itself. The emulator (moto) and the AWS CLI are installed once, in .e2e/venv; the logs of the last run are in .e2e/logs/e2e. ' +
      "Nothing leaves this machine but the downloads of the emulator and of Terraform's providers.",
  ],
  lists: {
    Faults: Object.fromEntries(Object.entries(FAULTS).map(([name, { what }]) => [name, what])),
    Environment: TERRAFORM_ENVIRONMENT,
  },
  exitCodes: {
    success: 'all held',
    failed: 'a step did not hold',
    usageError: 'nothing was judged',
    unavailable: "Terraform's providers are not available",
  },
  examples: ['npx projen e2e', 'npx projen e2e --break all', 'TERRAFORM_BINARY=~/bin/terraform npx projen e2e'],
})
  .addOption(
    choiceOption(
      '--break <fault>',
      'inject a fault into the stack, and check that the assertions name it, and nothing else',
      ['all', ...Object.keys(FAULTS)],
    ),
  )
  .work(({ break: name }: { readonly break?: string }, terminal) =>
    onTheEmulator('e2e', terminal, (run) => {
      if (name === undefined) return runAll(run);
      return runBroken(run, name === 'all' ? Object.values(FAULTS) : [FAULTS[name]!]);
    }),
  );

if (require.main === module) runAsProcess(e2e);

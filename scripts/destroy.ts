import { runAsProcess } from '../src/cli/command';
import { ABOUT_THE_RUN, EXIT_CODES } from './deploy/help';
import { terraformTask } from './deploy/terraform-task';

const HELP = `Lets Terraform destroy what the state has. Terraform asks first.

Usage: npx projen destroy -- [Terraform's options]

It bundles nothing that is bundled already, and needs no variables. Where the production profile protects something,
nothing is destroyed: deploy with --profile dev before.

${ABOUT_THE_RUN}
Examples:
  npx projen destroy
  npx projen destroy -- -auto-approve
  TF_STATE_BUCKET=my-states npx projen destroy

${EXIT_CODES}`;

export const destroy = terraformTask('destroy', HELP);

if (require.main === module) runAsProcess(destroy);

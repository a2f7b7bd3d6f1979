import { runAsProcess } from '../src/cli/command';
import { ABOUT_THE_RUN, EXIT_CODES } from './deploy/help';
import { terraformTask } from './deploy/terraform-task';

const HELP = `Bundles the functions, synthesizes the stack, lets Terraform apply it, and shows the outputs. Terraform asks first.

Usage: npx projen deploy -- [--profile dev|production] [Terraform's options] [PLAN]

A saved PLAN is applied as it is: nothing is built, and the variables are those it was made with. With it travel
cdktf.out/stacks/payment-pipeline, hidden files too, and the state where that is a file.

${ABOUT_THE_RUN}
Examples:
  npx projen deploy
  npx projen deploy -- -auto-approve -input=false
  npx projen deploy -- --profile production -var-file=production.tfvars
  npx projen deploy -- production.tfplan

${EXIT_CODES}`;

export const deploy = terraformTask('apply', HELP);

if (require.main === module) runAsProcess(deploy);

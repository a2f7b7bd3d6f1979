import { runAsProcess } from '../../src/cli/command';
import { ABOUT_THE_RUN, EXIT_CODES } from './help';
import { terraformTask } from './terraform-task';

const PLAN_HELP = `Bundles the functions, synthesizes the stack, and shows what Terraform would change.

Usage: npx projen plan -- [--profile dev|production] [--synthesized] [Terraform's options]

--synthesized builds nothing: the stack in cdktf.out is planned as it is, and --profile says nothing then.

${ABOUT_THE_RUN}
Examples:
  npx projen plan
  npx projen plan -- -var=alert_email=oncall@example.com -var=fraud_api_url=https://fraud.example.internal/check
  npx projen plan -- --profile production -var-file=production.tfvars -out=production.tfplan

${EXIT_CODES}`;

const DEPLOY_HELP = `Bundles the functions, synthesizes the stack, lets Terraform apply it, and shows the outputs. Terraform asks first.

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

const DESTROY_HELP = `Lets Terraform destroy what the state has. Terraform asks first.

Usage: npx projen destroy -- [Terraform's options]

It bundles nothing that is bundled already, and needs no variables. Where the production profile protects something,
nothing is destroyed: deploy with --profile dev before.

${ABOUT_THE_RUN}
Examples:
  npx projen destroy
  npx projen destroy -- -auto-approve
  TF_STATE_BUCKET=my-states npx projen destroy

${EXIT_CODES}`;

export const plan = terraformTask('plan', PLAN_HELP);
export const deploy = terraformTask('apply', DEPLOY_HELP);
export const destroy = terraformTask('destroy', DESTROY_HELP);

const COMMANDS = { plan, deploy, destroy };

if (require.main === module) {
  const [, , verb, ...args] = process.argv;
  const command = Object.entries(COMMANDS).find(([name]) => name === verb)?.[1];
  if (command === undefined)
    throw new Error(`${String(verb)} is no command: give one of ${Object.keys(COMMANDS).join(', ')}.`);
  runAsProcess(command, args);
}

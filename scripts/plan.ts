import { runAsProcess } from '../src/cli/command';
import { ABOUT_THE_RUN, EXIT_CODES } from './deploy/help';
import { terraformTask } from './deploy/terraform-task';

const HELP = `Bundles the functions, synthesizes the stack, and shows what Terraform would change.

Usage: npx projen plan -- [--profile dev|production] [--synthesized] [Terraform's options]

--synthesized builds nothing: the stack in cdktf.out is planned as it is, and --profile says nothing then.

${ABOUT_THE_RUN}
Examples:
  npx projen plan
  npx projen plan -- -var=alert_email=oncall@example.com -var=fraud_api_url=https://fraud.example.internal/check
  npx projen plan -- --profile production -var-file=production.tfvars -out=production.tfplan

${EXIT_CODES}`;

export const plan = terraformTask('plan', HELP);

if (require.main === module) runAsProcess(plan);

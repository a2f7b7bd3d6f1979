/** What the help of every command has in common. */
export const ABOUT_THE_RUN = `Behind "--", whatever is not listed here is Terraform's: -var, -var-file, -target, -input=false and so on. Paths are
from where you stand.

Options:
  --profile  dev (default) can be torn down at will; production keeps a year of
             audit trail and protects what it stores

Variables:
  alert_email and fraud_api_url have to be given, by -var, by TF_VAR_<name>, or in a file. Terraform looks for such files
  beside the generated configuration; here those of the project's root are passed to it: terraform.tfvars,
  terraform.tfvars.json, *.auto.tfvars, *.auto.tfvars.json. What the command line says wins.

Environment:
  AWS_PROFILE, AWS_ACCESS_KEY_ID, ...   credentials, as for the AWS CLI; the region is the stack's
  AWS_ACCOUNT_ID     refuse any other account
  HTTPS_PROXY, NO_PROXY   the proxy to AWS, and the hosts that are called without it
  TF_STATE_BUCKET    keep the state in this S3 bucket, locked and encrypted, rather than in payment-pipeline.tfstate;
                     needs Terraform 1.10. TF_STATE_KEY and TF_STATE_REGION say where in it
  TF_STATE_PATH      another file for a local state, from cdktf.out/stacks/payment-pipeline
  TERRAFORM_BINARY   Terraform or OpenTofu, when it is not the "terraform" of the PATH
  TF_PLUGIN_MIRROR   directory with the providers, instead of downloading them
`;

export const EXIT_CODES = `Exit codes: Terraform's own, 1 when it fails; 2 nothing was touched. Behind npx projen every failure is 1.
`;

import { Fn, Op, TerraformVariable, type TerraformVariableValidationConfig, Token } from 'cdktf';
import type { Construct } from 'constructs';
import { awsEnvironmentOf } from '../infrastructure/aws-environment';
import {
  alertEmailRule,
  deploymentPrincipalArnRule,
  dlqRetentionDaysRule,
  environmentRule,
  fraudApiUrlRule,
  lambdaMemoryRule,
  permissionsBoundaryArnRule,
  type VariableRule,
  visibilityTimeoutRule,
} from '../infrastructure/prop-rules';

/** Names no host, by the definition of the .invalid domain: the stack can be synthesized and read, but not deployed. */
const NO_FRAUD_API = 'https://fraud.invalid/check';

/** Text rather than nothing: cdktf's HCL leaves out a default that is empty. */
const ACCOUNT_ROOT = 'root';

const NO_BOUNDARY = 'none';

export type Variables = ReturnType<typeof declareVariables>;

/** What whoever deploys decides; Terraform checks it as the construct checks its props. */
export function declareVariables(scope: Construct) {
  return {
    environment: new TerraformVariable(scope, 'environment', {
      type: 'string',
      default: 'dev',
      description: "Part of the resources' names, and their Environment tag.",
      validation: [validated('environment', environmentRule)],
    }),
    alertEmail: new TerraformVariable(scope, 'alert_email', {
      type: 'string',
      description: 'Who gets the alarms by email, after confirming the first.',
      validation: [validated('alert_email', alertEmailRule)],
    }),
    lambdaMemory: new TerraformVariable(scope, 'lambda_memory', {
      type: 'number',
      default: 256,
      description: 'Memory of each function, in MB.',
      validation: [validated('lambda_memory', lambdaMemoryRule)],
    }),
    visibilityTimeout: new TerraformVariable(scope, 'sqs_visibility_timeout', {
      type: 'number',
      default: 360,
      description: "Seconds for which a delivered payment is hidden: at least six times the processor's timeout of 60.",
      validation: [validated('sqs_visibility_timeout', visibilityTimeoutRule)],
    }),
    dlqRetentionDays: new TerraformVariable(scope, 'dlq_retention_days', {
      type: 'number',
      default: 14,
      description: 'Days for which the dead-letter queue keeps a message, 5 to 14.',
      validation: [validated('dlq_retention_days', dlqRetentionDaysRule)],
    }),
    fraudApiUrl: new TerraformVariable(scope, 'fraud_api_url', {
      type: 'string',
      default: NO_FRAUD_API,
      description:
        "URL of the fraud API that decides every payment, at an address within the VPC's range. Has to be set.",
      validation: [
        validated('fraud_api_url', fraudApiUrlRule),
        {
          condition: `\${var.fraud_api_url != "${NO_FRAUD_API}"}`,
          errorMessage: 'fraud_api_url has to be set to the URL of your fraud API.',
        },
      ],
    }),
    reserveConcurrency: new TerraformVariable(scope, 'reserve_concurrency', {
      type: 'bool',
      default: true,
      description: "Whether the processor's concurrency is reserved; an account with a low quota has to say false.",
    }),
    deploymentPrincipalArn: new TerraformVariable(scope, 'deployment_principal_arn', {
      type: 'string',
      default: ACCOUNT_ROOT,
      description: `ARN of the IAM role or user that deploys and administers the keys; "${ACCOUNT_ROOT}" for the account's root.`,
      validation: [validated('deployment_principal_arn', deploymentPrincipalArnRule, ACCOUNT_ROOT)],
    }),
    permissionsBoundaryArn: new TerraformVariable(scope, 'permissions_boundary_arn', {
      type: 'string',
      default: NO_BOUNDARY,
      description: `ARN of the IAM policy that bounds every role of the pipeline; "${NO_BOUNDARY}" for no boundary.`,
      validation: [validated('permissions_boundary_arn', permissionsBoundaryArnRule, NO_BOUNDARY)],
    }),
  };
}

/** The role or user that deploys, or the account's root. */
export function deploymentPrincipal(scope: Construct, { deploymentPrincipalArn }: Variables): string {
  const given = deploymentPrincipalArn.stringValue;
  return Token.asString(Fn.conditional(Op.eq(given, ACCOUNT_ROOT), awsEnvironmentOf(scope).accountRoot, given));
}

/** The policy that bounds the roles; Terraform takes null for none. */
export function permissionsBoundary({ permissionsBoundaryArn }: Variables): string {
  const given = permissionsBoundaryArn.stringValue;
  return Token.asString(Fn.conditional(Op.eq(given, NO_BOUNDARY), Token.nullValue(), given));
}

/** @param or a value that is allowed besides what the rule allows */
function validated(variable: string, rule: VariableRule, or?: string): TerraformVariableValidationConfig {
  const reference = `var.${variable}`;
  const condition = rule.condition(reference);
  if (or === undefined) return { condition: `\${${condition}}`, errorMessage: `${variable} must be ${rule.wanted}.` };
  return {
    condition: `\${${reference} == "${or}" || ${condition}}`,
    errorMessage: `${variable} must be "${or}", or ${rule.wanted}.`,
  };
}

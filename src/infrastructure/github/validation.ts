import { Token } from 'cdktf';
import type { Construct } from 'constructs';
import { arnPattern } from '../../contract/arn';
import {
  BOOLEAN,
  environmentRule,
  kmsKeyArnRule,
  matches,
  queueNameRule,
  secretArnRule,
  vpcIdRule,
} from '../prop-rules';
import { badValues, listed, type PropRow, unknownProps } from '../prop-table';
import type { GitHubDeployRolesProps, GitHubSettings } from './props';

/** Bad props of deploy roles. The message names each, with its value and the rule. */
export class GitHubDeployRolesPropsError extends Error {
  override readonly name = 'GitHubDeployRolesPropsError';
}

/** GitHub writes a colon in an environment's name as `%3A` in the token; a name of these characters stays as it is. */
const ENVIRONMENT_NAME = /^[A-Za-z0-9._-]{1,255}$/;

const workflowsRule = {
  allows: areNames(/^[A-Za-z0-9._-]+\.ya?ml$/),
  wanted: 'one or more names of files in .github/workflows, such as plan.yml',
};

/** Each prop of the deploy roles. */
export const PROPS: { readonly [Prop in keyof Required<GitHubDeployRolesProps>]: PropRow<GitHubSettings[Prop]> } = {
  repository: {
    rule: matches(
      String.raw`^([A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9._-]+|[A-Za-z0-9][A-Za-z0-9-]*@\d+/[A-Za-z0-9._-]+@\d+)$`,
      'one repository, as OWNER/NAME, or OWNER@ID/NAME@ID with the numbers that GitHub gave them',
    ),
  },
  stateBucket: { rule: matches(String.raw`^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$`, 'the name of an S3 bucket') },
  stateKey: {
    default: 'payment-pipeline.tfstate',
    // A pattern or a variable of IAM would give access to other states. The provider turns "&{" into "${" in a policy.
    rule: matches(
      String.raw`^(?!.*&\{)[^\s*?$/][^\s*?$]{0,1016}$`,
      'the key of an S3 object, without spaces, any of *?$ and &{',
    ),
  },
  stateKmsKeyArn: { rule: kmsKeyArnRule },
  branch: {
    default: 'main',
    rule: matches(String.raw`^[A-Za-z0-9_][A-Za-z0-9._/-]{0,243}$`, 'the name of one branch, without refs/heads/'),
  },
  environments: {
    default: ['production', 'production-review'],
    rule: {
      allows: areNames(ENVIRONMENT_NAME),
      wanted: "one or more names of GitHub's environments, of letters, digits and ._-",
    },
  },
  planWorkflows: { default: ['plan.yml', 'drift.yml'], rule: workflowsRule },
  applyWorkflows: { default: ['apply.yml', 'destroy.yml'], rule: workflowsRule },
  pipelineEnvironment: { default: 'dev', rule: environmentRule },
  queueName: { default: 'payment-processing', rule: queueNameRule },
  apiKeySecretArn: { rule: secretArnRule },
  privateLinkHost: {
    rule: matches(String.raw`^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$`, 'a host in lowercase, such as fraud.example.com'),
  },
  vpcId: { rule: vpcIdRule },
  compositeAlarms: { default: false, rule: BOOLEAN },
  tablePolicy: { default: false, rule: BOOLEAN },
  protectEvidence: { default: false, rule: BOOLEAN },
  oidcProviderArn: {
    rule: matches(
      arnPattern({
        service: 'iam',
        region: '',
        resource: String.raw`oidc-provider/token\.actions\.githubusercontent\.com`,
      }),
      "the ARN of an account's OIDC provider for token.actions.githubusercontent.com",
    ),
  },
};

/** @throws GitHubDeployRolesPropsError naming every bad prop at once */
export function validate(roles: Construct, props: GitHubDeployRolesProps, settings: GitHubSettings): void {
  const { repository, stateBucket, ...values } = settings;
  const faults = [
    ...badValues(PROPS, { repository, stateBucket, ...values }),
    ...unknownProps(PROPS, props, () => 'the deploy roles have no such prop'),
  ];
  if (faults.length > 0)
    throw new GitHubDeployRolesPropsError(`Bad props of the deploy roles "${roles.node.path}":${listed(faults)}`);
}

function areNames(pattern: RegExp): (value: unknown) => boolean {
  const isName = (name: unknown) => Token.isUnresolved(name) || (typeof name === 'string' && pattern.test(name));
  return (value) => Array.isArray(value) && value.length > 0 && value.every(isName);
}

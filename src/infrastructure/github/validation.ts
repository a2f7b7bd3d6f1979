import { Token } from 'cdktf';
import type { Construct } from 'constructs';
import { arnPattern } from '../../contract/arn';
import { badValues, type PropError, listed } from '../prop-error';
import { environmentRule, kmsKeyArnRule, matches, queueNameRule, type Rule, secretArnRule } from '../prop-rules';
import { type GitHubDeployRolesProps, type GitHubSettings, PROP_NAMES } from './props';

/** Props of deploy roles are bad; the message names every one, with its value and the rule. */
export class GitHubDeployRolesPropsError extends Error {
  override readonly name = 'GitHubDeployRolesPropsError';
}

/** GitHub writes a colon in an environment's name as `%3A` in the token; a name of these characters stays as it is. */
const ENVIRONMENT_NAME = /^[A-Za-z0-9._-]{1,255}$/;

export const RULES: Readonly<Record<string, Rule>> = {
  repository: matches(
    String.raw`^([A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9._-]+|[A-Za-z0-9][A-Za-z0-9-]*@\d+/[A-Za-z0-9._-]+@\d+)$`,
    'one repository, as OWNER/NAME, or OWNER@ID/NAME@ID with the numbers that GitHub gave them',
  ),
  stateBucket: matches(String.raw`^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$`, 'the name of an S3 bucket'),
  // What IAM reads as a pattern or a variable would open other states; the provider makes "${" of "&{" in a policy.
  stateKey: matches(
    String.raw`^(?!.*&\{)[^\s*?$/][^\s*?$]{0,1016}$`,
    'the key of an S3 object, without spaces, any of *?$ and &{',
  ),
  stateKmsKeyArn: kmsKeyArnRule,
  branch: matches(String.raw`^[A-Za-z0-9_][A-Za-z0-9._/-]{0,243}$`, 'the name of one branch, without refs/heads/'),
  environments: {
    allows: areEnvironments,
    wanted: "one or more names of GitHub's environments, of letters, digits and ._-",
  },
  pipelineEnvironment: environmentRule,
  queueName: queueNameRule,
  apiKeySecretArn: secretArnRule,
  oidcProviderArn: matches(
    arnPattern({
      service: 'iam',
      region: '',
      resource: String.raw`oidc-provider/token\.actions\.githubusercontent\.com`,
    }),
    "the ARN of an account's OIDC provider for token.actions.githubusercontent.com",
  ),
};

/** @throws GitHubDeployRolesPropsError naming every bad prop at once */
export function validate(roles: Construct, props: GitHubDeployRolesProps, settings: GitHubSettings): void {
  const { repository, stateBucket, ...values } = settings;
  const faults = [...badValues({ repository, stateBucket, ...values }, RULES), ...unknownProps(props)];
  if (faults.length > 0)
    throw new GitHubDeployRolesPropsError(`Bad props of the deploy roles "${roles.node.path}":${listed(faults)}`);
}

function areEnvironments(value: unknown): boolean {
  const isName = (name: unknown) =>
    Token.isUnresolved(name) || (typeof name === 'string' && ENVIRONMENT_NAME.test(name));
  return Array.isArray(value) && value.length > 0 && value.every(isName);
}

function unknownProps(props: GitHubDeployRolesProps): PropError[] {
  return Object.entries(props)
    .filter(([prop]) => !PROP_NAMES.has(prop))
    .map(([prop, value]) => ({
      prop,
      value: value as unknown,
      must: 'be left out: the deploy roles have no such prop',
    }));
}

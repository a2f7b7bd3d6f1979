/**
 * Props of the deploy roles. A Terraform variable, or any other token, may stand for each text or a part of it; a value that only
 * Terraform knows is not validated. All other text reaches AWS as it is: `${` begins no expression.
 */
export interface GitHubDeployRolesProps {
  /**
   * The repository whose workflows take the roles, as `OWNER/NAME`; as `OWNER@ID/NAME@ID` where GitHub's tokens have the
   * numbers in their subject. They do in repositories that were made, renamed or moved after July 15, 2026, and in those
   * that opted in: the repository's settings show the subject under Actions, OIDC.
   */
  readonly repository: string;

  /** Name of the S3 bucket with Terraform's state, as in `TF_STATE_BUCKET`. */
  readonly stateBucket: string;

  /**
   * Where in the bucket the state is, as in `TF_STATE_KEY`. The lock is the file of this name with `.tflock` behind it.
   * @default 'payment-pipeline.tfstate'
   */
  readonly stateKey?: string;

  /**
   * ARN of the customer-managed key that encrypts the state, which both roles then may use through S3.
   * @default the state is encrypted with S3's own keys, which need no permission
   */
  readonly stateKmsKeyArn?: string;

  /**
   * The branch whose jobs may plan and apply: the default branch, whose workflow files plan pull requests.
   * @default 'main'
   */
  readonly branch?: string;

  /**
   * GitHub's environments whose jobs may apply.
   * @default ['production', 'production-review']
   */
  readonly environments?: readonly string[];

  /**
   * The files in `.github/workflows` whose jobs may plan.
   * @default ['plan.yml', 'drift.yml']
   */
  readonly planWorkflows?: readonly string[];

  /**
   * The files in `.github/workflows` whose jobs may apply.
   * @default ['apply.yml', 'destroy.yml']
   */
  readonly applyWorkflows?: readonly string[];

  /**
   * The pipeline's `environment`: the roles may work on what has it in its name, and are named after it themselves.
   * @default 'dev'
   */
  readonly pipelineEnvironment?: string;

  /**
   * The pipeline's `queueName`.
   * @default 'payment-processing'
   */
  readonly queueName?: string;

  /**
   * ARN of the secret that the pipeline's `fraudApi` has as `apiKeySecretArn`: its functions may read that one, and no other.
   * @default they may read none
   */
  readonly apiKeySecretArn?: string;

  /**
   * Host of the fraud API's URL, in lowercase, if the pipeline has `FraudApi.privateLink`: the roles may then make the private hosted
   * zone, the record of this name, and the endpoint's security group.
   * @default they may make none
   */
  readonly privateLinkHost?: string;

  /**
   * ID of the VPC if the pipeline has `Network.existing`: the roles may then make security groups, endpoints and flow logs in it, and connect
   * endpoints with its subnets, route tables and security groups.
   * @default they may make them only in the VPC that the pipeline makes
   */
  readonly vpcId?: string;

  /**
   * Whether the pipeline has the alarm `payments-outage`: the roles may then read every alarm of the AWS account and region, and write every
   * composite one, because AWS limits neither to names.
   * @default false
   */
  readonly compositeAlarms?: boolean;

  /**
   * Whether `grantReadPayments` is called with the ARN of a role, which needs a policy of the table. The role that applies may then write this
   * policy, and with it let any role read payments.
   * @default false
   */
  readonly tablePolicy?: boolean;

  /**
   * Whether the role that applies is denied to delete evidence of payments or to shorten how long AWS keeps it: the trail, log groups, table,
   * point-in-time recovery, audit bucket and keys. It can't create them either then, because that takes the same actions: let it
   * apply the pipeline once before, or deploy the pipeline by hand. Later changes of these need a person.
   * @default false
   */
  readonly protectEvidence?: boolean;

  /**
   * ARN of the account's OIDC provider for GitHub, if there is one: an account takes only one.
   * @default one is made
   */
  readonly oidcProviderArn?: string;
}

type OptionalProp = 'stateKmsKeyArn' | 'apiKeySecretArn' | 'privateLinkHost' | 'vpcId' | 'oidcProviderArn';

/** The props with every default filled in. */
export type GitHubSettings = Required<Omit<GitHubDeployRolesProps, OptionalProp>> &
  Pick<GitHubDeployRolesProps, OptionalProp>;

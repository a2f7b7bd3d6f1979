import { KmsAlias } from '@cdktf/provider-aws/lib/kms-alias';
import { KmsKey } from '@cdktf/provider-aws/lib/kms-key';
import { Construct } from 'constructs';
import { awsEnvironmentOf, type AwsEnvironment } from './aws-environment';
import type { Names } from './resource-names';
import { account, condition, MutablePolicyDocument, service, type Statement, throughService } from './policy';
import type { Profile } from './profile';

const USE_KEY = ['kms:Decrypt', 'kms:GenerateDataKey*'];
const ADMINISTER_KEY = [
  ...['Create*', 'Describe*', 'Enable*', 'List*', 'Put*', 'Update*', 'Revoke*', 'Disable*', 'Get*', 'Delete*'],
  ...['TagResource', 'UntagResource', 'ScheduleKeyDeletion', 'CancelKeyDeletion'],
].map((action) => `kms:${action}`);
/** AWS page "Encrypt log data in CloudWatch Logs using AWS KMS". */
const ENCRYPT_LOGS = ['kms:Encrypt*', 'kms:Decrypt*', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:Describe*'];

/** SQS encrypts in the sender's name, and checks what it encrypted. */
export const ENCRYPT_MESSAGES = ['kms:GenerateDataKey', 'kms:Decrypt'];
/** DynamoDB decrypts the table's own key in the reader's name. */
export const DECRYPT_ITEMS = ['kms:Decrypt'];

/** AWS page "Logs sent to Amazon S3", section "Amazon S3 bucket server-side encryption". */
const DELIVER_LOGS = ['Encrypt', 'Decrypt', 'ReEncrypt*', 'GenerateDataKey*', 'DescribeKey'].map(
  (action) => `kms:${action}`,
);

/** Resources that use a key, whose policy names them, by their names. */
type ServiceUser = 'logGroup' | 'alarm' | 'trail';

/** Roles that use a key through SQS or DynamoDB, whose policy names them, by their ARNs. */
type RoleUser = 'sender' | 'reader';

type KeyUser = ServiceUser | RoleUser;

export interface EncryptionConfig {
  readonly names: Names;
  readonly profile: Profile;
  /** ARN of the role or user that deploys; undefined for the AWS account's root, which stands for every principal that IAM allows. */
  readonly deploymentPrincipalArn: string | undefined;
}

/** The three keys. Each is shared by services that may read each other's data. */
export class Encryption extends Construct {
  /** Encrypts the audit bucket and the trail. */
  readonly s3Key: KmsKey;
  /** Encrypts the queues and the alert topic. */
  readonly sqsKey: KmsKey;
  /** Encrypts the payment table and the log groups. */
  readonly dynamodbKey: KmsKey;
  /** Alias of `s3Key`, by which operators find it. */
  readonly s3KeyAlias: KmsAlias;
  /** Alias of `sqsKey`. */
  readonly sqsKeyAlias: KmsAlias;
  /** Alias of `dynamodbKey`. */
  readonly dynamodbKeyAlias: KmsAlias;

  private readonly deployment: AwsEnvironment;
  private readonly keyUsers: Record<KeyUser, Set<string>> = {
    logGroup: new Set(),
    alarm: new Set(),
    trail: new Set(),
    sender: new Set(),
    reader: new Set(),
  };
  private readonly policies: MutablePolicyDocument[] = [];

  constructor(
    scope: Construct,
    id: string,
    private readonly config: EncryptionConfig,
  ) {
    super(scope, id);
    this.deployment = awsEnvironmentOf(this);

    [this.s3Key, this.s3KeyAlias] = this.createKey('s3', 'Audit bucket and CloudTrail', () => this.auditServices());
    [this.sqsKey, this.sqsKeyAlias] = this.createKey('sqs', 'Payment queues and alert topic', () =>
      this.messagingServices(),
    );
    [this.dynamodbKey, this.dynamodbKeyAlias] = this.createKey('dynamodb', 'Payment table and log groups', () =>
      this.storageServices(),
    );
  }

  /** Allows a log group, alarm or trail to use its key. Takes the name, as the resource itself depends on the key. */
  allowServiceUse(user: ServiceUser, name: string): void {
    this.addUser(user, name);
  }

  /** Allows a role, also of another AWS account, to use the key with which SQS or DynamoDB encrypts what the role sends or reads. */
  allowRoleUse(user: RoleUser, roleArn: string): void {
    this.addUser(user, roleArn);
  }

  private addUser(user: KeyUser, nameOrArn: string): void {
    this.keyUsers[user].add(nameOrArn);
    for (const policy of this.policies) policy.update();
  }

  private createKey(
    purpose: 's3' | 'sqs' | 'dynamodb',
    description: string,
    services: () => Statement[],
  ): [KmsKey, KmsAlias] {
    const policy = new MutablePolicyDocument(this, `${purpose}_key_policy`, () => [...this.owners(), ...services()]);
    this.policies.push(policy);
    const key = new KmsKey(this, `${purpose}_key`, {
      description: `${description} of the payment pipeline`,
      enableKeyRotation: true,
      deletionWindowInDays: this.config.profile.keyDeletionWindowDays,
      policy: policy.json,
    });
    const alias = new KmsAlias(this, `${purpose}_key_alias`, {
      name: this.config.names.keyAlias(purpose),
      targetKeyId: key.keyId,
    });
    return [key, alias];
  }

  private owners(): Statement[] {
    const { accountRoot } = this.deployment;
    const deployer = this.config.deploymentPrincipalArn ?? accountRoot;
    return [
      { sid: 'AccountRoot', actions: ['kms:*'], resources: ['*'], principals: account(accountRoot) },
      {
        sid: 'DeploymentUser',
        actions: [...ADMINISTER_KEY, ...USE_KEY],
        resources: ['*'],
        principals: account(deployer),
      },
    ];
  }

  private auditServices(): Statement[] {
    const { accountId } = this.deployment;
    return [
      this.ownService('S3', 's3.amazonaws.com'),
      ...this.forKeyUsers('trail', (names) => ({
        sid: 'CloudTrail',
        actions: [...USE_KEY, 'kms:DescribeKey'],
        resources: ['*'],
        principals: service('cloudtrail.amazonaws.com'),
        condition: [condition('ArnEquals', 'aws:SourceArn', ...names.map((name) => this.deployment.trailArn(name)))],
      })),
      {
        sid: 'LogDelivery',
        actions: DELIVER_LOGS,
        resources: ['*'],
        principals: service('delivery.logs.amazonaws.com'),
        condition: [
          condition('StringEquals', 'aws:SourceAccount', accountId),
          condition('ArnLike', 'aws:SourceArn', this.deployment.arn('logs', '*')),
        ],
      },
    ];
  }

  private messagingServices(): Statement[] {
    return [
      this.ownService('SQS', 'sqs.amazonaws.com'),
      this.ownService('SNS', 'sns.amazonaws.com'),
      // Without this statement an alarm changes its state and publishes nothing.
      ...this.forKeyUsers('alarm', (names) => ({
        sid: 'Alarms',
        actions: USE_KEY,
        resources: ['*'],
        principals: service('cloudwatch.amazonaws.com'),
        condition: [
          condition('StringEquals', 'aws:SourceAccount', this.deployment.accountId),
          condition('ArnEquals', 'aws:SourceArn', ...names.map((name) => this.deployment.alarmArn(name))),
        ],
      })),
      ...this.forRoles('sender', ENCRYPT_MESSAGES, 'sqs'),
    ];
  }

  private storageServices(): Statement[] {
    const { region } = this.deployment;
    const inRegion = `logs.${region}.${this.deployment.inChina('amazonaws.com.cn', 'amazonaws.com')}`;
    return [
      this.ownService('DynamoDB', 'dynamodb.amazonaws.com'),
      ...this.forKeyUsers('logGroup', (names) => ({
        sid: 'LogGroups',
        actions: ENCRYPT_LOGS,
        resources: ['*'],
        principals: service('logs.amazonaws.com', inRegion),
        condition: [
          condition(
            'ArnEquals',
            'kms:EncryptionContext:aws:logs:arn',
            ...names.map((name) => this.deployment.logGroupArn(name)),
          ),
        ],
      })),
      ...this.forRoles('reader', DECRYPT_ITEMS, 'dynamodb'),
    ];
  }

  /** A role of another AWS account can use a key only if the key's policy names it, and its own AWS account allows it, too. */
  private forRoles(user: RoleUser, actions: string[], through: string): Statement[] {
    return this.forKeyUsers(user, (roleArns) => ({
      sid: user === 'sender' ? 'Senders' : 'Readers',
      actions,
      resources: ['*'],
      principals: account(...roleArns),
      condition: [condition('StringEquals', 'kms:ViaService', ...throughService(through, this.deployment.region))],
    }));
  }

  private ownService(sid: string, principal: string): Statement {
    return {
      sid,
      actions: USE_KEY,
      resources: ['*'],
      principals: service(principal),
      condition: [condition('StringEquals', 'aws:SourceAccount', this.deployment.accountId)],
    };
  }

  private forKeyUsers(user: KeyUser, statement: (names: string[]) => Statement): Statement[] {
    const names = [...this.keyUsers[user]];
    return names.length === 0 ? [] : [statement(names)];
  }
}

import * as at from '../addresses';
import type { Row } from '../row';

const S3_POLICY = 'payments_encryption_s3_key_policy';
const SQS_POLICY = 'payments_encryption_sqs_key_policy';
const DYNAMODB_POLICY = 'payments_encryption_dynamodb_key_policy';
const POLICIES = [S3_POLICY, SQS_POLICY, DYNAMODB_POLICY];
const DOCUMENTS = POLICIES.map(at.documentOf);

const ROOT = 'arn:aws:iam::ACCOUNT_ID:root';
const DEPLOYER = 'arn:aws:iam::ACCOUNT_ID:role/deployer';

const ADMINISTER = [
  ...['Create*', 'Describe*', 'Enable*', 'List*', 'Put*', 'Update*', 'Revoke*', 'Disable*', 'Get*', 'Delete*'],
  ...['TagResource', 'UntagResource', 'ScheduleKeyDeletion', 'CancelKeyDeletion'],
].map((action) => `kms:${action}`);
const USE = ['kms:Decrypt', 'kms:GenerateDataKey*'];
const fromAccount = { test: 'StringEquals', variable: 'aws:SourceAccount', values: ['ACCOUNT_ID'] };

/** A service of this account may use a key, and no other account's may. */
function ownService(policy: string, service: string, users: string): Row {
  return {
    demand: `The key policy admits ${service}`,
    met: `To decrypt and to generate data keys, on the key for ${users}, for this account.`,
    resources: [at.documentOf(policy)],
    shows: (stack) => {
      const { actions, principals, condition } = stack.admission(policy, service);
      expect(actions).toEqual(USE);
      expect(principals).toEqual([{ type: 'Service', identifiers: [service] }]);
      expect(condition).toContainEqual(fromAccount);
    },
  };
}

/** KMS Encryption Infrastructure: the key policies. */
export const keyPolicies: readonly Row[] = [
  {
    demand: 'Key policies allow root account access',
    met: 'As asked, on each key.',
    resources: DOCUMENTS,
    shows: (stack) => {
      for (const policy of POLICIES) {
        const { actions, resources, principals } = stack.admission(policy, ROOT, 'kms:*');
        expect({ actions, resources, principals }).toEqual({
          actions: ['kms:*'],
          resources: ['*'],
          principals: [{ type: 'AWS', identifiers: [ROOT] }],
        });
      }
    },
  },
  {
    demand: 'Key policies allow deployment user access',
    met: "Variable `deployment_principal_arn`: a role or user, by default the account's root. It administers and uses the keys.",
    deviation: 'D10',
    resources: [...DOCUMENTS, 'var.deployment_principal_arn'],
    shows: (stack) => {
      for (const policy of POLICIES) {
        const { actions, principals } = stack.given({ deployment_principal_arn: DEPLOYER }).admission(policy, DEPLOYER);
        expect(actions).toEqual([...ADMINISTER, ...USE]);
        expect(principals).toEqual([{ type: 'AWS', identifiers: [DEPLOYER] }]);
        expect(stack.admitted(policy)[ROOT]).toEqual(expect.arrayContaining(ADMINISTER));
      }
      expect(stack.at('var.deployment_principal_arn')).toMatchObject({ type: 'string', default: 'root' });
      expect(JSON.stringify(stack.at('var.deployment_principal_arn').validation)).toContain(':(root|(role|user)/');
    },
  },
  ownService(S3_POLICY, 's3.amazonaws.com', 'S3 and CloudTrail'),
  {
    demand: 'The key policy admits logs.amazonaws.com',
    met: "Together with the region's own principal, which is the one that encrypts, and only for the log groups of this stack. In the same way log delivery may use the S3 key, and alarms the SQS and SNS key.",
    deviation: 'D9',
    resources: DOCUMENTS,
    shows: (stack) => {
      const logs = stack.admission(DYNAMODB_POLICY, 'logs.amazonaws.com');
      expect(logs.principals).toEqual([
        { type: 'Service', identifiers: ['logs.amazonaws.com', 'logs.ap-southeast-1.amazonaws.com'] },
      ]);
      expect(logs.actions).toEqual([
        'kms:Encrypt*',
        'kms:Decrypt*',
        'kms:ReEncrypt*',
        'kms:GenerateDataKey*',
        'kms:Describe*',
      ]);
      const groups = stack
        .each('aws_cloudwatch_log_group', 'name')
        .map((name) => `arn:aws:logs:ap-southeast-1:ACCOUNT_ID:log-group:${String(name)}`);
      const [context, ...others] = logs.condition!;
      expect(context).toMatchObject({ test: 'ArnEquals', variable: 'kms:EncryptionContext:aws:logs:arn' });
      expect([...context!.values].sort()).toEqual(groups.sort());
      expect(others).toEqual([]);

      const delivery = stack.admission(S3_POLICY, 'delivery.logs.amazonaws.com');
      expect(delivery).toMatchObject({
        actions: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'],
        principals: [{ type: 'Service', identifiers: ['delivery.logs.amazonaws.com'] }],
      });
      expect(delivery.condition).toContainEqual(fromAccount);
      expect(delivery.condition).toContainEqual({
        test: 'ArnLike',
        variable: 'aws:SourceArn',
        values: ['arn:aws:logs:ap-southeast-1:ACCOUNT_ID:*'],
      });

      const alarms = stack.admission(SQS_POLICY, 'cloudwatch.amazonaws.com');
      expect(alarms).toMatchObject({ actions: USE, principals: [{ type: 'Service' }] });
      expect(alarms.condition).toContainEqual(fromAccount);
      const names = stack
        .each('aws_cloudwatch_metric_alarm', 'alarm_name')
        .map((name) => `arn:aws:cloudwatch:ap-southeast-1:ACCOUNT_ID:alarm:${String(name)}`);
      const source = alarms.condition!.find(({ variable }) => variable === 'aws:SourceArn')!;
      expect({ ...source, values: [...source.values].sort() }).toEqual({
        test: 'ArnEquals',
        variable: 'aws:SourceArn',
        values: names.sort(),
      });
    },
  },
  ownService(SQS_POLICY, 'sqs.amazonaws.com', 'SQS and SNS'),
  ownService(SQS_POLICY, 'sns.amazonaws.com', 'SQS and SNS'),
  ownService(DYNAMODB_POLICY, 'dynamodb.amazonaws.com', 'DynamoDB and CloudWatch Logs'),
  {
    demand: 'The key policy admits cloudtrail.amazonaws.com',
    met: "To decrypt, to generate data keys and to describe the S3 key, for this account's trail only.",
    resources: [at.documentOf(S3_POLICY)],
    shows: (stack) => {
      const { actions, principals, condition } = stack.admission(S3_POLICY, 'cloudtrail.amazonaws.com');
      expect(actions).toEqual([...USE, 'kms:DescribeKey']);
      expect(principals).toEqual([{ type: 'Service', identifiers: ['cloudtrail.amazonaws.com'] }]);
      expect(condition).toContainEqual({
        test: 'ArnEquals',
        variable: 'aws:SourceArn',
        values: ['arn:aws:cloudtrail:ap-southeast-1:ACCOUNT_ID:trail/cloudtrail-payment-processing-dev'],
      });
    },
  },
  {
    demand: 'Key policies admit no other principal',
    met: 'Root, who deploys, and the services above, each to this key, which is what `*` means in its policy.',
    resources: DOCUMENTS,
    shows: (stack) => {
      const owners = [ROOT];
      const principals = (policy: string) => Object.keys(stack.admitted(policy)).sort();
      for (const { effect, resources } of POLICIES.flatMap((policy) => stack.statements(policy))) {
        expect({ effect, resources }).toEqual({ effect: undefined, resources: ['*'] });
      }
      expect(principals(S3_POLICY)).toEqual(
        [...owners, 's3.amazonaws.com', 'cloudtrail.amazonaws.com', 'delivery.logs.amazonaws.com'].sort(),
      );
      expect(principals(SQS_POLICY)).toEqual(
        [...owners, 'sqs.amazonaws.com', 'sns.amazonaws.com', 'cloudwatch.amazonaws.com'].sort(),
      );
      expect(principals(DYNAMODB_POLICY)).toEqual(
        [...owners, 'dynamodb.amazonaws.com', 'logs.amazonaws.com', 'logs.ap-southeast-1.amazonaws.com'].sort(),
      );
    },
  },
];

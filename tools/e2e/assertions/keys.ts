import assert from 'node:assert/strict';
import {
  DescribeKeyCommand,
  GetKeyPolicyCommand,
  GetKeyRotationStatusCommand,
  ListAliasesCommand,
} from '@aws-sdk/client-kms';
import type { Assertion, Deployed } from './assertion';
import { statementsOf } from './policy';

export const KEYS = {
  s3: 'Audit bucket and CloudTrail of the payment pipeline',
  sqs: 'Payment queues and alert topic of the payment pipeline',
  dynamodb: 'Payment table and log groups of the payment pipeline',
} as const;

export type KeyName = keyof typeof KEYS;

const NAMES = Object.keys(KEYS) as KeyName[];

/** Statements of each key's policy, and the service that each admits. */
const ADMITTED: Readonly<Record<KeyName, Readonly<Record<string, string | string[]>>>> = {
  s3: { S3: 's3.amazonaws.com', CloudTrail: 'cloudtrail.amazonaws.com', LogDelivery: 'delivery.logs.amazonaws.com' },
  sqs: { SQS: 'sqs.amazonaws.com', SNS: 'sns.amazonaws.com', Alarms: 'cloudwatch.amazonaws.com' },
  dynamodb: {
    DynamoDB: 'dynamodb.amazonaws.com',
    LogGroups: ['logs.amazonaws.com', 'logs.ap-southeast-1.amazonaws.com'],
  },
};

export const aliasOf = (key: KeyName) => `alias/payment-${key}-dev`;

export async function keyId({ aws }: Deployed, key: KeyName): Promise<string> {
  const { Aliases = [] } = await aws.kms.send(new ListAliasesCommand({}));
  const id = Aliases.find(({ AliasName }) => AliasName === aliasOf(key))?.TargetKeyId;
  if (id === undefined) throw new Error(`There is no ${aliasOf(key)}.`);
  return id;
}

export async function keyArn(deployed: Deployed, key: KeyName): Promise<string> {
  const { KeyMetadata } = await deployed.aws.kms.send(new DescribeKeyCommand({ KeyId: await keyId(deployed, key) }));
  return KeyMetadata!.Arn!;
}

export async function keyStatements(deployed: Deployed, key: KeyName) {
  const { Policy } = await deployed.aws.kms.send(
    new GetKeyPolicyCommand({ KeyId: await keyId(deployed, key), PolicyName: 'default' }),
  );
  return statementsOf(Policy);
}

function aboutKey(key: KeyName): Assertion[] {
  return [
    {
      type: 'aws_kms_alias',
      what: `${aliasOf(key)} stands for the key of the ${key} services`,
      check: async (deployed) => {
        const { KeyMetadata } = await deployed.aws.kms.send(
          new DescribeKeyCommand({ KeyId: await keyId(deployed, key) }),
        );
        assert.equal(KeyMetadata?.Description, KEYS[key]);
      },
    },
    {
      type: 'aws_kms_key',
      what: `${key}: enabled, symmetric, for encryption, made by KMS`,
      check: async (deployed) => {
        const { KeyMetadata } = await deployed.aws.kms.send(
          new DescribeKeyCommand({ KeyId: await keyId(deployed, key) }),
        );
        const { KeyState, KeyUsage, KeySpec, Origin } = KeyMetadata!;
        assert.deepEqual(
          { KeyState, KeyUsage, KeySpec, Origin },
          { KeyState: 'Enabled', KeyUsage: 'ENCRYPT_DECRYPT', KeySpec: 'SYMMETRIC_DEFAULT', Origin: 'AWS_KMS' },
        );
      },
    },
    {
      type: 'aws_kms_key',
      what: `${key}: rotated every year`,
      check: async (deployed) => {
        const answer = await deployed.aws.kms.send(
          new GetKeyRotationStatusCommand({ KeyId: await keyId(deployed, key) }),
        );
        assert.equal(answer.KeyRotationEnabled, true);
      },
    },
    {
      type: 'aws_kms_key',
      what: `${key}: its policy admits the account's root, who deploys, and its own services only`,
      check: async (deployed) => {
        const statements = await keyStatements(deployed, key);
        const expected = ['AccountRoot', 'DeploymentUser', ...Object.keys(ADMITTED[key])];
        assert.deepEqual(new Set(statements.map(({ Sid }) => Sid)), new Set(expected));
        for (const [sid, service] of Object.entries(ADMITTED[key])) {
          const { Principal } = statements.find(({ Sid }) => Sid === sid)!;
          assert.deepEqual(asSet(Principal?.Service), asSet(service), `principals of ${sid}`);
        }
      },
    },
    {
      type: 'aws_kms_key',
      what: `${key}: no service may use it for another account's or resource's sake`,
      check: async (deployed) => {
        const statements = await keyStatements(deployed, key);
        const services = statements.filter(({ Principal }) => Principal?.Service !== undefined);
        assert.deepEqual(
          services.filter(({ Condition }) => Condition === undefined).map(({ Sid }) => Sid),
          [],
        );
      },
    },
  ];
}

function asSet(value: string | readonly string[] | undefined): Set<string> {
  return new Set(value === undefined ? [] : [value].flat());
}

export const keyAssertions: readonly Assertion[] = NAMES.flatMap(aboutKey);

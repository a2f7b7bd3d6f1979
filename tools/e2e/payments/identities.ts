import {
  CreateAccessKeyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DeleteAccessKeyCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  DeleteUserCommand,
  DeleteUserPolicyCommand,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import { readPayments, sendPayments } from '../../../src/infrastructure/grants';
import type { Statement } from '../../../src/infrastructure/policy';
import type { Deployed } from '../assertions/assertion';
import { attributesOf, describeTable, keyArn } from '../support/lookups';
import { QUEUE } from '../support/names';
import type { Clients, Credentials } from '../support/clients';

const ADMIN = 'e2e-admin';
const CLIENT = 'e2e-client';
const POLICY = 'e2e';

/** Credentials of the account's administrator, who the emulator asks for as soon as it enforces IAM. */
export async function createAdmin({ iam }: Clients): Promise<Credentials> {
  await iam.send(new CreateUserCommand({ UserName: ADMIN }));
  const PolicyDocument = policy([{ actions: ['*'], resources: ['*'] }]);
  await iam.send(new PutUserPolicyCommand({ UserName: ADMIN, PolicyName: POLICY, PolicyDocument }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: ADMIN }));
  return { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! };
}

/** A role with what `grantSendPayments` and `grantReadPayments` would give it, and nothing else. */
export async function createClientRole(deployed: Deployed): Promise<string> {
  const { iam } = deployed.aws;
  const trust = {
    Effect: 'Allow',
    Principal: { AWS: `arn:aws:iam::${deployed.account}:root` },
    Action: 'sts:AssumeRole',
  };
  const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [trust] });
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName: CLIENT, AssumeRolePolicyDocument }));
  const PolicyDocument = policy(await grants(deployed));
  await iam.send(new PutRolePolicyCommand({ RoleName: CLIENT, PolicyName: POLICY, PolicyDocument }));
  return Role!.Arn!;
}

/** Credentials of a session of the role. The emulator lets anybody assume it, regardless of the trust policy. */
export async function assume({ sts }: Clients, RoleArn: string): Promise<Required<Credentials>> {
  const { Credentials: given } = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'e2e' }));
  return {
    accessKeyId: given!.AccessKeyId!,
    secretAccessKey: given!.SecretAccessKey!,
    sessionToken: given!.SessionToken!,
  };
}

/** Takes away what the test itself has made. */
export async function removeIdentities({ iam }: Clients, { accessKeyId }: Credentials): Promise<void> {
  await iam.send(new DeleteRolePolicyCommand({ RoleName: CLIENT, PolicyName: POLICY }));
  await iam.send(new DeleteRoleCommand({ RoleName: CLIENT }));
  await iam.send(new DeleteUserPolicyCommand({ UserName: ADMIN, PolicyName: POLICY }));
  await iam.send(new DeleteAccessKeyCommand({ UserName: ADMIN, AccessKeyId: accessKeyId }));
  await iam.send(new DeleteUserCommand({ UserName: ADMIN }));
}

/** The construct's own statements, about what was deployed: they read nothing but the ARNs. */
async function grants(deployed: Deployed): Promise<Statement[]> {
  const queue = { arn: (await attributesOf(deployed, QUEUE)).QueueArn } as unknown as Parameters<
    typeof sendPayments
  >[0];
  const table = { arn: (await describeTable(deployed)).TableArn } as unknown as Parameters<typeof readPayments>[0];
  const keys = {
    sqsKey: { arn: await keyArn(deployed, 'sqs') },
    dynamodbKey: { arn: await keyArn(deployed, 'dynamodb') },
  } as unknown as Parameters<typeof sendPayments>[1];
  return [sendPayments(queue, keys, POLICY), readPayments(table, keys, POLICY)].flatMap(({ use, useOfKey }) => [
    use,
    useOfKey,
  ]);
}

function policy(statements: readonly Pick<Statement, 'actions' | 'resources'>[]): string {
  const Statement = statements.map(({ actions, resources }) => ({
    Effect: 'Allow',
    Action: actions,
    Resource: resources,
  }));
  return JSON.stringify({ Version: '2012-10-17', Statement });
}

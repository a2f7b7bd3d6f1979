import type { DynamodbTable } from '@cdktf/provider-aws/lib/dynamodb-table';
import type { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import type { SqsQueue } from '@cdktf/provider-aws/lib/sqs-queue';
import type { Construct } from 'constructs';
import { STATUS_INDEX } from '../contract/payment-record';
import type { Encryption } from './encryption';
import { policyJson, type Statement } from './policy';

const SEND = ['sqs:SendMessage'];
/** SQS encrypts in the sender's name, and checks what it encrypted. */
const ENCRYPT = ['kms:GenerateDataKey', 'kms:Decrypt'];
const READ = ['dynamodb:GetItem', 'dynamodb:Query'];
const DECRYPT = ['kms:Decrypt'];

export function sendPayments(queue: SqsQueue, { sqsKey }: Encryption): Statement[] {
  return [
    { sid: 'SendPayments', actions: SEND, resources: [queue.arn] },
    { sid: 'EncryptPayments', actions: ENCRYPT, resources: [sqsKey.arn] },
  ];
}

export function readPayments(table: DynamodbTable, { dynamodbKey }: Encryption): Statement[] {
  return [
    { sid: 'ReadPayments', actions: READ, resources: [table.arn, `${table.arn}/index/${STATUS_INDEX}`] },
    { sid: 'DecryptPayments', actions: DECRYPT, resources: [dynamodbKey.arn] },
  ];
}

/** Adds an inline policy to somebody's role, once. */
export function grant(scope: Construct, id: string, name: string, role: IamRole, statements: Statement[]): IamRolePolicy {
  const forRole = `${id}_${role.friendlyUniqueId}`;
  const granted = scope.node.tryFindChild(forRole) as IamRolePolicy | undefined;
  if (granted) return granted;
  return new IamRolePolicy(scope, forRole, {
    name,
    role: role.name,
    policy: policyJson(scope, `${forRole}_permissions`, statements),
  });
}

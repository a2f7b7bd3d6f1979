import type { Handler } from '../../../src/contract/function-calls';

/** Permissions of a function that its handler makes no call for. */
export interface Unused {
  readonly because: string;
  readonly actions: readonly string[];
  /** ARNs, told by the addresses of their resources. */
  readonly on: readonly string[];
}

const TABLE = 'aws_dynamodb_table.payments_payment_table';
const STATUS_INDEX = `${TABLE}/index/status-timestamp-index`;
const PAYMENT_QUEUE = 'aws_sqs_queue.payments_payment_queue';
const key = (purpose: string) => `aws_kms_key.payments_encryption_${purpose}_key`;

export const NETWORK_INTERFACE_ACTIONS = [
  'ec2:CreateNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:DeleteNetworkInterface',
  'ec2:AssignPrivateIpAddresses',
  'ec2:UnassignPrivateIpAddresses',
];

/** The unused permissions of every function. @param id the id of its log group */
const platform = (id: string): Unused[] => [
  {
    because: 'keys: SQS and DynamoDB use theirs in the name of the caller',
    actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
    on: [key('sqs'), key('dynamodb')],
  },
  {
    because: 'asked for: a function may use all three keys, though none touches the audit bucket',
    actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
    on: [key('s3')],
  },
  {
    because: 'log: Lambda writes what the handler prints',
    actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    on: [`aws_cloudwatch_log_group.payments_${id}_log_group:*`],
  },
  {
    because: "traces: Lambda's X-Ray daemon sends them",
    actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
    on: ['*'],
  },
  {
    because: "network: Lambda attaches the function, with the function's role",
    actions: NETWORK_INTERFACE_ACTIONS,
    on: ['*'],
  },
];

export const UNUSED: Readonly<Record<Handler, readonly Unused[]>> = {
  'payment-processor': [
    ...platform('payment_processor'),
    {
      because: "event source mapping: Lambda receives and deletes, with the function's role",
      actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
      on: [PAYMENT_QUEUE],
    },
  ],
  'dlq-processor': [
    ...platform('dlq_processor'),
    {
      because: 'asked for: an investigation may have to look through all payments',
      actions: ['dynamodb:Query', 'dynamodb:Scan'],
      on: [TABLE],
    },
    {
      because: 'asked for: an investigation may have to look through all payments',
      actions: ['dynamodb:Scan'],
      on: [STATUS_INDEX],
    },
  ],
};

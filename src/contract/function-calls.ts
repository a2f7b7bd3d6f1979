import { STATUS_INDEX } from './payment-record';

/** A handler, by the folder of its bundle. */
export type Handler = 'payment-processor' | 'dlq-processor';

/** An AWS call of a handler, and what it is sent to. */
export interface Call {
  /** The operation's name, such as `sqs:SendMessageBatch`. */
  readonly operation: string;
  /** The variable of the handler's environment that names the resource. */
  readonly to: string;
  readonly index?: string;
}

/** Every AWS call of the handlers. */
export const CALLS: Readonly<Record<Handler, readonly Call[]>> = {
  'payment-processor': [
    { operation: 'dynamodb:PutItem', to: 'PAYMENT_TABLE_NAME' },
    { operation: 'dynamodb:GetItem', to: 'PAYMENT_TABLE_NAME' },
    { operation: 'dynamodb:UpdateItem', to: 'PAYMENT_TABLE_NAME' },
    { operation: 'sqs:SendMessage', to: 'PAYMENT_DLQ_URL' },
    { operation: 'sqs:ChangeMessageVisibilityBatch', to: 'PAYMENT_QUEUE_URL' },
    { operation: 'secretsmanager:GetSecretValue', to: 'FRAUD_API_KEY_SECRET_ARN' },
    { operation: 'sns:Publish', to: 'OUTCOME_TOPIC_ARN' },
  ],
  'dlq-processor': [
    { operation: 'dynamodb:Query', to: 'PAYMENT_TABLE_NAME', index: STATUS_INDEX },
    { operation: 'dynamodb:GetItem', to: 'PAYMENT_TABLE_NAME' },
    { operation: 'dynamodb:UpdateItem', to: 'PAYMENT_TABLE_NAME' },
    { operation: 'sqs:GetQueueAttributes', to: 'PAYMENT_DLQ_URL' },
    { operation: 'sqs:ReceiveMessage', to: 'PAYMENT_DLQ_URL' },
    { operation: 'sqs:DeleteMessage', to: 'PAYMENT_DLQ_URL' },
    { operation: 'sqs:ChangeMessageVisibilityBatch', to: 'PAYMENT_DLQ_URL' },
    { operation: 'sqs:SendMessage', to: 'PAYMENT_QUEUE_URL' },
    { operation: 'sns:Publish', to: 'ALERT_TOPIC_ARN' },
    { operation: 'sns:Publish', to: 'OUTCOME_TOPIC_ARN' },
  ],
};

export const HANDLERS = Object.keys(CALLS) as Handler[];

/** The IAM action that allows an operation: SQS has none for its batches. */
export function actionOf({ operation }: Pick<Call, 'operation'>): string {
  return operation.replace(/^(sqs:\w+)Batch$/, '$1');
}

/** The actions that AWS services take with a function's role, regardless of its handler. */
export const PLATFORM_ACTIONS = {
  /** The event source mapping receives for the payment processor. */
  pollQueue: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
  /** SQS, SNS and DynamoDB use their keys in the name of the caller. */
  useKeys: ['kms:Decrypt', 'kms:GenerateDataKey'],
  writeLogs: ['logs:CreateLogStream', 'logs:PutLogEvents'],
  writeTraces: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
  /** AWS page "Giving Lambda functions access to resources in an Amazon VPC". */
  attachToVpc: [
    'ec2:CreateNetworkInterface',
    'ec2:DescribeNetworkInterfaces',
    'ec2:DescribeSubnets',
    'ec2:DeleteNetworkInterface',
    'ec2:AssignPrivateIpAddresses',
    'ec2:UnassignPrivateIpAddresses',
  ],
};

import * as at from '../addresses';
import type { Row } from '../row';

const ATTACH_TO_VPC = [
  'ec2:AssignPrivateIpAddresses',
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:UnassignPrivateIpAddresses',
];

interface Permission {
  readonly demand: string;
  readonly met?: string;
  readonly deviation?: Row['deviation'];
  /** Suffixes such as `.arn:*` included. */
  readonly on: readonly string[];
  readonly actions: readonly string[];
}

/** The role may do just these actions on each of these resources. */
function permission(id: string, { demand, met = 'As asked.', deviation, on, actions }: Permission): Row {
  const document = `${id}_permissions`;
  return {
    demand,
    met,
    ...(deviation && { deviation }),
    resources: [at.documentOf(document), at.roleOf(id)],
    shows: (stack) => {
      for (const resource of on) expect(stack.allowed(document)[resource]).toEqual([...actions].sort());
    },
  };
}

function networkInterfaces(id: string, demand: string): Row {
  return {
    demand,
    met: 'These and the three more that Lambda needs, on `*`, which Lambda demands.',
    deviation: 'D14',
    resources: [at.documentOf(`${id}_permissions`)],
    shows: (stack) => {
      const onEverything = stack.allowed(`${id}_permissions`)['*'] ?? [];
      expect(onEverything.filter((action) => action.startsWith('ec2:'))).toEqual(ATTACH_TO_VPC);
    },
  };
}

const KEY_ARNS = at.KEYS.map((key) => `${key}.arn`);
const USE_KEYS = ['kms:Decrypt', 'kms:GenerateDataKey'];
const WRITE_LOGS = ['logs:CreateLogStream', 'logs:PutLogEvents'];

/** IAM Roles and Policies: each role's permissions. */
export const permissions: readonly Row[] = [
  permission(at.PROCESSOR_ID, {
    demand: 'Processor: ReceiveMessage, DeleteMessage and GetQueueAttributes on the main queue',
    met: 'And ChangeMessageVisibility, which sets the retry delay.',
    deviation: 'D15',
    on: [`${at.PAYMENT_QUEUE}.arn`],
    actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ChangeMessageVisibility'],
  }),
  permission(at.PROCESSOR_ID, {
    demand: 'Processor: failed payments reach the dead-letter queue',
    met: 'Implied by zero loss: SendMessage on that queue, and nothing else, for the quarantine.',
    deviation: 'D15',
    on: [`${at.DEAD_LETTER_QUEUE}.arn`],
    actions: ['sqs:SendMessage'],
  }),
  permission(at.PROCESSOR_ID, {
    demand: 'Processor: PutItem, UpdateItem and GetItem on the table',
    on: [`${at.TABLE}.arn`],
    actions: ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:GetItem'],
  }),
  permission(at.PROCESSOR_ID, {
    demand: 'Processor: KMS Decrypt and GenerateDataKey on all three keys',
    on: KEY_ARNS,
    actions: USE_KEYS,
  }),
  permission(at.PROCESSOR_ID, {
    demand: 'Processor: CreateLogStream and PutLogEvents on its log group',
    on: [`${at.PROCESSOR_LOGS}.arn:*`],
    actions: WRITE_LOGS,
  }),
  networkInterfaces(
    at.PROCESSOR_ID,
    'Processor: CreateNetworkInterface, DescribeNetworkInterfaces and DeleteNetworkInterface',
  ),
  permission(at.DLQ_PROCESSOR_ID, {
    demand: 'DLQ processor: SQS permissions on the dead-letter queue',
    met: 'To receive, delete and give back; and SendMessage on the main queue, for redrive.',
    deviation: 'D16',
    on: [`${at.DEAD_LETTER_QUEUE}.arn`],
    actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ChangeMessageVisibility'],
  }),
  permission(at.DLQ_PROCESSOR_ID, {
    demand: 'DLQ processor: DynamoDB Query and Scan',
    met: 'On the index of the table.',
    on: [`${at.TABLE}.arn/index/status-timestamp-index`],
    actions: ['dynamodb:Query', 'dynamodb:Scan'],
  }),
  permission(at.DLQ_PROCESSOR_ID, {
    demand: 'DLQ processor: Query and Scan of the table itself',
    met: 'And GetItem and UpdateItem, as redrive and discard note what became of a payment.',
    deviation: 'D16',
    on: [`${at.TABLE}.arn`],
    actions: ['dynamodb:Query', 'dynamodb:Scan', 'dynamodb:GetItem', 'dynamodb:UpdateItem'],
  }),
  permission(at.DLQ_PROCESSOR_ID, {
    demand: 'DLQ processor: may alert',
    met: 'Implied by the demand that it alerts: Publish on the topic.',
    deviation: 'D16',
    on: [`${at.TOPIC}.arn`],
    actions: ['sns:Publish'],
  }),
  permission(at.DLQ_PROCESSOR_ID, {
    demand: 'DLQ processor: may put payments back',
    met: 'Implied by "processing failed messages": SendMessage on the main queue.',
    deviation: 'D16',
    on: [`${at.PAYMENT_QUEUE}.arn`],
    actions: ['sqs:SendMessage'],
  }),
  permission(at.DLQ_PROCESSOR_ID, {
    demand: 'DLQ processor: KMS access',
    met: 'As the processor.',
    on: KEY_ARNS,
    actions: USE_KEYS,
  }),
  permission(at.DLQ_PROCESSOR_ID, {
    demand: 'DLQ processor: CloudWatch Logs access',
    met: 'As the processor, to its own log group.',
    on: [`${at.DLQ_PROCESSOR_LOGS}.arn:*`],
    actions: WRITE_LOGS,
  }),
  networkInterfaces(at.DLQ_PROCESSOR_ID, 'DLQ processor: VPC network interface permissions'),
  permission(at.FLOW_LOGS_ID, {
    demand: 'Flow logs role: CreateLogGroup, CreateLogStream, PutLogEvents and DescribeLogGroups for its log group',
    met: 'And DescribeLogStreams, which AWS lists with them. It serves the flow log to CloudWatch Logs; the one to S3 takes no role.',
    deviation: 'D8',
    on: [`${at.FLOW_LOGS}.arn`, `${at.FLOW_LOGS}.arn:*`],
    actions: [
      'logs:CreateLogGroup',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      'logs:DescribeLogGroups',
      'logs:DescribeLogStreams',
    ],
  }),
  {
    demand: 'CloudTrail role: PutObject on the audit bucket, for encrypted uploads only',
    met: 'As asked, although CloudTrail uses the role for CloudWatch Logs alone: what it needs there is added.',
    deviation: 'D11',
    resources: [at.documentOf(`${at.TRAIL_ID}_permissions`), at.roleOf(at.TRAIL_ID)],
    shows: (stack) => {
      expect(stack.statements(`${at.TRAIL_ID}_permissions`)).toEqual([
        expect.objectContaining({
          actions: ['s3:PutObject'],
          resources: [`${at.BUCKET}.arn/AWSLogs/ACCOUNT_ID/*`],
          condition: [{ test: 'StringEquals', variable: 's3:x-amz-server-side-encryption', values: ['aws:kms'] }],
        }),
        expect.objectContaining({
          actions: WRITE_LOGS,
          resources: [`${at.TRAIL_LOGS}.arn:log-stream:ACCOUNT_ID_CloudTrail_ap-southeast-1*`],
        }),
      ]);
    },
  },
  permission(at.DELIVERY_STATUS_ID, {
    demand: 'Delivery status logging has what it needs',
    met: 'The five actions that AWS lists, on the two log groups of the topic.',
    deviation: 'D13',
    on: [at.DELIVERY_LOGS, at.DELIVERY_FAILURE_LOGS].flatMap((group) => [`${group}.arn`, `${group}.arn:*`]),
    actions: [
      'logs:CreateLogGroup',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      'logs:PutMetricFilter',
      'logs:PutRetentionPolicy',
    ],
  }),
];

import { ASSERTIONS } from '../../e2e/assertions/all';
import type { Deployed } from '../../e2e/assertions/assertion';
import { judge } from '../../e2e/assertions/run';
import { FAULTS } from '../../e2e/faults/faults';

const ARN = 'arn:aws:sqs:ap-southeast-1:123456789012:payment-processing-dlq.fifo';
const TOPIC = 'arn:aws:sns:ap-southeast-1:123456789012:sns-payment-alerts-dev';

interface Found {
  readonly maxReceiveCount: number;
  readonly alarmActions: readonly string[];
  readonly keyAdmits: Readonly<Record<string, string | undefined>>;
  readonly tableKey: string;
  readonly responseTypes: readonly string[] | undefined;
}

const OTHERS = { AccountRoot: undefined, DeploymentUser: undefined, SNS: 'sns', Alarms: 'cloudwatch' };

const AS_ASKED: Found = {
  maxReceiveCount: 3,
  alarmActions: [TOPIC],
  keyAdmits: { ...OTHERS, SQS: 'sqs' },
  tableKey: 'transaction_id',
  responseTypes: ['ReportBatchItemFailures'],
};

/** What AWS answers about a stack with each of the faults. */
const WITH_FAULT: Readonly<Record<string, Partial<Found>>> = {
  'redrive-count': { maxReceiveCount: 5 },
  'silent-alarm': { alarmActions: [] },
  'no-key-grant': { keyAdmits: OTHERS },
  'renamed-table-key': { tableKey: 'payment_id' },
  'whole-batches': { responseTypes: undefined },
};

/** A stack that answers as far as the faults go. */
function deployed(found: Found): Deployed {
  const statements = Object.entries(found.keyAdmits).map(([Sid, service]) => ({ Sid, Principal: service && { Service: `${service}.amazonaws.com` } }));
  const answers: Readonly<Record<string, unknown>> = {
    GetQueueUrlCommand: { QueueUrl: 'http://queue' },
    GetQueueAttributesCommand: { Attributes: { QueueArn: ARN, RedrivePolicy: JSON.stringify({ deadLetterTargetArn: ARN, maxReceiveCount: found.maxReceiveCount }) } },
    DescribeAlarmsCommand: { MetricAlarms: [{ AlarmName: 'alarm-sqs-dlq-messages-dev', ActionsEnabled: true, AlarmActions: found.alarmActions, OKActions: [TOPIC] }] },
    ListTopicsCommand: { Topics: [{ TopicArn: TOPIC }] },
    ListAliasesCommand: { Aliases: [{ AliasName: 'alias/payment-sqs-dev', TargetKeyId: 'key' }] },
    GetKeyPolicyCommand: { Policy: JSON.stringify({ Statement: statements }) },
    DescribeTableCommand: {
      Table: {
        KeySchema: [{ AttributeName: found.tableKey, KeyType: 'HASH' }],
        AttributeDefinitions: [found.tableKey, 'payment_status', 'timestamp'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
      },
    },
    ListEventSourceMappingsCommand: { EventSourceMappings: [{ FunctionResponseTypes: found.responseTypes }] },
  };
  const client = { send: (command: object) => Promise.resolve(answers[command.constructor.name]) };
  return { aws: new Proxy({}, { get: () => client }) } as Deployed;
}

const named = Object.values(FAULTS).map(({ namedBy }) => namedBy);
const assertions = ASSERTIONS.filter(({ type, what }) => named.includes(`${type}: ${what}`));

test('of a stack as asked for, no fault is named', async () => {
  expect((await judge(assertions, deployed(AS_ASKED))).broken).toEqual([]);
});

test.each(Object.entries(FAULTS))('%s is named, and no other fault', async (fault, { namedBy }) => {
  const { broken } = await judge(assertions, deployed({ ...AS_ASKED, ...WITH_FAULT[fault] }));

  expect(broken.map((one) => one.split('\n', 1)[0])).toEqual([namedBy]);
});

import { ASSERTIONS } from '../../../tools/e2e/assertions/all';
import type { Deployed } from '../../../tools/e2e/assertions/assertion';
import { judge } from '../../../tools/e2e/assertions/run';
import { FAULTS, MutableStack } from '../../../tools/e2e/faults/faults';

test('each assertion can be told from the others', () => {
  const titles = ASSERTIONS.map(({ type, what }) => `${type}: ${what}`);

  expect(titles.filter((title, index) => titles.indexOf(title) !== index)).toEqual([]);
});

test('each fault is to be named by an assertion that there is', () => {
  const titles = new Set(ASSERTIONS.map(({ type, what }) => `${type}: ${what}`));

  expect(Object.values(FAULTS).filter(({ namedBy }) => !titles.has(namedBy))).toEqual([]);
});

describe('a stack that stays whole is no broken one', () => {
  const stack = () =>
    new MutableStack({
      resource: { t: { r: { a: 1 } } },
      data: { aws_iam_policy_document: { d: { statement: [{ sid: 'S' }] } } },
    });

  test.each([
    [
      'no such resource',
      (one: MutableStack) => {
        one.remove('t', 'other', 'a');
      },
      'The stack has no t.other.',
    ],
    [
      'no such attribute',
      (one: MutableStack) => {
        one.remove('t', 'r', 'b');
      },
      'The stack has no t.r.b.',
    ],
    [
      'no change',
      (one: MutableStack) => {
        one.change('t', 'r', 'a', (value) => value);
      },
      't.r.a is not broken',
    ],
    [
      'no such statement',
      (one: MutableStack) => {
        one.withoutStatement('d', 'T');
      },
      'd has no statement T.',
    ],
  ])('%s', (_what, breakIt, message) => {
    expect(() => {
      breakIt(stack());
    }).toThrow(message);
  });

  test('what is there is broken', () => {
    const one = stack();
    one.remove('t', 'r', 'a');
    one.withoutStatement('d', 'S');

    expect(one.json).toEqual({
      resource: { t: { r: {} } },
      data: { aws_iam_policy_document: { d: { statement: [] } } },
    });
  });
});

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
  const statements = Object.entries(found.keyAdmits).map(([Sid, service]) => ({
    Sid,
    Principal: service && { Service: `${service}.amazonaws.com` },
  }));
  const answers: Readonly<Record<string, unknown>> = {
    GetQueueUrlCommand: { QueueUrl: 'http://queue' },
    GetQueueAttributesCommand: {
      Attributes: {
        QueueArn: ARN,
        RedrivePolicy: JSON.stringify({ deadLetterTargetArn: ARN, maxReceiveCount: found.maxReceiveCount }),
      },
    },
    DescribeAlarmsCommand: {
      MetricAlarms: [
        {
          AlarmName: 'alarm-sqs-dlq-messages-dev',
          ActionsEnabled: true,
          AlarmActions: found.alarmActions,
          OKActions: [TOPIC],
        },
      ],
    },
    ListTopicsCommand: { Topics: [{ TopicArn: TOPIC }] },
    ListAliasesCommand: { Aliases: [{ AliasName: 'alias/payment-sqs-dev', TargetKeyId: 'key' }] },
    GetKeyPolicyCommand: { Policy: JSON.stringify({ Statement: statements }) },
    DescribeTableCommand: {
      Table: {
        KeySchema: [{ AttributeName: found.tableKey, KeyType: 'HASH' }],
        AttributeDefinitions: [found.tableKey, 'payment_status', 'timestamp'].map((AttributeName) => ({
          AttributeName,
          AttributeType: 'S',
        })),
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

import type { Deployed } from '../../../tools/e2e/assertions/assertion';
import { assertionsOf } from '../../../tools/e2e/assertions/assertions';
import { AskedStack, type StackJson, type Values } from '../../../tools/e2e/assertions/asked-stack';
import { judge } from '../../../tools/e2e/assertions/judgement';
import { FAULTS, MutableStack } from '../../../tools/e2e/faults/faults';
import { createStack } from '../../../tools/e2e/stack/app';
import { withoutTraces } from '../../../src/app/without-traces';
import { templateOf, testApp } from '../../../tools/kit/stacks/synthesize';

/** A value that AWS decides reads as the reference to it: `<aws_sns_topic.payments_alerting_topic.arn>`. */
const state = {
  get: (address: string) => new Proxy({}, { get: (_, attribute) => `<${address}.${String(attribute)}>` }),
} as unknown as ReadonlyMap<string, Values>;

const { json } = templateOf(withoutTraces(() => createStack(testApp())));
const asked = new AskedStack(json as unknown as StackJson, state);
const assertions = assertionsOf(asked);
const titles = assertions.map(({ type, what }) => `${type}: ${what}`);

test('each assertion has a name of its own', () => {
  expect(titles.filter((title, index) => titles.indexOf(title) !== index)).toEqual([]);
});

test('each fault is to be named by assertions that there are', () => {
  const named = Object.values(FAULTS).flatMap(({ namedBy }) => namedBy);
  expect(named.filter((title) => !titles.includes(title))).toEqual([]);
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

  test('a resource that exists is broken', () => {
    const one = stack();
    one.remove('t', 'r', 'a');
    one.withoutStatement('d', 'S');

    expect(one.json).toEqual({
      resource: { t: { r: {} } },
      data: { aws_iam_policy_document: { d: { statement: [] } } },
    });
  });
});

interface Found {
  readonly maxReceiveCount: number;
  readonly alarmActions: readonly string[];
  readonly topicPolicy: string;
  readonly keyPolicy: string;
  readonly tableKey: string;
  readonly responseTypes: readonly string[] | undefined;
}

const TOPIC = '<aws_sns_topic.payments_alerting_topic.arn>';
const policyOf = (resource: string) => String(asked.resources().find(({ id }) => id === resource)!.arguments.policy);
const KEY_POLICY = policyOf('payments_encryption_sqs_key');
const TOPIC_POLICY = policyOf('payments_outcome_topic_policy');

const AS_ASKED: Found = {
  maxReceiveCount: 3,
  alarmActions: [TOPIC],
  topicPolicy: TOPIC_POLICY,
  keyPolicy: KEY_POLICY,
  tableKey: 'transaction_id',
  responseTypes: ['ReportBatchItemFailures'],
};

/** AWS's answers about a stack with each of the faults. */
const WITH_FAULT: Readonly<Record<string, Partial<Found>>> = {
  'redrive-count': { maxReceiveCount: 5 },
  'silent-alarm': { alarmActions: [] },
  'open-topic': { topicPolicy: TOPIC_POLICY.replace('Deny', 'Allow') },
  'no-key-grant': { keyPolicy: KEY_POLICY.replace('sqs.amazonaws.com', 'sns.amazonaws.com') },
  'renamed-table-key': { tableKey: 'payment_id' },
  'whole-batches': { responseTypes: undefined },
};

/** A stack that answers as far as the faults go. */
function deployed(found: Found): Deployed {
  const deadLetterTargetArn = '<aws_sqs_queue.payments_dead_letter_queue.arn>';
  const answers: Readonly<Record<string, unknown>> = {
    GetQueueUrlCommand: { QueueUrl: 'http://queue' },
    GetQueueAttributesCommand: {
      Attributes: { RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount: found.maxReceiveCount }) },
    },
    GetTopicAttributesCommand: { Attributes: { Policy: found.topicPolicy } },
    DescribeAlarmsCommand: { CompositeAlarms: [{ ActionsEnabled: true, AlarmActions: found.alarmActions }] },
    DescribeKeyCommand: {},
    GetKeyPolicyCommand: { Policy: found.keyPolicy },
    GetKeyRotationStatusCommand: {},
    DescribeTableCommand: {
      Table: {
        KeySchema: [{ AttributeName: found.tableKey, KeyType: 'HASH' }],
        AttributeDefinitions: [found.tableKey, 'payment_status', 'timestamp'].map((AttributeName) => ({
          AttributeName,
          AttributeType: 'S',
        })),
      },
    },
    DescribeContinuousBackupsCommand: {},
    GetEventSourceMappingCommand: { FunctionResponseTypes: found.responseTypes },
  };
  const client = { send: (command: object) => Promise.resolve(answers[command.constructor.name]) };
  return { aws: new Proxy({}, { get: () => client }) } as Deployed;
}

const named = Object.values(FAULTS).flatMap(({ namedBy }) => namedBy);
const ofFaults = () => assertionsOf(asked).filter(({ type, what }) => named.includes(`${type}: ${what}`));

test('a correct stack has no fault', async () => {
  expect((await judge(ofFaults(), deployed(AS_ASKED))).broken).toEqual([]);
});

test.each(Object.entries(FAULTS))('%s is named, and no other fault', async (fault, { namedBy }) => {
  const { broken } = await judge(ofFaults(), deployed({ ...AS_ASKED, ...WITH_FAULT[fault] }));

  expect(broken.map((one) => one.split('\n', 1)[0]).sort()).toEqual([...namedBy].sort());
});

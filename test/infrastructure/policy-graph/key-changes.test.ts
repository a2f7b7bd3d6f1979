import { PaymentPipeline } from '../../../src';
import { Policy } from '../../../tools/kit/stacks/iam-policy';
import { otherProps, sharingProps, someProps } from '../../../tools/kit/stacks/pipeline-props';
import { type Resource, StackGraph } from '../../../tools/kit/stacks/stack-graph';
import { readGraph } from '../../../tools/kit/stacks/stacks';
import { synthesize } from '../../../tools/kit/stacks/synthesize';

interface Rule extends Resource {
  readonly name: string;
  readonly event_pattern: string;
}

interface Target extends Resource {
  readonly rule: string;
  readonly arn: string;
  readonly role_arn?: string;
  readonly input_transformer: { readonly input_paths: Record<string, string>; readonly input_template: string };
}

type Tree = Readonly<Record<string, unknown>>;

const graph = readGraph('deployed');
const rule = graph.only<Rule>('aws_cloudwatch_event_rule', { name: 'event-rule-payment-key-changes-dev' });
const target = graph.only<Target>('aws_cloudwatch_event_target', { rule: rule.name });
const topic = graph.at<{ kms_master_key_id?: string }>('aws_sns_topic', target.arn);
const keys = graph.all<{ key_id: string }>('aws_kms_key');

/** Shortened from https://docs.aws.amazon.com/kms/latest/developerguide/ct-schedule-key-deletion.html. */
function keyEvent(keyId: string, detail: Tree = {}): Tree {
  return {
    source: 'aws.kms',
    'detail-type': 'AWS API Call via CloudTrail',
    detail: {
      userIdentity: { type: 'IAMUser', arn: 'arn:aws:iam::111122223333:user/Alice' },
      eventTime: '2021-03-23T18:58:30Z',
      eventSource: 'kms.amazonaws.com',
      eventName: 'ScheduleKeyDeletion',
      requestParameters: { pendingWindowInDays: 20, keyId },
      ...detail,
    },
  };
}

/** Matches exact values and `exists`: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html */
function matches(pattern: Tree, event: Tree = {}): boolean {
  return Object.entries(pattern).every(([name, wanted]) =>
    Array.isArray(wanted)
      ? wanted.some((one: { exists?: boolean }) => (one.exists === false ? !(name in event) : one === event[name]))
      : matches(wanted as Tree, event[name] as Tree),
  );
}

function reports(event: Tree): boolean {
  return matches(JSON.parse(rule.event_pattern) as Tree, event);
}

function valueAt(event: Tree, path: string): unknown {
  return path
    .replace(/^\$\./, '')
    .split('.')
    .reduce<unknown>((value, name) => (value as Tree)[name], event);
}

describe.each(keys)('a change of $address', (key) => {
  const unknown = (attribute: string) => `<${key.address}.${attribute}>`;

  test.each(['DisableKey', 'ScheduleKeyDeletion', 'PutKeyPolicy'])('%s is reported, by key ID or ARN', (eventName) => {
    expect(reports(keyEvent(unknown('key_id'), { eventName }))).toBe(true);
    expect(reports(keyEvent(key.arn, { eventName }))).toBe(true);
  });

  test.each([
    ['one that KMS refused', { errorCode: 'AccessDenied' }],
    ['one that makes nothing unreadable', { eventName: 'EnableKeyRotation' }],
  ])('%s is not', (_, detail) => {
    expect(reports(keyEvent(key.arn, detail))).toBe(false);
  });

  test('is not needed on the way to the email', () => {
    expect(JSON.stringify([topic, target.role_arn])).not.toContain(key.address);
  });
});

test('a change of another key is not reported', () => {
  expect(reports(keyEvent('1234abcd-12ab-34cd-56ef-1234567890ab'))).toBe(false);
});

test('the topic is encrypted with no key at all: EventBridge may not use that of AWS for SNS', () => {
  expect(topic.kms_master_key_id).toBeUndefined();
});

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html#eb-sns-permissions */
test('EventBridge may publish without a condition, which it would not meet, and nobody else may', () => {
  const policy = Policy.of(graph, graph.only<{ policy: string }>('aws_sns_topic_policy', { arn: topic.arn }).policy);
  expect(policy.allows({ by: 'events.amazonaws.com', action: 'sns:Publish', on: topic.arn })).toBe(true);
  expect([policy.principals(), policy.tests()]).toEqual([['events.amazonaws.com'], []]);
});

test('the topic emails the address that gets the alarms', () => {
  const [alerts, changes] = ['alert', 'key_change'].map((purpose) =>
    graph
      .all<{ endpoint: string; protocol: string; topic_arn: string }>('aws_sns_topic_subscription')
      .find(
        (one) =>
          one.topic_arn === graph.only<Resource & { name: string }>('aws_sns_topic', { name: NAMES[purpose] }).arn,
      ),
  );
  expect(changes).toMatchObject({ protocol: 'email', endpoint: alerts!.endpoint });
});

const NAMES: Readonly<Record<string, string>> = {
  alert: 'sns-payment-alerts-dev',
  key_change: 'sns-payment-key-changes-dev',
};

test('the message is a sentence that says what, which key, who and when, and names the three keys', () => {
  const { input_paths, input_template } = target.input_transformer;
  const event = keyEvent(keys[0]!.arn);
  const text = Object.entries(input_paths).reduce(
    (message, [name, path]) => message.replaceAll(`<${name}>`, String(valueAt(event, path))),
    input_template,
  );
  // A template that is no JSON object has to be in quotes: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
  const message = JSON.parse(text) as string;
  expect(message).toContain(
    `arn:aws:iam::111122223333:user/Alice called ScheduleKeyDeletion on the KMS key ${keys[0]!.arn} of the payment pipeline at 2021-03-23T18:58:30Z.`,
  );
  for (const purpose of ['s3', 'sqs', 'dynamodb'])
    expect(message).toContain(
      `alias/payment-${purpose}-dev is <aws_kms_key.payments_encryption_${purpose}_key.key_id>`,
    );
});

describe.each([
  ['nothing', []],
  ['the keys', ['encryption']],
  ['the topic', ['alerting']],
  ['both', ['encryption', 'alerting']],
] as const)('of two pipelines that share %s', (_, shared) => {
  const stack = synthesize((scope) => {
    const payments = new PaymentPipeline(scope, 'payments', someProps());
    const payouts = new PaymentPipeline(scope, 'payouts', sharingProps(payments, shared));
    // Its keys and its topic are of two pipelines.
    const { alertEmail: _email, ...props } = otherProps({ environment: 'third', queueName: 'third' });
    new PaymentPipeline(scope, 'third', { ...props, encryption: payments.encryption, alerting: payouts.alerting });
  });
  const both = new StackGraph(stack.json);

  test("each one's keys are watched once for its topic", () => {
    const watched = both.all<Target>('aws_cloudwatch_event_target').flatMap((one) => {
      const { event_pattern: pattern } = both.only<Partial<Rule>>('aws_cloudwatch_event_rule', { name: one.rule });
      if (pattern === undefined) return []; // a schedule
      return `${/payments|payouts/.exec(pattern)![0]} for ${both.readable(one.arn)}`;
    });
    const ownerOf = (child: (typeof shared)[number]) =>
      (shared as readonly string[]).includes(child) ? 'payments' : 'payouts';
    const pairs = [
      ['payments', 'payments'],
      [ownerOf('encryption'), ownerOf('alerting')],
      ['payments', ownerOf('alerting')],
    ].map(([key, alerting]) => `${key!} for aws_sns_topic.${alerting!}_alerting_key_changes_topic`);
    expect(watched.sort()).toEqual([...new Set(pairs)].sort());
  });
});

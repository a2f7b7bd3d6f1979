import { handlerFunctions } from '../../../tools/kit/stacks/handler-functions';
import { keyPolicy, Policy } from '../../../tools/kit/stacks/iam-policy';
import { ACCOUNT, arn, globalArn, REGION, type Resource } from '../../../tools/kit/stacks/stack-graph';
import { readGraph } from '../../../tools/kit/stacks/stacks';

interface Encrypted extends Resource {
  readonly url: string;
  readonly kms_master_key_id: string;
}

interface Subscription extends Resource {
  readonly endpoint: string;
  readonly redrive_policy: string;
  readonly depends_on: readonly string[];
}

const graph = readGraph('outcomes');
const topic = graph.only<Encrypted>('aws_sns_topic', { name: 'payment-outcomes-dev.fifo' });
const functions = handlerFunctions(graph);
const roles = functions.map(({ role }) => graph.at('aws_iam_role', role));
const policyOf = (type: string, owner: Record<string, string>) =>
  Policy.of(graph, graph.only<{ policy: string }>(type, owner).policy);

test('the topic keeps the order of an account, is encrypted, and has no limit for all accounts together', () => {
  expect(topic).toMatchObject({
    fifo_topic: true,
    content_based_deduplication: false,
    // https://docs.aws.amazon.com/sns/latest/dg/fifo-high-throughput.html
    fifo_throughput_scope: 'MessageGroup',
  });
  expect(graph.at('aws_kms_key', topic.kms_master_key_id).address).toMatch(/sqs_key$/);
});

test.each(functions)('the $handler knows the topic, and may use its key', ({ environment, role }) => {
  expect(environment.variables.OUTCOME_TOPIC_ARN).toBe(topic.arn);
  // https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
  for (const action of ['kms:GenerateDataKey', 'kms:Decrypt'])
    expect(Policy.ofRole(graph, graph.at('aws_iam_role', role)).allows({ action, on: topic.kms_master_key_id })).toBe(
      true,
    );
});

test('both functions reach the topic from the VPC', () => {
  expect(graph.all('aws_vpc_endpoint', { service_name: `com.amazonaws.${REGION}.sns` })).toHaveLength(1);
});

test('only the functions publish, and not in plain text', () => {
  const policy = policyOf('aws_sns_topic_policy', { arn: topic.arn });
  const publish = (by: string, secure = 'true') => ({
    by,
    action: 'sns:Publish',
    on: topic.arn,
    context: { 'aws:PrincipalArn': by, 'aws:SecureTransport': secure },
  });
  expect(roles).toHaveLength(2);
  for (const { arn: role } of roles) {
    expect(policy.allows(publish(role))).toBe(true);
    expect(policy.denies(publish(role, 'false'))).toBe(true);
  }
  expect(policy.denies(publish(globalArn('iam', 'role/another')))).toBe(true);
});

const [subscription] = graph.all<Subscription>('aws_sns_topic_subscription', { topic_arn: topic.arn });
const { deadLetterTargetArn } = JSON.parse(subscription!.redrive_policy) as { deadLetterTargetArn: string };

test('the subscribed queue gets the outcome itself, and another queue what SNS could not deliver', () => {
  expect(subscription).toMatchObject({ protocol: 'sqs', raw_message_delivery: true });
  expect(graph.at<Encrypted>('aws_sqs_queue', deadLetterTargetArn)).toMatchObject({ name: 'undelivered.fifo' });
});

// https://docs.aws.amazon.com/sns/latest/dg/sns-enable-encryption-for-topic-sqs-queue-subscriptions.html
test.each([subscription!.endpoint, deadLetterTargetArn])(
  'the topic alone may send to %s, and SNS may use its key',
  (endpoint) => {
    const queue = graph.at<Encrypted>('aws_sqs_queue', endpoint);
    const by = 'sns.amazonaws.com';
    const send = { by, action: 'sqs:SendMessage', on: queue.arn, context: { 'aws:SourceArn': topic.arn } };
    const policy = policyOf('aws_sqs_queue_policy', { queue_url: queue.url });
    expect(policy.allows(send)).toBe(true);
    expect(
      policy.alsoAllows(send, { context: { 'aws:SourceArn': arn('sns', 'another.fifo') } }, { by: 's3.amazonaws.com' }),
    ).toEqual([]);
    for (const action of ['kms:GenerateDataKey', 'kms:Decrypt'])
      expect(
        keyPolicy(graph, queue.kms_master_key_id).allows({
          by,
          action,
          on: queue.kms_master_key_id,
          context: { 'aws:SourceAccount': ACCOUNT },
        }),
      ).toBe(true);
    const [allowed] = graph.all('aws_sqs_queue_policy', { queue_url: queue.url });
    expect(subscription!.depends_on).toContain(allowed!.address);
  },
);

test('failed deliveries and failed calls ring, and the dashboard shows both', () => {
  for (const [purpose, metric] of [
    ['sns-outcomes-undelivered', 'NumberOfNotificationsFailed'],
    ['payments-outcomes-failed', 'OutcomesFailed'],
  ])
    expect(graph.only('aws_cloudwatch_metric_alarm', { alarm_name: `alarm-${purpose}-dev` })).toMatchObject({
      metric_name: metric,
    });
  const { dashboard_body } = graph.only<{ dashboard_body: string }>('aws_cloudwatch_dashboard');
  expect(dashboard_body).toContain('OutcomesPublished');
});

test('a pipeline without outcomes has nothing of it', () => {
  const text = JSON.stringify(readGraph('pipeline').made());
  expect(text).not.toMatch(/outcome/i);
});

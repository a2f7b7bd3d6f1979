import { isAdmittedByKey, keyPolicy, LOG_GROUP_KEY, Policy } from '../../../tools/kit/stacks/iam-policy';
import { ACCOUNT, REGION, type Resource } from '../../../tools/kit/stacks/stack-graph';
import { readGraph } from '../../../tools/kit/stacks/stacks';

interface Alarm extends Resource {
  readonly alarm_name: string;
  /** None for an alarm that a composite one emails. */
  readonly alarm_actions?: readonly string[];
  readonly ok_actions?: readonly string[];
}

interface Topic extends Resource {
  readonly name: string;
  readonly kms_master_key_id: string;
  readonly http_failure_feedback_role_arn?: string;
}

interface LogGroup extends Resource {
  readonly name: string;
  readonly kms_key_id: string;
  readonly retention_in_days: number;
}

interface Role extends Resource {
  readonly assume_role_policy: string;
}

interface LambdaFunction extends Resource {
  readonly function_name: string;
  readonly role: string;
}

const CLOUDWATCH = 'cloudwatch.amazonaws.com';

describe.each([
  ['the deployed stack', readGraph('deployed')],
  ['two pipelines that share topic and keys', readGraph('sharing')],
  ['a pipeline with the outage alarm', readGraph('outageAlarm')],
])('%s', (_, graph) => {
  const alarms = [
    ...graph.all<Alarm>('aws_cloudwatch_metric_alarm').filter(({ alarm_actions }) => alarm_actions !== undefined),
    ...graph.find<Alarm>('aws_cloudwatch_composite_alarm'),
  ];
  /** The topics that alarms publish to. */
  const topics = graph
    .all<Topic>('aws_sns_topic')
    .filter(({ arn }) => alarms.some(({ alarm_actions }) => alarm_actions!.includes(arn)));
  const policyOf = (topic: Topic) =>
    Policy.of(graph, graph.only<{ policy: string }>('aws_sns_topic_policy', { arn: topic.arn }).policy);

  describe.each(alarms)('each alarm: $alarm_name', (alarm) => {
    const topicOfAlarm = () => graph.at<Topic>('aws_sns_topic', alarm.alarm_actions![0]);
    const asAlarm = { by: CLOUDWATCH, context: { 'aws:SourceArn': alarm.arn, 'aws:SourceAccount': ACCOUNT } };
    const impostors = [
      { context: { 'aws:SourceArn': `${alarm.arn}-2` } },
      { context: { 'aws:SourceAccount': '999999999999' } },
    ];

    // An event of the trail is over by the next period, whatever has become of the trail.
    test('notifies one topic of alarm and, unless it reports an event, of recovery, and the topic has a subscriber', () => {
      const topic = topicOfAlarm();
      const recovers = !alarm.alarm_name.startsWith('alarm-security-');
      expect([alarm.alarm_actions, alarm.ok_actions]).toEqual([[topic.arn], recovers ? [topic.arn] : undefined]);
      expect(graph.find('aws_sns_topic_subscription', { topic_arn: topic.arn })).not.toEqual([]);
    });

    test('may publish to its topic, and no impostor may', () => {
      const topic = topicOfAlarm();
      const publish = { ...asAlarm, action: 'sns:Publish', on: topic.arn };
      expect(policyOf(topic).allows(publish)).toBe(true);
      expect(policyOf(topic).alsoAllows(publish, ...impostors)).toEqual([]);
    });

    test.each(['kms:Decrypt', 'kms:GenerateDataKey*'])(
      "may do %s with the topic's key, and no impostor may",
      (action) => {
        const { kms_master_key_id: key } = topicOfAlarm();
        const use = { ...asAlarm, action, on: key };
        const policy = keyPolicy(graph, key);
        expect(policy.allows(use)).toBe(true);
        expect(policy.alsoAllows(use, ...impostors)).toEqual([]);
      },
    );
  });

  test.each(topics)('the policies of $address and its key let in these alarms and no others', (topic) => {
    const arns = alarms
      .filter(({ alarm_actions }) => alarm_actions!.includes(topic.arn))
      .map(({ arn }) => arn)
      .sort();
    for (const policy of [policyOf(topic), keyPolicy(graph, topic.kms_master_key_id)]) {
      expect(policy.conditionValues(CLOUDWATCH, 'aws:SourceArn').sort()).toEqual(arns);
    }
  });

  const groups = graph.all<LogGroup>('aws_cloudwatch_log_group');
  const functions = graph.all<LambdaFunction>('aws_lambda_function');
  const groupNamed = (name: string) => graph.only<LogGroup>('aws_cloudwatch_log_group', { name });
  const mayWrite = (roleArn: string, group: LogGroup) => {
    const policy = Policy.ofRole(graph, graph.at('aws_iam_role', roleArn));
    return ['logs:CreateLogStream', 'logs:PutLogEvents'].every((action) =>
      policy.allows({ action, on: `${group.arn}:log-stream:1` }),
    );
  };

  test.each(functions)('$address has the group that Lambda writes to, made before it, and may write', (lambda) => {
    const group = groupNamed(`/aws/lambda/${lambda.function_name}`);
    expect(lambda.depends_on).toContain(group.address);
    expect(mayWrite(lambda.role, group)).toBe(true);
  });

  test.each(topics)('$address has the groups that SNS writes to, and SNS may write', (topic) => {
    const name = `sns/${REGION}/${ACCOUNT}/${topic.name}`;
    for (const group of [groupNamed(name), groupNamed(`${name}/Failure`)]) {
      expect([group.name, mayWrite(topic.http_failure_feedback_role_arn!, group)]).toEqual([group.name, true]);
    }
  });

  test.each(groups)('each log group forgets, and is encrypted with a key that lets it in: $name', (group) => {
    expect(group.retention_in_days).toBeGreaterThan(0);
    expect(isAdmittedByKey(graph, group)).toBe(true);
  });

  test('the keys let in no log group that does not exist', () => {
    const keys = graph.all('aws_kms_key').map(({ arn }) => arn);
    const admitted = keys.flatMap((key) =>
      keyPolicy(graph, key).conditionValues(`logs.${REGION}.amazonaws.com`, LOG_GROUP_KEY),
    );
    expect(admitted.sort()).toEqual(groups.map(({ arn }) => arn).sort());
  });

  describe.each(graph.all<Role>('aws_iam_role'))('each role: $address', (role) => {
    const policies = graph.all('aws_iam_role_policy', { role: role.id });
    const takers = graph.users(role.arn);

    test('is taken by something', () => {
      expect(takers).not.toEqual([]);
    });

    test('is waited for by its policies', () => {
      for (const policy of policies) expect(policy.depends_on).toContain(role.address);
    });

    test('is waited for, with its policies, by each resource that takes it', () => {
      for (const taker of takers) {
        expect(taker.depends_on).toEqual(expect.arrayContaining([role, ...policies].map(({ address }) => address)));
      }
    });

    test('may be taken by one service', () => {
      const trust = Policy.of(graph, role.assume_role_policy);
      expect(trust.principals()).toEqual([expect.stringMatching(/^[a-z-]+\.amazonaws\.com$/)]);
    });
  });
});

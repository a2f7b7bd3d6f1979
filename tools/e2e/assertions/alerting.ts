import assert from 'node:assert/strict';
import { GetTopicAttributesCommand, ListSubscriptionsByTopicCommand, ListTopicsCommand } from '@aws-sdk/client-sns';
import { ALARMS, alarmName } from './alarms';
import { only, type Assertion, type Deployed } from './assertion';
import { keyArn } from './keys';
import { TOPIC } from './names';
import { sorted, statement, statementsOf } from './policy';
import { roleArn } from './roles';

export const ALERT_EMAIL = 'payments-oncall@example.com';

export async function topicArn({ aws }: Deployed): Promise<string> {
  const { Topics = [] } = await aws.sns.send(new ListTopicsCommand({}));
  return only(
    Topics.filter(({ TopicArn }) => TopicArn?.endsWith(`:${TOPIC}`)),
    `topic ${TOPIC}`,
  ).TopicArn!;
}

async function attributes(deployed: Deployed): Promise<Record<string, string>> {
  const { Attributes } = await deployed.aws.sns.send(
    new GetTopicAttributesCommand({ TopicArn: await topicArn(deployed) }),
  );
  return Attributes ?? {};
}

export async function subscriptions(deployed: Deployed) {
  const { Subscriptions } = await deployed.aws.sns.send(
    new ListSubscriptionsByTopicCommand({ TopicArn: await topicArn(deployed) }),
  );
  return Subscriptions;
}

const deliveryAssertions = ['HTTP', 'Lambda', 'SQS'].map((protocol): Assertion => ({
  type: 'aws_sns_topic',
  what: `every delivery by ${protocol} is logged, with the role for it`,
  check: async (deployed) => {
    const found = await attributes(deployed);
    const role = await roleArn(deployed, 'sns-delivery-status');
    const asked = ['SuccessFeedbackRoleArn', 'FailureFeedbackRoleArn', 'SuccessFeedbackSampleRate'].map(
      (name) => found[`${protocol}${name}`],
    );
    assert.deepEqual(asked, [role, role, '100']);
  },
}));

export const alertingAssertions: readonly Assertion[] = [
  {
    type: 'aws_sns_topic',
    what: "named for who reads it, and encrypted with the pipeline's own key",
    check: async (deployed) => {
      const { DisplayName, KmsMasterKeyId } = await attributes(deployed);
      assert.deepEqual([DisplayName, KmsMasterKeyId], ['Payment pipeline alerts', await keyArn(deployed, 'sqs')]);
    },
  },
  ...deliveryAssertions,
  {
    type: 'aws_sns_topic_policy',
    what: "CloudWatch may publish for this pipeline's alarms, and nobody else",
    check: async (deployed) => {
      const statements = statementsOf((await attributes(deployed)).Policy);
      const { Effect, Principal, Action, Resource, Condition } = statement(statements, 'AlarmsPublish');
      assert.equal(statements.length, 1);
      assert.deepEqual(
        { Effect, Principal, Action, Resource },
        {
          Effect: 'Allow',
          Principal: { Service: 'cloudwatch.amazonaws.com' },
          Action: 'sns:Publish',
          Resource: await topicArn(deployed),
        },
      );
      const { region, account } = deployed;
      const alarms = ALARMS.map((alarm) => `arn:aws:cloudwatch:${region}:${account}:alarm:${alarmName(alarm)}`);
      assert.deepEqual(sorted(Condition?.ArnEquals?.['aws:SourceArn']), alarms.sort());
    },
  },
  {
    type: 'aws_sns_topic_subscription',
    what: 'the one address that was given gets the alarms by mail',
    check: async (deployed) => {
      const { Protocol, Endpoint } = only(await subscriptions(deployed), 'subscription');
      assert.deepEqual([Protocol, Endpoint], ['email', ALERT_EMAIL]);
    },
  },
];

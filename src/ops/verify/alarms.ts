import type { CompositeAlarm, MetricAlarm } from '@aws-sdk/client-cloudwatch';
import type { Subscription } from '@aws-sdk/client-sns';
import { type Check, defineCheck, DEPLOY_AGAIN, type Finding } from './check';
import { dlqProcessor, variablesOf } from './functions';
import { defineRead, type Found, ResourceFault } from './read';

/** CloudWatch's most for one call. A pipeline has fewer alarms. */
const MOST_NAMES = 100;

const needs = { dlqProcessor };

/** The alert topic's ARN. The DLQ processor has it, even if another pipeline owns the topic. */
function topicOf(found: Found<typeof needs>): string {
  const arn = variablesOf(found.dlqProcessor).ALERT_TOPIC_ARN;
  if (arn === undefined) throw new ResourceFault('The DLQ processor has no ALERT_TOPIC_ARN.', DEPLOY_AGAIN);
  return arn;
}

const alertSubscriptions = defineRead({
  action: 'sns:ListSubscriptionsByTopic',
  subject: () => 'alert topic',
  needs,
  send: async ({ sns }, found) => {
    const { Subscriptions } = await sns.listSubscriptionsByTopic({ TopicArn: topicOf(found) });
    return Subscriptions ?? [];
  },
});

const keyChangeSubscriptions = defineRead({
  action: 'sns:ListSubscriptionsByTopic',
  subject: (pipeline) => `topic ${pipeline.expected().keyChangeTopic}`,
  needs,
  send: async ({ sns }, found, pipeline) => {
    const { keyChangeTopic } = pipeline.expected();
    const TopicArn = keyChangeTopic.startsWith('arn:')
      ? keyChangeTopic
      : topicOf(found).replace(/[^:]+$/, keyChangeTopic);
    const { Subscriptions } = await sns.listSubscriptionsByTopic({ TopicArn });
    return Subscriptions ?? [];
  },
});

/** The names of the pipeline's alarms: by the outputs, or else those that the alert topic's policy admits. */
const alarmNames = defineRead({
  action: 'sns:GetTopicAttributes',
  subject: () => 'alert topic',
  needs,
  send: async ({ sns }, found, pipeline) => {
    const topic = topicOf(found);
    const { alarms } = pipeline.expected();
    if (alarms !== undefined) return alarms;
    const { Attributes } = await sns.getTopicAttributes({ TopicArn: topic });
    const admitted = [...(Attributes?.Policy ?? '').matchAll(/"arn:[\w-]+:cloudwatch:[^"]*:alarm:([^"]+)"/g)];
    return admitted
      .map(([, name]) => name!)
      .filter((name) => pipeline.isAlarm({ name, actions: [topic], description: '' }));
  },
});

const alarms = defineRead({
  action: 'cloudwatch:DescribeAlarms',
  subject: () => 'alarms',
  needs: { alarmNames },
  send: async ({ cloudWatch }, { alarmNames: AlarmNames }) => {
    if (AlarmNames.length === 0)
      throw new ResourceFault('The alert topic admits no alarm of the pipeline.', DEPLOY_AGAIN);
    const { MetricAlarms = [], CompositeAlarms = [] } = await cloudWatch.describeAlarms({
      AlarmNames: [...AlarmNames],
      AlarmTypes: ['MetricAlarm', 'CompositeAlarm'], // `alerting.addAlarm` takes both
      MaxRecords: MOST_NAMES,
    });
    return [...MetricAlarms, ...CompositeAlarms];
  },
});

export const ALARM_CHECKS: readonly Check[] = [
  defineCheck({
    name: 'Email for alarms: confirmed',
    needs: { alertSubscriptions },
    judge: (found) => subscriptionFindings(found.alertSubscriptions, 'an alarm'),
  }),
  defineCheck({
    name: 'Email for key changes: confirmed',
    needs: { keyChangeSubscriptions },
    judge: (found) => subscriptionFindings(found.keyChangeSubscriptions, 'a change of the keys'),
  }),
  defineCheck({
    name: 'Alarms: all exist',
    needs: { alarmNames, alarms },
    judge: (found) => {
      const missing = found.alarmNames.filter((name) => found.alarms.every(({ AlarmName }) => AlarmName !== name));
      return missing.map((name) => ({ found: `There is no alarm ${name}.`, whatToDo: DEPLOY_AGAIN }));
    },
  }),
  defineCheck({
    name: 'Alarms: actions on',
    needs: { ...needs, alarms },
    judge: (found) => {
      const rules = found.alarms.map((alarm) => ('AlarmRule' in alarm ? alarm.AlarmRule : '')).join(' ');
      return found.alarms
        .filter(({ AlarmName }) => !rules.includes(`ALARM(${AlarmName})`)) // a composite alarm emails it
        .flatMap((alarm) => actionFindings(alarm, topicOf(found)));
    },
  }),
  defineCheck({
    name: 'Alarms: none rings',
    needs: { alarms },
    judge: (found) =>
      found.alarms
        .filter(({ StateValue }) => StateValue === 'ALARM')
        .map(({ AlarmName = '', AlarmDescription = '' }) => ({
          found: `${AlarmName} rings.`,
          whatToDo: `Follow ${/docs\/runbooks\/\S+\.md/.exec(AlarmDescription)?.[0] ?? 'its runbook'}.`,
        })),
  }),
];

/** SNS deletes an unconfirmed subscription after 48 hours: https://docs.aws.amazon.com/sns/latest/dg/sns-delete-subscription-topic.html */
function subscriptionFindings(subscriptions: readonly Subscription[], event: string): readonly Finding[] {
  const kept = subscriptions.filter(({ SubscriptionArn }) => SubscriptionArn !== 'Deleted');
  if (kept.length === 0)
    return [
      {
        found: `Nobody hears of ${event}: its topic has no subscription. SNS deletes one that nobody confirms within 48 hours.`,
        whatToDo: 'Deploy again, and confirm the email from AWS Notifications.',
      },
    ];
  return kept
    .filter(({ SubscriptionArn }) => SubscriptionArn === 'PendingConfirmation')
    .map(({ Endpoint = 'the receiver' }) => ({
      found: `${Endpoint} has not confirmed the subscription, and does not hear of ${event}.`,
      whatToDo:
        'Confirm the email from AWS Notifications within 48 hours of the deployment. Look into the junk mail, too.',
    }));
}

function actionFindings(alarm: MetricAlarm | CompositeAlarm, topic: string): readonly Finding[] {
  const { AlarmName = '', ActionsEnabled, AlarmActions = [] } = alarm;
  if (ActionsEnabled !== true)
    return [
      {
        found: `The actions of ${AlarmName} are off: it rings unheard.`,
        whatToDo: `aws cloudwatch enable-alarm-actions --alarm-names ${AlarmName}`,
      },
    ];
  return AlarmActions.includes(topic)
    ? []
    : [{ found: `${AlarmName} does not notify the alert topic.`, whatToDo: DEPLOY_AGAIN }];
}

import { CloudwatchEventRule } from '@cdktf/provider-aws/lib/cloudwatch-event-rule';
import { CloudwatchEventTarget } from '@cdktf/provider-aws/lib/cloudwatch-event-target';
import { SnsTopic } from '@cdktf/provider-aws/lib/sns-topic';
import { SnsTopicPolicy } from '@cdktf/provider-aws/lib/sns-topic-policy';
import { SnsTopicSubscription } from '@cdktf/provider-aws/lib/sns-topic-subscription';
import { Fn } from 'cdktf';
import { Construct } from 'constructs';
import type { Encryption } from './encryption';
import { policyJson, service } from './policy';
import { type Names, pathOfRunbook } from './resource-names';
import { escapeText } from './token-expression';

/** The calls after which services may no longer be able to use a key of KMS's own key material. */
const KEY_CHANGES = ['DisableKey', 'ScheduleKeyDeletion', 'PutKeyPolicy'];

/** The runbook that rule and message name. */
export const KEY_CHANGES_RUNBOOK = pathOfRunbook('key-changes');

/** Where the values of the message are in the event. */
const EVENT_FIELDS = {
  event: '$.detail.eventName',
  key: '$.detail.requestParameters.keyId',
  principal: '$.detail.userIdentity.arn',
  time: '$.detail.eventTime',
};

export interface KeyChangeAlertsConfig {
  readonly names: Names;
  readonly alertEmail: string;
}

/**
 * Emails when somebody disables a key, schedules its deletion or changes its policy. Nothing on the way uses one of these keys:
 * without its key the alert topic takes no alarm, and the trail's log group no event.
 */
export class KeyChangeAlerts extends Construct {
  /** Takes the events. Not encrypted with a key, so it may hold nothing about payments. */
  readonly topic: SnsTopic;
  /** The email subscription. No email arrives until its receiver has confirmed it. */
  readonly subscription: SnsTopicSubscription;

  private readonly rules = new Map<Encryption, CloudwatchEventRule>();

  constructor(scope: Construct, id: string, { names, alertEmail }: KeyChangeAlertsConfig) {
    super(scope, id);
    this.topic = new SnsTopic(this, 'topic', { name: names.keyChangeTopic, displayName: 'Payment pipeline keys' });
    new SnsTopicPolicy(this, 'topic_policy', {
      arn: this.topic.arn,
      policy: policyJson(this, 'topic_permissions', [
        {
          // Without conditions: EventBridge publishes nothing to a topic whose policy has one for it.
          // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html#eb-sns-permissions
          sid: 'EventsPublish',
          actions: ['sns:Publish'],
          resources: [this.topic.arn],
          principals: service('events.amazonaws.com'),
        },
      ]),
    });
    this.subscription = new SnsTopicSubscription(this, 'email_subscription', {
      topicArn: this.topic.arn,
      protocol: 'email',
      endpoint: alertEmail,
    });
  }

  /**
   * Returns the rule that reports changes of these keys to the topic. The first pipeline with both creates it, because the other
   * one of keys and topic may be in a stack that knows nothing of it.
   */
  watch(pipeline: Construct, encryption: Encryption, names: Names): CloudwatchEventRule {
    const rule = this.rules.get(encryption) ?? this.createRule(pipeline, encryption, names);
    this.rules.set(encryption, rule);
    return rule;
  }

  private createRule(pipeline: Construct, encryption: Encryption, names: Names): CloudwatchEventRule {
    const keys = [
      { key: encryption.s3Key, alias: encryption.s3KeyAlias },
      { key: encryption.sqsKey, alias: encryption.sqsKeyAlias },
      { key: encryption.dynamodbKey, alias: encryption.dynamodbKeyAlias },
    ];
    const rule = new CloudwatchEventRule(pipeline, 'key_change_rule', {
      name: names.keyChangeRule,
      description: `Somebody changes a key of the payment pipeline. Follow ${KEY_CHANGES_RUNBOOK}`,
      eventPattern: Fn.jsonencode({
        source: ['aws.kms'],
        'detail-type': ['AWS API Call via CloudTrail'],
        detail: {
          eventSource: ['kms.amazonaws.com'],
          eventName: KEY_CHANGES,
          // The caller may name the key by either.
          requestParameters: { keyId: keys.flatMap(({ key }) => [key.keyId, key.arn]) },
          errorCode: [{ exists: false }],
        },
      }),
    });
    const list = keys.map(({ key, alias }) => `${alias.name} is ${key.keyId}`).join(', ');
    const message =
      `<principal> called <event> on the KMS key <key> of the payment pipeline at <time>. ${list}. Unless a deployment explains it, ` +
      `payments, alarms or the audit trail may stop. Follow ${KEY_CHANGES_RUNBOOK}`;
    new CloudwatchEventTarget(pipeline, 'key_change_target', {
      rule: rule.name,
      targetId: names.keyChangeTopic,
      arn: this.topic.arn,
      inputTransformer: { inputPaths: EVENT_FIELDS, inputTemplate: escapeText(`"${message}"`) },
    });
    return rule;
  }
}

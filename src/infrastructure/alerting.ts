import { CloudwatchCompositeAlarm } from '@cdktf/provider-aws/lib/cloudwatch-composite-alarm';
import { CloudwatchMetricAlarm } from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm';
import type { KmsKey } from '@cdktf/provider-aws/lib/kms-key';
import { SnsTopic } from '@cdktf/provider-aws/lib/sns-topic';
import { SnsTopicPolicy } from '@cdktf/provider-aws/lib/sns-topic-policy';
import { SnsTopicSubscription } from '@cdktf/provider-aws/lib/sns-topic-subscription';
import type { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { Aspects, TerraformResource } from 'cdktf';
import { Construct, type IConstruct } from 'constructs';
import { type AwsEnvironment, awsEnvironmentOf } from './aws-environment';
import type { Encryption } from './encryption';
import { KeyChangeAlerts } from './key-change-alerts';
import { createLogGroup } from './log-group';
import type { Names } from './resource-names';
import {
  condition,
  createServiceRole,
  MutablePolicyDocument,
  service,
  type ServiceRole,
  type Statement,
} from './policy';
import { hasReferenceTo } from './stack-dependencies';
import { expressionOf } from './token-expression';
import { warn } from './warning';

/** AWS page "Amazon SNS message delivery status". */
const WRITE_DELIVERY_STATUS = [
  'logs:CreateLogGroup',
  'logs:CreateLogStream',
  'logs:PutLogEvents',
  'logs:PutMetricFilter',
  'logs:PutRetentionPolicy',
];

/** Percent of the successful deliveries that are logged; failed ones always are. */
const LOGGED_SUCCESSES = 100;

export interface AlertingConfig {
  readonly names: Names;
  readonly alertEmail: string;
  readonly logRetentionDays: number;
  readonly encryption: Encryption;
}

/** An alarm of CloudWatch. */
type Alarm = CloudwatchMetricAlarm | CloudwatchCompositeAlarm;

const ALARM_TYPES: readonly string[] = [CloudwatchMetricAlarm, CloudwatchCompositeAlarm].map(
  ({ tfResourceType }) => tfResourceType,
);

/** The topic that alarms publish to, and its email subscription. */
export class Alerting extends Construct {
  /** Receives every alarm, and the alerts of the DLQ processor. Encrypted. */
  readonly topic: SnsTopic;
  /** Encrypts the topic. Every publisher needs permission to use it. */
  readonly topicKey: KmsKey;
  /** The email subscription. No email arrives until its receiver has confirmed it. */
  readonly subscription: SnsTopicSubscription;
  /** Emails the same address about changes of the keys, without the topic above, which needs one of them. */
  readonly keyChanges: KeyChangeAlerts;
  /** The role with which SNS logs deliveries to pagers and chats. */
  readonly deliveryStatusRole: IamRole;

  private readonly alarmNames = new Set<string>();
  private readonly policy: MutablePolicyDocument;

  constructor(
    scope: Construct,
    id: string,
    private readonly config: AlertingConfig,
  ) {
    super(scope, id);
    const { names, encryption } = config;
    this.topicKey = encryption.sqsKey;

    const { role, policy } = this.createDeliveryStatusRole();
    this.deliveryStatusRole = role;
    this.topic = new SnsTopic(this, 'topic', {
      name: names.topic,
      displayName: 'Payment pipeline alerts',
      kmsMasterKeyId: encryption.sqsKey.arn,
      ...deliveryStatusLogging(role.arn),
      dependsOn: [role, policy],
    });
    this.policy = new MutablePolicyDocument(this, 'topic_permissions', () => this.alarmsPublish());
    new SnsTopicPolicy(this, 'topic_policy', { arn: this.topic.arn, policy: this.policy.json });
    this.subscription = new SnsTopicSubscription(this, 'email_subscription', {
      topicArn: this.topic.arn,
      protocol: 'email',
      endpoint: config.alertEmail,
    });
    this.keyChanges = new KeyChangeAlerts(this, 'key_changes', config);
    Aspects.of(this).add({
      visit: (node) => {
        if (node === this) this.warnOfMuteAlarms();
      },
    });
  }

  /**
   * Notifies the topic when an alarm goes off and when it is over: adds the topic to the alarm's actions, and the alarm to the
   * policies of the topic and its key, which let no other alarm publish. The alarm's name must not refer to the topic or the key.
   */
  addAlarm(alarm: CloudwatchMetricAlarm | CloudwatchCompositeAlarm): void {
    alarm.alarmActions = this.withTopic(alarm.alarmActionsInput);
    alarm.okActions = this.withTopic(alarm.okActionsInput);
    const name = alarm.alarmNameInput!; // its attribute alarmName would refer to the alarm, which depends on both policies
    this.alarmNames.add(name);
    this.policy.update();
    this.config.encryption.allowServiceUse('alarm', name);
  }

  private withTopic(actions: readonly string[] = []): string[] {
    return actions.some((action) => this.isTopic(action)) ? [...actions] : [...actions, this.topic.arn];
  }

  private isTopic(action: unknown): boolean {
    return hasReferenceTo(this, action, this.topic.arn);
  }

  private warnOfMuteAlarms(): void {
    const added = new Set([...this.alarmNames].map((name) => expressionOf(this, name)));
    for (const alarm of this.node.root.node.findAll().filter(isAlarm)) {
      const { alarmActionsInput, okActionsInput, insufficientDataActionsInput, alarmNameInput } = alarm;
      const actions = [alarmActionsInput, okActionsInput, insufficientDataActionsInput];
      if (added.has(expressionOf(this, alarmNameInput!)) || !this.isTopic(actions)) continue;
      warn(
        this,
        `The alarm ${alarm.node.path} can't publish to the topic: the policies of topic and key don't name it. ` +
          'Call alerting.addAlarm(alarm) instead of setting its actions.',
      );
    }
  }

  private alarmsPublish(): Statement[] {
    const deployment = awsEnvironmentOf(this);
    return [
      {
        sid: 'AlarmsPublish',
        actions: ['sns:Publish'],
        resources: [this.topic.arn],
        principals: service('cloudwatch.amazonaws.com'),
        condition: [
          condition('StringEquals', 'aws:SourceAccount', deployment.accountId),
          condition('ArnEquals', 'aws:SourceArn', ...[...this.alarmNames].map((name) => deployment.alarmArn(name))),
        ],
      },
    ];
  }

  /** SNS would create these log groups itself when it first needs them, without encryption or retention. */
  private createDeliveryStatusRole(): ServiceRole {
    const { names } = this.config;
    const group = ({ region, accountId }: AwsEnvironment) => `sns/${region}/${accountId}/${names.topic}`;
    const groups = [
      createLogGroup(this, 'delivery_log_group', { ...this.config, name: group }),
      createLogGroup(this, 'delivery_failure_log_group', {
        ...this.config,
        name: (there) => `${group(there)}/Failure`,
      }),
    ];
    return createServiceRole(this, 'delivery_status', {
      ...names.snsDeliveryStatus,
      service: 'sns.amazonaws.com',
      permissions: [
        {
          sid: 'WriteDeliveryStatus',
          actions: WRITE_DELIVERY_STATUS,
          resources: groups.flatMap(({ arn }) => [arn, `${arn}:*`]),
        },
      ],
    });
  }
}

function isAlarm(construct: IConstruct): construct is Alarm {
  return TerraformResource.isTerraformResource(construct) && ALARM_TYPES.includes(construct.terraformResourceType);
}

/** Covers the protocols of pagers and chats. AWS logs no delivery by email. */
function deliveryStatusLogging(roleArn: string) {
  return {
    httpSuccessFeedbackRoleArn: roleArn,
    httpFailureFeedbackRoleArn: roleArn,
    httpSuccessFeedbackSampleRate: LOGGED_SUCCESSES,
    lambdaSuccessFeedbackRoleArn: roleArn,
    lambdaFailureFeedbackRoleArn: roleArn,
    lambdaSuccessFeedbackSampleRate: LOGGED_SUCCESSES,
    sqsSuccessFeedbackRoleArn: roleArn,
    sqsFailureFeedbackRoleArn: roleArn,
    sqsSuccessFeedbackSampleRate: LOGGED_SUCCESSES,
  };
}

import * as at from '../addresses';
import type { Row } from '../row';

const PERMISSIONS = 'payments_alerting_topic_permissions';
const DELIVERY_GROUP = 'sns/ap-southeast-1/ACCOUNT_ID/sns-payment-alerts-dev';

/** SNS Alerting Configuration. */
export const sns: readonly Row[] = [
  {
    demand: 'A topic named sns-payment-alerts-dev',
    met: 'As asked. A second topic reports changes of the keys.',
    resources: [at.TOPIC],
    shows: (stack) => {
      expect(stack.addressesOf('aws_sns_topic')).toEqual([at.KEY_CHANGE_TOPIC, at.TOPIC]);
      expect(stack.at(at.TOPIC)).toMatchObject({ name: 'sns-payment-alerts-dev' });
    },
  },
  {
    demand: 'The topic is encrypted with the SQS KMS key',
    met: 'As asked.',
    resources: [at.TOPIC, at.SQS_KEY],
    shows: (stack) => {
      expect(stack.at(at.TOPIC)).toMatchObject({ kms_master_key_id: `${at.SQS_KEY}.arn` });
    },
  },
  {
    demand: 'An email subscription',
    met: 'As asked; its receiver has to confirm it.',
    resources: [at.SUBSCRIPTION],
    shows: (stack) => {
      expect(stack.addressesOf('aws_sns_topic_subscription')).toEqual([at.SUBSCRIPTION, at.KEY_CHANGE_SUBSCRIPTION]);
      expect(stack.at(at.SUBSCRIPTION)).toMatchObject({ protocol: 'email', topic_arn: `${at.TOPIC}.arn` });
    },
  },
  {
    demand: 'The email address is provided by a variable',
    met: 'Variable `alert_email`, without a default.',
    resources: [at.SUBSCRIPTION, 'var.alert_email'],
    shows: (stack) => {
      expect(stack.given({ alert_email: 'oncall@example.com' }).at(at.SUBSCRIPTION)).toMatchObject({
        endpoint: 'oncall@example.com',
      });
    },
  },
  {
    demand: 'The topic policy lets cloudwatch.amazonaws.com publish',
    met: 'As asked, and no other principal.',
    resources: [at.TOPIC_POLICY, at.documentOf(PERMISSIONS)],
    shows: (stack) => {
      expect(stack.at(at.TOPIC_POLICY)).toEqual({
        arn: `${at.TOPIC}.arn`,
        policy: `${at.documentOf(PERMISSIONS)}.json`,
      });
      expect(stack.statements(PERMISSIONS)).toHaveLength(1);
      expect(stack.admission(PERMISSIONS, 'cloudwatch.amazonaws.com')).toMatchObject({
        actions: ['sns:Publish'],
        resources: [`${at.TOPIC}.arn`],
        principals: [{ type: 'Service', identifiers: ['cloudwatch.amazonaws.com'] }],
      });
    },
  },
  {
    demand: 'The topic policy names the alarm ARNs that may publish',
    met: 'Each alarm of this stack, in this account. The ARNs are built from names, as the alarms themselves wait for the topic.',
    resources: [at.documentOf(PERMISSIONS), ...at.FOUR_ALARMS, ...at.MORE_ALARMS],
    shows: (stack) => {
      const { condition } = stack.admission(PERMISSIONS, 'cloudwatch.amazonaws.com');
      const source = condition!.find(({ variable }) => variable === 'aws:SourceArn')!;
      const arns = stack
        .each('aws_cloudwatch_metric_alarm', 'alarm_name')
        .map((name) => `arn:aws:cloudwatch:ap-southeast-1:ACCOUNT_ID:alarm:${String(name)}`);
      expect(source.test).toBe('ArnEquals');
      expect([...source.values].sort()).toEqual(arns.sort());
      expect(condition).toContainEqual({ test: 'StringEquals', variable: 'aws:SourceAccount', values: ['ACCOUNT_ID'] });
    },
  },
  {
    demand: 'A display name',
    met: '"Payment pipeline alerts" is who the mails are from.',
    resources: [at.TOPIC],
    shows: (stack) => {
      expect(stack.at(at.TOPIC)).toMatchObject({ display_name: 'Payment pipeline alerts' });
    },
  },
  {
    demand: 'Delivery status logging',
    met: 'For HTTP, Lambda and SQS subscriptions, all deliveries, with a role of its own, into encrypted log groups. AWS logs no delivery by email.',
    deviation: 'D13',
    resources: [
      at.TOPIC,
      at.roleOf(at.DELIVERY_STATUS_ID),
      at.policyOf(at.DELIVERY_STATUS_ID),
      at.DELIVERY_LOGS,
      at.DELIVERY_FAILURE_LOGS,
    ],
    shows: (stack) => {
      for (const protocol of ['http', 'lambda', 'sqs']) {
        expect(stack.at(at.TOPIC)).toMatchObject({
          [`${protocol}_success_feedback_role_arn`]: `${at.roleOf(at.DELIVERY_STATUS_ID)}.arn`,
          [`${protocol}_failure_feedback_role_arn`]: `${at.roleOf(at.DELIVERY_STATUS_ID)}.arn`,
          [`${protocol}_success_feedback_sample_rate`]: 100,
        });
      }
      expect(stack.at(at.DELIVERY_LOGS)).toMatchObject({ name: DELIVERY_GROUP });
      expect(stack.at(at.DELIVERY_FAILURE_LOGS)).toMatchObject({ name: `${DELIVERY_GROUP}/Failure` });
    },
  },
];

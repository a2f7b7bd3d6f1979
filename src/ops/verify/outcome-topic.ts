import { type Check, compareSettings, CUSTOMER_KEY, defineCheck } from './check';
import { dlqProcessor, paymentProcessor, variablesOf } from './functions';
import { defineRead } from './read';

/** The topic of the payment processor; undefined when that publishes no outcomes. */
const outcomeTopic = defineRead({
  action: 'sns:GetTopicAttributes',
  subject: () => 'outcome topic',
  needs: { paymentProcessor },
  send: async ({ sns }, found): Promise<Readonly<Partial<Record<string, string>>> | undefined> => {
    const TopicArn = variablesOf(found.paymentProcessor).OUTCOME_TOPIC_ARN;
    return TopicArn === undefined ? undefined : (await sns.getTopicAttributes({ TopicArn })).Attributes;
  },
});

export const OUTCOME_TOPIC_CHECKS: readonly Check[] = [
  defineCheck({
    name: 'Outcome topic: settings, if outcomes are published',
    needs: { outcomeTopic, paymentProcessor, dlqProcessor },
    judge: (found, { pipeline }) => {
      const [topic, other] = [found.paymentProcessor, found.dlqProcessor].map(
        (one) => variablesOf(one).OUTCOME_TOPIC_ARN,
      );
      const attributes = found.outcomeTopic;
      return compareSettings({
        "the DLQ processor's OUTCOME_TOPIC_ARN": [other ?? '', topic ?? ''],
        ...(attributes && {
          FifoTopic: [attributes.FifoTopic, 'true'],
          ContentBasedDeduplication: [attributes.ContentBasedDeduplication, 'false'],
          FifoThroughputScope: [attributes.FifoThroughputScope, 'MessageGroup'],
          KmsMasterKeyId: [attributes.KmsMasterKeyId, pipeline.expected().keys?.sqs ?? CUSTOMER_KEY],
        }),
      });
    },
  }),
];

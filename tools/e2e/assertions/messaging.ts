import { GetSubscriptionAttributesCommand, GetTopicAttributesCommand } from '@aws-sdk/client-sns';
import { attributesOf } from '../support/lookups';
import { type Reader, recorded, textOf } from './reader';

/** Readers of SQS and SNS. */
export const messaging: Readonly<Record<string, Reader>> = {
  aws_sqs_queue: async (asked, deployed) => {
    const attributes = await attributesOf(deployed, textOf(asked, 'name'));
    return {
      name: attributes.QueueArn?.split(':').at(-1),
      fifo_queue: attributes.FifoQueue,
      content_based_deduplication: attributes.ContentBasedDeduplication,
      deduplication_scope: attributes.DeduplicationScope,
      fifo_throughput_limit: attributes.FifoThroughputLimit,
      kms_master_key_id: attributes.KmsMasterKeyId,
      max_message_size: attributes.MaximumMessageSize,
      message_retention_seconds: attributes.MessageRetentionPeriod,
      visibility_timeout_seconds: attributes.VisibilityTimeout,
      redrive_policy: attributes.RedrivePolicy,
    };
  },

  aws_sqs_queue_redrive_allow_policy: async (asked, deployed) => {
    const url = textOf(asked, 'queue_url');
    const { RedriveAllowPolicy } = await attributesOf(deployed, url.split('/').at(-1)!);
    return { queue_url: url, redrive_allow_policy: RedriveAllowPolicy };
  },

  aws_sqs_queue_policy: async (asked, deployed) => {
    const url = textOf(asked, 'queue_url');
    const { Policy } = await attributesOf(deployed, url.split('/').at(-1)!);
    return { queue_url: url, policy: Policy };
  },

  aws_sns_topic: async (asked, { aws }) => {
    const { Attributes = {} } = await aws.sns.send(new GetTopicAttributesCommand({ TopicArn: recorded(asked, 'arn') }));
    const feedback = ['HTTP', 'Lambda', 'SQS'].flatMap((protocol) => {
      const argument = protocol.toLowerCase();
      return [
        [`${argument}_success_feedback_role_arn`, Attributes[`${protocol}SuccessFeedbackRoleArn`]],
        [`${argument}_failure_feedback_role_arn`, Attributes[`${protocol}FailureFeedbackRoleArn`]],
        [`${argument}_success_feedback_sample_rate`, Attributes[`${protocol}SuccessFeedbackSampleRate`]],
      ];
    });
    return {
      name: Attributes.TopicArn?.split(':').at(-1),
      display_name: Attributes.DisplayName,
      kms_master_key_id: Attributes.KmsMasterKeyId,
      fifo_topic: Attributes.FifoTopic,
      content_based_deduplication: Attributes.ContentBasedDeduplication,
      fifo_throughput_scope: Attributes.FifoThroughputScope,
      ...(Object.fromEntries(feedback) as object),
    };
  },

  aws_sns_topic_policy: async (asked, { aws }) => {
    const arn = textOf(asked, 'arn');
    const { Attributes } = await aws.sns.send(new GetTopicAttributesCommand({ TopicArn: arn }));
    return { arn: Attributes?.TopicArn, policy: Attributes?.Policy };
  },

  aws_sns_topic_subscription: async (asked, { aws }) => {
    const SubscriptionArn = recorded(asked, 'arn');
    const { Attributes } = await aws.sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }));
    return {
      endpoint: Attributes?.Endpoint,
      protocol: Attributes?.Protocol,
      topic_arn: Attributes?.TopicArn,
      raw_message_delivery: Attributes?.RawMessageDelivery,
    };
  },
};

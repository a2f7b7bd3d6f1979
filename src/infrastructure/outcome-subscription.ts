import { DataAwsIamPolicyDocument } from '@cdktf/provider-aws/lib/data-aws-iam-policy-document';
import type { SnsTopic } from '@cdktf/provider-aws/lib/sns-topic';
import { SnsTopicSubscription } from '@cdktf/provider-aws/lib/sns-topic-subscription';
import type { SqsQueue } from '@cdktf/provider-aws/lib/sqs-queue';
import { SqsQueuePolicy } from '@cdktf/provider-aws/lib/sqs-queue-policy';
import { Fn } from 'cdktf';
import type { Construct } from 'constructs';
import { homeOf } from './grants';
import { condition, service } from './policy';

/** A queue can't be subscribed to the outcomes. */
export class OutcomeSubscriptionError extends Error {
  override readonly name = 'OutcomeSubscriptionError';
}

/** The key of AWS for SQS, whose policy nobody can change to let SNS use it. */
const AWS_MANAGED_KEY = 'alias/aws/sqs';

/**
 * Subscribes a queue to the outcome topic, once. A queue of the pipeline's own key, or without a key of KMS, needs nothing else; the policy of another key
 * has to let SNS use it: https://docs.aws.amazon.com/sns/latest/dg/sns-enable-encryption-for-topic-sqs-queue-subscriptions.html
 * @throws OutcomeSubscriptionError
 */
export function subscribeToOutcomes(
  pipeline: Construct,
  topic: SnsTopic | undefined,
  queue: SqsQueue,
  undelivered: SqsQueue | undefined,
): SnsTopicSubscription {
  if (topic === undefined)
    throw new OutcomeSubscriptionError(
      `${pipeline.node.path} publishes no outcomes: set its prop outcomes to 'topic'.`,
    );
  for (const one of [queue, ...(undelivered === undefined ? [] : [undelivered])]) validate(one);
  const { scope, id, provider, added } = homeOf(pipeline, 'read_outcomes', queue);
  const subscribed = added as SnsTopicSubscription | undefined;
  if (subscribed) return subscribed;
  const allowed = [queue, ...(undelivered === undefined ? [] : [undelivered])].map((one, index) => {
    const name = index === 0 ? id : `${id}_undelivered`;
    const { json } = new DataAwsIamPolicyDocument(scope, `${name}_permissions`, {
      statement: [
        {
          sid: 'TakeOutcomes',
          actions: ['sqs:SendMessage'],
          resources: [one.arn],
          principals: service('sns.amazonaws.com'),
          condition: [condition('ArnEquals', 'aws:SourceArn', topic.arn)],
        },
      ],
      ...provider,
    });
    return new SqsQueuePolicy(scope, `${name}_policy`, { queueUrl: one.url, policy: json, ...provider });
  });
  return new SnsTopicSubscription(scope, id, {
    topicArn: topic.arn,
    protocol: 'sqs',
    endpoint: queue.arn,
    rawMessageDelivery: true,
    ...(undelivered && { redrivePolicy: Fn.jsonencode({ deadLetterTargetArn: undelivered.arn }) }),
    dependsOn: allowed, // what is published in between would not be delivered
    ...provider,
  });
}

/** @throws OutcomeSubscriptionError */
function validate({ node, fifoQueueInput, kmsMasterKeyIdInput, policyInput }: SqsQueue): void {
  if (fifoQueueInput === undefined || fifoQueueInput === false)
    throw new OutcomeSubscriptionError(
      `${node.path} is no FIFO queue: it would lose the order of the outcomes. Set its fifoQueue.`,
    );
  if (kmsMasterKeyIdInput === AWS_MANAGED_KEY)
    throw new OutcomeSubscriptionError(
      `${node.path} is encrypted with ${AWS_MANAGED_KEY}, which SNS can't use. Leave out its kmsMasterKeyId and set sqsManagedSseEnabled, or give it a key of your own.`,
    );
  if (policyInput !== undefined)
    throw new OutcomeSubscriptionError(
      `${node.path} has a policy already, which the one for the outcomes would replace. Leave it out.`,
    );
}

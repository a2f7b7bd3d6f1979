import { DataAwsIamPolicyDocument } from '@cdktf/provider-aws/lib/data-aws-iam-policy-document';
import type { SnsTopic } from '@cdktf/provider-aws/lib/sns-topic';
import { SnsTopicSubscription } from '@cdktf/provider-aws/lib/sns-topic-subscription';
import type { SqsQueue } from '@cdktf/provider-aws/lib/sqs-queue';
import { SqsQueuePolicy } from '@cdktf/provider-aws/lib/sqs-queue-policy';
import { Fn } from 'cdktf';
import type { Construct } from 'constructs';
import { sameStack } from './aws-environment';
import { homeOf } from './grants';
import { condition, service } from './policy';
import { hasReferenceTo } from './stack-dependencies';

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
  const { scope, id, provider, added } = homeOf(pipeline, 'read_outcomes', queue);
  const subscribed = added as SnsTopicSubscription | undefined;
  if (subscribed) return subscribed;
  const queues = [queue, ...(undelivered === undefined ? [] : [undelivered])];
  for (const one of queues) validate(one);
  const allowed = queues.map((one) => allowDelivery(pipeline, topic, one));
  return new SnsTopicSubscription(scope, id, {
    topicArn: topic.arn,
    protocol: 'sqs',
    endpoint: queue.arn,
    rawMessageDelivery: true,
    ...(undelivered && { redrivePolicy: Fn.jsonencode({ deadLetterTargetArn: undelivered.arn }) }),
    dependsOn: sameStack(scope, ...allowed), // what is published in between would not be delivered
    ...provider,
  });
}

/**
 * Lets the topic send to a queue, by the queue's policy, of which there is one: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
 * @throws OutcomeSubscriptionError when the queue has another
 */
function allowDelivery(pipeline: Construct, topic: SnsTopic, queue: SqsQueue): SqsQueuePolicy {
  const { scope, id, provider, added } = homeOf(pipeline, 'take_outcomes', queue);
  const allowed = added as SqsQueuePolicy | undefined;
  if (allowed) return allowed;
  const other = policyOf(queue);
  if (other !== undefined)
    throw new OutcomeSubscriptionError(
      `${queue.node.path} has the policy ${other.node.path} already, which the one for the outcomes of ${pipeline.node.path} would replace. Leave it out, or give each pipeline a queue of its own.`,
    );
  const { json } = new DataAwsIamPolicyDocument(scope, `${id}_permissions`, {
    statement: [
      {
        sid: 'TakeOutcomes',
        actions: ['sqs:SendMessage'],
        resources: [queue.arn],
        principals: service('sns.amazonaws.com'),
        condition: [condition('ArnEquals', 'aws:SourceArn', topic.arn)],
      },
    ],
    ...provider,
  });
  return new SqsQueuePolicy(scope, id, { queueUrl: queue.url, policy: json, ...provider });
}

/** The policy that a construct of the app gives to a queue. */
function policyOf(queue: SqsQueue): SqsQueuePolicy | undefined {
  const policies = queue.node.root.node.findAll().filter((element) => element instanceof SqsQueuePolicy);
  return policies.find(({ queueUrlInput }) =>
    [queue.url, queue.id].some((attribute) => hasReferenceTo(queue, queueUrlInput, attribute)),
  );
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

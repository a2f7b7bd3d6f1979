import { SnsTopic } from '@cdktf/provider-aws/lib/sns-topic';
import { SnsTopicPolicy } from '@cdktf/provider-aws/lib/sns-topic-policy';
import type { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import type { Construct } from 'constructs';
import type { Encryption } from './encryption';
import { account, condition, EVERYBODY, policyJson, type Statement } from './policy';
import type { Names } from './resource-names';

/** Creates the topic for outcomes. The queues' key encrypts it, which both functions use already. */
export function createOutcomeTopic(scope: Construct, names: Names, { sqsKey }: Encryption): SnsTopic {
  return new SnsTopic(scope, 'outcome_topic', {
    name: names.outcomeTopic,
    displayName: 'Payment outcomes',
    fifoTopic: true,
    // The functions name each outcome: two payments of one account may have equal amounts.
    contentBasedDeduplication: false,
    // "Topic" would limit all accounts together to 3,000 outcomes a second: https://docs.aws.amazon.com/sns/latest/dg/fifo-high-throughput.html
    fifoThroughputScope: 'MessageGroup',
    kmsMasterKeyId: sqsKey.arn,
  });
}

/** The permission of a function that publishes outcomes. */
export function publishOutcomes(topic: SnsTopic | undefined): Statement[] {
  return topic === undefined ? [] : [{ sid: 'PublishOutcomes', actions: ['sns:Publish'], resources: [topic.arn] }];
}

/** Lets nobody but the functions publish outcomes, whatever IAM allows others in the AWS account. */
export function guardOutcomes(scope: Construct, topic: SnsTopic, publishers: readonly IamRole[]): void {
  const roles = publishers.map(({ arn }) => arn);
  const publish = { actions: ['sns:Publish'], resources: [topic.arn] };
  new SnsTopicPolicy(scope, 'outcome_topic_policy', {
    arn: topic.arn,
    policy: policyJson(scope, 'outcome_topic_permissions', [
      { ...publish, sid: 'FunctionsPublish', principals: account(...roles) },
      {
        ...publish,
        sid: 'DenyOthers',
        effect: 'Deny',
        principals: EVERYBODY,
        condition: [condition('ArnNotEquals', 'aws:PrincipalArn', ...roles)],
      },
      {
        ...publish,
        sid: 'DenyPlainText',
        effect: 'Deny',
        principals: EVERYBODY,
        condition: [condition('Bool', 'aws:SecureTransport', 'false')],
      },
    ]),
  });
}

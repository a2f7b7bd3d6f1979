import { SqsQueue } from '@cdktf/provider-aws/lib/sqs-queue';
import { SqsQueuePolicy } from '@cdktf/provider-aws/lib/sqs-queue-policy';
import { TerraformStack } from 'cdktf';
import { PaymentPipeline, type PaymentPipelineProps } from '../../src';
import { someProps } from '../../tools/kit/stacks/pipeline-props';
import { stackWithProviders, synthesizeApp, testApp } from '../../tools/kit/stacks/synthesize';

const pipelineIn = (stack: TerraformStack, overrides: Partial<PaymentPipelineProps> = { outcomes: 'topic' }) =>
  new PaymentPipeline(stack, 'payments', someProps(overrides));
const fifo = { name: 'ledger.fifo', fifoQueue: true };

test.each([
  ['a pipeline without outcomes', {}, fifo, /test\/payments publishes no outcomes: set its prop outcomes to 'topic'/],
  ['a standard queue', undefined, { name: 'ledger' }, /test\/ledger is no FIFO queue/],
  ['the key of AWS', undefined, { ...fifo, kmsMasterKeyId: 'alias/aws/sqs' }, /encrypted with alias\/aws\/sqs/],
  ['a policy of its own', undefined, { ...fifo, policy: '{}' }, /has a policy already/],
])('refused: %s', (_name, overrides, queue, message) => {
  const stack = stackWithProviders(testApp(), 'test');
  const pipeline = pipelineIn(stack, overrides);
  expect(() => pipeline.grantReadOutcomes(new SqsQueue(stack, 'ledger', queue))).toThrow(message);
});

test('a queue is subscribed once', () => {
  const stack = stackWithProviders(testApp(), 'test');
  const pipeline = pipelineIn(stack);
  const queue = new SqsQueue(stack, 'ledger', fifo);
  expect(pipeline.grantReadOutcomes(queue)).toBe(pipeline.grantReadOutcomes(queue));
});

test('what a queue of another stack needs is in its own stack', () => {
  const stacks = synthesizeApp((app) => {
    const pipeline = pipelineIn(stackWithProviders(app, 'payments'));
    const ledger = stackWithProviders(app, 'ledger');
    pipeline.grantReadOutcomes(new SqsQueue(ledger, 'ledger', fifo));
  });
  expect(Object.keys(stacks.ledger!.resource)).toEqual(
    expect.arrayContaining(['aws_sns_topic_subscription', SqsQueuePolicy.tfResourceType]),
  );
  expect(stacks.payments!.resource.aws_sqs_queue_policy).toBeUndefined();
});

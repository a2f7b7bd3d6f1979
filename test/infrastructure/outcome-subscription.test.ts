import { SqsQueue } from '@cdktf/provider-aws/lib/sqs-queue';
import { SqsQueuePolicy } from '@cdktf/provider-aws/lib/sqs-queue-policy';
import { type App, type TerraformStack } from 'cdktf';
import { PaymentPipeline, type PaymentPipelineProps } from '../../src';
import { someProps } from '../../tools/kit/stacks/pipeline-props';
import { stackWithProviders, synthesizeApp, testApp } from '../../tools/kit/stacks/synthesize';

const pipelineIn = (stack: TerraformStack, overrides: Partial<PaymentPipelineProps> = { outcomes: 'topic' }) =>
  new PaymentPipeline(stack, 'payments', someProps(overrides));
const appOf = (queue: SqsQueue) => queue.node.root as App;
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

test('queues of one pipeline share the queue of what could not be delivered, which has one policy', () => {
  const { app } = synthesizeApp((one) => {
    const stack = stackWithProviders(one, 'app');
    const pipeline = pipelineIn(stack);
    const [ledger, reports, undelivered] = ['ledger', 'reports', 'undelivered'].map(
      (name) => new SqsQueue(stack, name, { ...fifo, name: `${name}.fifo` }),
    ) as [SqsQueue, SqsQueue, SqsQueue];
    pipeline.grantReadOutcomes(ledger, { undelivered });
    pipeline.grantReadOutcomes(reports, { undelivered });
  });
  const policies = Object.values(app!.resource.aws_sqs_queue_policy!) as { readonly queue_url: string }[];
  const urls = ['ledger', 'reports', 'undelivered'].map((name) => `\${aws_sqs_queue.${name}.url}`);
  expect(
    policies
      .map(({ queue_url }) => queue_url)
      .filter((url) => urls.includes(url))
      .sort(),
  ).toEqual(urls.sort());
});

test.each([
  [
    'another pipeline',
    (queue: SqsQueue) => pipelineIn(stackWithProviders(appOf(queue), 'other')).grantReadOutcomes(queue),
  ],
  ['its own stack', (queue: SqsQueue) => new SqsQueuePolicy(queue, 'own', { queueUrl: queue.id, policy: '{}' })],
])('refused: a queue with a policy by %s, which Terraform would apply in turns', (_name, give) => {
  const stack = stackWithProviders(testApp(), 'test');
  const pipeline = pipelineIn(stack);
  const queue = new SqsQueue(stack, 'ledger', fifo);
  give(queue);
  expect(() => pipeline.grantReadOutcomes(queue)).toThrow(
    /test\/ledger has the policy \S+ already, .* test\/payments would/,
  );
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

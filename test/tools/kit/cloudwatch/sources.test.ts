import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PaymentProducer } from '../../../../src/producer';
import { generateSubmissions } from '../../../../tools/demo/payment-input';
import type { EmbeddedCloudWatch } from '../../../../tools/kit/cloudwatch/embedded-cloudwatch';
import { metricsRead } from '../../../../tools/kit/cloudwatch/metrics-read';
import { startFraudApi } from '../../../../tools/kit/embedded/fraud-api';
import { FunctionMeter } from '../../../../tools/kit/embedded/function-meter';
import { FunctionProcess } from '../../../../tools/kit/embedded/function-process';
import { EmbeddedPipeline } from '../../../../tools/kit/embedded/pipeline';
import { SynthesizedStack } from '../../../../tools/kit/embedded/synthesized-stack';
import { newDirectory } from '../../../../tools/kit/new-directory';
import { STACK_DIRECTORY, thisProject } from '../../../../tools/kit/project';
import { runHandlers } from '../../../../tools/kit/stacks/handler-runs';

const STACK = join(thisProject.root, STACK_DIRECTORY, 'cdk.tf.json');
const bundleOf = (handler: string) => join(thisProject.root, 'assets', handler, 'index.mjs');

/** What the stack reads and nothing has put, as `<namespace> <name> <dimensions>`. */
function unfed(stackFile: string): string[] {
  return metricsRead(SynthesizedStack.read(stackFile))
    .filter(({ statistic }) => !cloudWatch.metrics.has(statistic))
    .map(({ statistic: { namespace, metricName, dimensions } }) =>
      [namespace, metricName, ...Object.entries(dimensions).flat()].join(' '),
    );
}

let cloudWatch: EmbeddedCloudWatch;

/** Payments through the pipeline, an invocation of the DLQ processor, each event that a metric filter counts, and what else the handlers emit. */
beforeAll(async () => {
  const fraudApi = await startFraudApi({ seed: 1, faultRate: 0 });
  const pipeline = await EmbeddedPipeline.start({
    stackFile: STACK,
    bundle: bundleOf('payment-processor'),
    overrides: { FRAUD_API_URL: fraudApi.url },
    payments: 10,
    logFile: join(newDirectory(), 'functions.log'),
  });
  const { aws, deployed } = pipeline;
  ({ cloudWatch } = pipeline);
  const { functionName, timeoutMs, environment } = deployed.dlqProcessor;
  const dlqProcessor = new FunctionProcess({
    bundle: bundleOf('dlq-processor'),
    functionName,
    timeoutMs,
    environment: { ...environment, ...aws.environment },
    onLine: () => undefined,
  });
  try {
    const { payments } = generateSubmissions({ payments: 10, accounts: 5, poison: 5, seed: 1 });
    await new PaymentProducer(aws.sqs, deployed.paymentQueueUrl).send(payments);
    void pipeline.poll();
    while ((await pipeline.queued()) > 0) await sleep(50);
    await aws.sqs.send(new ReceiveMessageCommand({ QueueUrl: deployed.deadLetterQueueUrl })); // one is in flight then
    cloudWatch.tick();
    await new FunctionMeter(functionName, cloudWatch).run(() => dlqProcessor.invoke({ action: 'analyze' }));
    cloudWatch.trail({ eventName: 'ConsoleLogin', userIdentity: { type: 'Root' } });
    cloudWatch.trail({ eventName: 'StopLogging' });
    cloudWatch.trail({ eventSource: 'kms.amazonaws.com', eventName: 'DisableKey' });
    const variables = { 'payment-processor': deployed.environment, 'dlq-processor': environment };
    for (const { namespace, name, dimensions } of (await runHandlers(variables)).metrics)
      cloudWatch.put({ namespace, metricName: name, dimensions }, 1);
  } finally {
    await Promise.all([dlqProcessor.close(), pipeline.close(), fraudApi.close()]);
  }
}, 120_000);

test('each metric that an alarm or a widget of the stack reads is put by something that happens', () => {
  expect(metricsRead(SynthesizedStack.read(STACK)).length).toBeGreaterThan(50);
  expect(unfed(STACK)).toEqual([]);
});

/** The stack with an error in it. */
function brokenStack(pattern: RegExp, replacement: string): string {
  const text = readFileSync(STACK, 'utf8');
  expect(pattern.test(text)).toBe(true);
  const file = join(newDirectory(), 'cdk.tf.json');
  writeFileSync(file, text.replace(pattern, replacement));
  return file;
}

test.each([
  ["an alarm's metric", /"metric_name": "Throttles"/, '"metric_name": "Throttled"', /^AWS\/Lambda Throttled /],
  [
    'a metric that an expression reads',
    /"metric_name": "PaymentsFailed"/,
    '"metric_name": "FailedPayments"',
    /^PaymentPipeline FailedPayments /,
  ],
  ["an alarm's dimension", /"QueueName": "\$/, '"Queue": "$', /^AWS\/SQS \w+ Queue /],
  ["a dimension's value", /"service": "payment-processor-/, '"service": "processor-', / service processor-dev$/],
  [
    'a namespace',
    /"namespace": "PaymentPipelineSecurity-(?=[^"]*",\s*"period")/,
    '"namespace": "Security-',
    /^Security-dev /,
  ],
  ["a widget's metric", /NumberOfMessagesReceived/, 'NumberOfReceivedMessages', /^AWS\/SQS NumberOfReceivedMessages /],
  [
    "a widget's dimension",
    /(ConsumedReadCapacityUnits\\", \\"TableName\\", )aws_dynamodb_table\.payments_payment_table/,
    '$1aws_sqs_queue.payments_payment_queue',
    /^AWS\/DynamoDB ConsumedReadCapacityUnits TableName payment-processing/,
  ],
])('an error in %s is noticed', (_what, pattern, replacement, noticed) => {
  expect(unfed(brokenStack(pattern, replacement))).toContainEqual(expect.stringMatching(noticed));
});

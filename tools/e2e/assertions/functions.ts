import assert from 'node:assert/strict';
import {
  type FunctionConfiguration,
  GetFunctionCommand,
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  ListEventSourceMappingsCommand,
} from '@aws-sdk/client-lambda';
import { only, type Assertion, type Deployed, unlessMissing } from './assertion';
import { functionSecurityGroup, subnets } from './network-lookups';
import { attributesOf, queueUrl } from './queues';
import { type RoleName, roleArn } from './roles';
import { DEAD_LETTER_QUEUE, DLQ_PROCESSOR, PROCESSOR, QUEUE, TABLE } from './names';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export async function configuration({ aws }: Deployed, name: string): Promise<FunctionConfiguration> {
  return aws.lambda.send(new GetFunctionConfigurationCommand({ FunctionName: name }));
}

export async function mapping({ aws }: Deployed) {
  const { EventSourceMappings } = await aws.lambda.send(new ListEventSourceMappingsCommand({}));
  return only(EventSourceMappings, 'event source mapping');
}

function aboutFunction(
  name: string,
  what: string,
  check: (found: FunctionConfiguration, deployed: Deployed) => Promise<void> | void,
): Assertion {
  return {
    type: 'aws_lambda_function',
    what: `${name} ${what}`,
    check: async (deployed) => check(await configuration(deployed, name), deployed),
  };
}

function environment(name: string, own: (deployed: Deployed) => Record<string, string>): Assertion {
  return aboutFunction(name, 'is told its table, queues and release', async ({ Environment }, deployed) => {
    assert.deepEqual(Environment?.Variables, {
      RELEASE_ID: deployed.outputs.payments_release_id,
      PAYMENT_TABLE_NAME: TABLE,
      PAYMENT_QUEUE_URL: await queueUrl(deployed, QUEUE),
      PAYMENT_DLQ_URL: await queueUrl(deployed, DEAD_LETTER_QUEUE),
      POWERTOOLS_SERVICE_NAME: name.replace('lambda-', ''),
      POWERTOOLS_METRICS_NAMESPACE: 'PaymentPipeline',
      POWERTOOLS_LOG_LEVEL: 'INFO',
      ACCOUNT_HASH_KEY: Environment?.Variables?.ACCOUNT_HASH_KEY, // an assertion of its own
      ...own(deployed),
    });
  });
}

const both = (
  [
    [PROCESSOR, 60, 'payment-processor'],
    [DLQ_PROCESSOR, 120, 'dlq-processor'],
  ] as const
).flatMap(([name, timeout, role]: readonly [string, number, RoleName]): Assertion[] => [
  aboutFunction(name, `runs on Node 22, for ${timeout} s, with 256 MB, as its own role`, async (found, deployed) => {
    const { Runtime, Handler, Timeout, MemorySize, Role, PackageType } = found;
    assert.deepEqual([Runtime, Handler, PackageType], ['nodejs22.x', 'index.handler', 'Zip']);
    assert.deepEqual([Timeout, MemorySize], [timeout, 256]);
    assert.equal(Role, await roleArn(deployed, role));
  }),
  aboutFunction(name, 'is traced', ({ TracingConfig }) => {
    assert.equal(TracingConfig?.Mode, 'Active');
  }),
  aboutFunction(name, 'has no layers, no extensions, no file systems', ({ Layers, FileSystemConfigs }) => {
    assert.deepEqual([Layers ?? [], FileSystemConfigs ?? []], [[], []]);
  }),
  aboutFunction(
    name,
    'runs in the three private subnets, behind its own security group',
    async ({ VpcConfig }, deployed) => {
      const ids = (await subnets(deployed)).map(({ SubnetId }) => SubnetId);
      assert.deepEqual(new Set(VpcConfig?.SubnetIds), new Set(ids));
      assert.deepEqual(VpcConfig?.SecurityGroupIds, [(await functionSecurityGroup(deployed)).GroupId]);
    },
  ),
  aboutFunction(name, 'is the code that was packaged', async ({ CodeSha256, CodeSize }, { aws }) => {
    const { Code } = await aws.lambda.send(new GetFunctionCommand({ FunctionName: name }));
    assert.ok(Code?.Location);
    assert.ok((CodeSize ?? 0) > 100_000, `${String(CodeSize)} bytes are no bundle`);
    assert.match(CodeSha256 ?? '', /^[A-Za-z0-9+/]{43}=$/);
  }),
  aboutFunction(name, 'runs on arm64', ({ Architectures }) => {
    assert.deepEqual(unlessMissing(Architectures, 'moto names no architecture'), ['arm64']);
  }),
]);

export const functionAssertions: readonly Assertion[] = [
  ...both,
  environment(PROCESSOR, () => ({
    FRAUD_API_URL: 'https://fraud.example.internal/check',
    FRAUD_API_TIMEOUT_MS: '2000',
    FRAUD_API_MAX_ATTEMPTS: '4',
    MAX_RECEIVE_COUNT: '3',
    RETRY_WAITS_SECONDS: '20,1860',
    GROUP_CONCURRENCY: '10',
    ON_FAILED_PAYMENT: 'continue',
  })),
  environment(DLQ_PROCESSOR, ({ region, account }) => ({
    ALERT_TOPIC_ARN: `arn:aws:sns:${region}:${account}:sns-payment-alerts-dev`,
  })),
  {
    type: 'random_bytes',
    what: 'both functions have the same key for the hashes of accounts, and no output tells it',
    check: async (deployed) => {
      const key = async (name: string) =>
        (await configuration(deployed, name)).Environment?.Variables?.ACCOUNT_HASH_KEY;
      const processors = await key(PROCESSOR);
      assert.ok((processors ?? '').length >= 32);
      assert.ok(!JSON.stringify(deployed.outputs).includes(processors!));
      assert.equal(await key(DLQ_PROCESSOR), processors);
    },
  },
  {
    type: 'random_uuid',
    what: 'both functions have the same release, a UUID',
    check: async (deployed) => {
      const release = async (name: string) => (await configuration(deployed, name)).Environment?.Variables?.RELEASE_ID;
      const processors = await release(PROCESSOR);
      assert.match(processors ?? '', UUID);
      assert.equal(await release(DLQ_PROCESSOR), processors);
    },
  },
  {
    type: 'aws_lambda_function',
    what: `${PROCESSOR} has 50 executions of the account's reserved`,
    check: async ({ aws }) => {
      const answer = await aws.lambda.send(new GetFunctionConcurrencyCommand({ FunctionName: PROCESSOR }));
      assert.equal(answer.ReservedConcurrentExecutions, 50);
    },
  },
  {
    type: 'aws_lambda_event_source_mapping',
    what: 'payments go from the queue to the processor, ten at most in a batch',
    check: async (deployed) => {
      const { EventSourceArn, FunctionArn, BatchSize, State } = await mapping(deployed);
      assert.equal(EventSourceArn, (await attributesOf(deployed, QUEUE)).QueueArn);
      assert.equal(FunctionArn, (await configuration(deployed, PROCESSOR)).FunctionArn);
      assert.deepEqual([BatchSize, State], [10, 'Enabled']);
    },
  },
  {
    type: 'aws_lambda_event_source_mapping',
    what: 'a batch may succeed in part',
    check: async (deployed) => {
      assert.deepEqual((await mapping(deployed)).FunctionResponseTypes, ['ReportBatchItemFailures']);
    },
  },
  {
    type: 'aws_lambda_event_source_mapping',
    what: 'fifty batches run at a time, at most',
    check: async (deployed) => {
      assert.equal((await mapping(deployed)).ScalingConfig?.MaximumConcurrency, 50);
    },
  },
];

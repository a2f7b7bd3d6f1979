import { TerraformStack, TerraformVariable } from 'cdktf';
import { withoutTraces } from '../../src/app/without-traces';
import { FraudApi, PaymentPipeline, PaymentPipelinePropsError } from '../../src/index';
import { FRAUD_API_PROPS } from '../../src/infrastructure/fraud-api-props';
import { PROPS } from '../../src/infrastructure/prop-definitions';
import { faultsOf, type LooseProps, refusedFaults } from '../../tools/kit/stacks/pipeline-faults';
import { otherProps, someProps } from '../../tools/kit/stacks/pipeline-props';
import { synthesize, synthesizePipeline, testApp } from '../../tools/kit/stacks/synthesize';

const SESSION = 'arn:aws:sts::123456789012:assumed-role/deployer/somebody';

const EVERY_PROP_WRONG = {
  fraudApi: FraudApi.privateLink({
    url: 'http://fraud.example',
    serviceName: 'Fraud API',
    availabilityZones: ['ap-southeast-1a', 'apse1-az2'],
    apiKeySecretArn: 'fraud-api-key',
    apiKeyKmsKeyArn: 'alias/fraud-api',
    adapter: 'adapter.ts',
  }),
  alertEmail: 'oncall',
  environment: 'Prod',
  profile: 'prod',
  queueName: 'payments.fifo',
  lambdaRuntime: 'nodejs20.x',
  lambdaMemory: 64,
  visibilityTimeout: 359,
  dlqRetentionDays: 4,
  maxReceiveCount: 1,
  maxConcurrency: 1,
  reserveConcurrency: 'yes',
  groupConcurrency: 11,
  onFailedPayment: 'stop',
  alarms: { 'sqs-queue-depth': { threshold: -1 } },
  logRetentionDays: 2,
  auditRetentionDays: 30,
  auditLock: 'legal-hold',
  dataEvents: { tableReads: true },
  deploymentPrincipalArn: SESSION,
  permissionsBoundaryArn: 'boundary',
  cidrBlock: '8.8.0.0/16',
  maximumBatchingWindowInSeconds: 5,
  retries: 3,
};

const EVERY_FAULT = [
  "fraudApi.url is 'http://fraud.example', but must be an https URL on port 443, without credentials",
  "fraudApi.serviceName is 'Fraud API', but must be the name of an endpoint service",
  "fraudApi.availabilityZones is [ 'ap-southeast-1a', 'apse1-az2' ], but must be one or more names of availability zones, such as ap-southeast-1a, not ids such as apse1-az1",
  "fraudApi.apiKeySecretArn is 'fraud-api-key', but must be the ARN of a Secrets Manager secret",
  "fraudApi.apiKeyKmsKeyArn is 'alias/fraud-api', but must be the ARN of a KMS key",
  "fraudApi.adapter is 'adapter.ts', but must be the path of an .mjs file",
  "alertEmail is 'oncall', but must be an email address",
  "environment is 'Prod', but must be 1 to 32 lower-case letters, digits and hyphens, a letter first",
  `profile is 'prod', but must be one of "dev", "production"`,
  "queueName is 'payments.fifo', but must be 1 to 71 letters, digits, hyphens and underscores (.fifo is added)",
  `lambdaRuntime is 'nodejs20.x', but must be one of "nodejs22.x", "nodejs24.x"`,
  'lambdaMemory is 64, but must be a whole number of MB from 128 to 10240',
  "visibilityTimeout is 359, but must be a whole number of seconds from 360 to 43200 (six times the processor's timeout of 60 s at least)",
  "dlqRetentionDays is 4, but must be a whole number of days from 5 to 14 (more than the payment queue's 4)",
  'maxReceiveCount is 1, but must be a whole number of deliveries from 2 to 1000 (the last one quarantines)',
  'maxConcurrency is 1, but must be a whole number of batches from 2 to 1000',
  "reserveConcurrency is 'yes', but must be one of true, false",
  'groupConcurrency is 11, but must be a whole number of accounts from 1 to 10 (a batch holds 10 payments)',
  `onFailedPayment is 'stop', but must be one of "continue", "hold"`,
  "alarms['sqs-queue-depth'].threshold is -1, but must be a number from 0",
  expect.stringMatching(/^logRetentionDays is 2, but must be one of 1, 3, 5, 7, 14, .*, 3653$/),
  'auditRetentionDays is 30, but must be a whole number of days from 31 to 36500 (objects move to Glacier after 30)',
  `auditLock is 'legal-hold', but must be one of "none", "governance", "compliance"`,
  'dataEvents is { tableReads: true }, but must be an object of true or false by tableWrites, dlqInvocations, auditObjects',
  expect.stringContaining(`deploymentPrincipalArn is '${SESSION}', but must be the ARN of an IAM role or user`),
  "permissionsBoundaryArn is 'boundary', but must be the ARN of an IAM policy",
  "cidrBlock is '8.8.0.0/16', but must be a private IPv4 range of /16 to /20 that begins where it says, such as 10.0.0.0/16",
  'maximumBatchingWindowInSeconds is 5, but must be left out: Lambda has no batching window for FIFO queues',
  'retries is 3, but must be left out: the pipeline has no such prop',
] as string[];

describe('every prop wrong', () => {
  let faults: string[] = [];
  const template = synthesize((stack) => {
    faults = refusedFaults(stack, 'payments', EVERY_PROP_WRONG);
  });

  test('is reported at once, each with its value and the rule', () => {
    expect([...faults].sort()).toEqual(expect.arrayContaining(EVERY_FAULT));
    expect(faults).toHaveLength(EVERY_FAULT.length);
  });

  test('is refused by the rule of every prop that has one', () => {
    const rules = Object.keys(PROPS).filter((prop) => prop !== 'fraudApi'); // its own rule is that of what isn't checked further
    const lists = Object.fromEntries(rules.map((prop) => [prop, []]));
    const api = FraudApi.privateLink({
      url: {},
      serviceName: {},
      availabilityZones: {},
      apiKeySecretArn: {},
      apiKeyKmsKeyArn: {},
      adapter: {},
    } as never);
    const wrong = faultsOf({ ...lists, fraudApi: api }).map((fault) => fault.replace(/ .*/s, ''));
    expect(wrong.sort()).toEqual([...rules, ...Object.keys(FRAUD_API_PROPS)].sort());
  });

  test('leaves the stack without a resource', () => {
    expect(template.json).not.toHaveProperty('resource');
    expect(template.json).not.toHaveProperty('data');
  });
});

test('the error says which pipeline it is about', () => {
  const message = /^Bad props of the payment pipeline "test\/payments":\n- environment is 'Prod', /;
  const build = () => synthesizePipeline({ environment: 'Prod' });
  expect(build).toThrow(PaymentPipelinePropsError);
  expect(build).toThrow(message);
});

test('a required prop that is missing is reported as undefined', () => {
  const missing = { fraudApi: FraudApi.privateLink({} as never), alertEmail: undefined };
  expect(
    faultsOf(missing)
      .map((fault) => fault.replace(/, but.*/, ''))
      .sort(),
  ).toEqual(['alertEmail is undefined', 'fraudApi.serviceName is undefined', 'fraudApi.url is undefined']);
  expect(faultsOf({ fraudApi: undefined })).toEqual([expect.stringContaining('fraudApi is undefined, but must be')]);
});

test.each(['batchingWindow', 'maximumBatchingWindowInSeconds', 'maxBatchingWindow'])(
  '%s: a FIFO queue has no batching window',
  (prop) => {
    expect(faultsOf({ [prop]: 5 })).toEqual([
      `${prop} is 5, but must be left out: Lambda has no batching window for FIFO queues`,
    ]);
  },
);

test('a value that only Terraform knows is not validated', () => {
  synthesize((stack) => {
    const variable = new TerraformVariable(stack, 'anything', {});
    const { stringValue: text, numberValue: number, booleanValue: flag } = variable;
    const link = { url: text, serviceName: text, apiKeySecretArn: text, apiKeyKmsKeyArn: text };
    const numbers = [
      'lambdaMemory',
      'visibilityTimeout',
      'dlqRetentionDays',
      'maxReceiveCount',
      'maxConcurrency',
      'groupConcurrency',
      'maxPaymentAgeHours',
      'logRetentionDays',
      'auditRetentionDays',
    ];
    const texts = [
      'alertEmail',
      'environment',
      'queueName',
      'deploymentPrincipalArn',
      'permissionsBoundaryArn',
      'cidrBlock',
    ];
    const faults = refusedFaults(stack, 'payments', {
      ...Object.fromEntries([...numbers.map((prop) => [prop, number]), ...texts.map((prop) => [prop, text])]),
      fraudApi: FraudApi.privateLink(link),
      reserveConcurrency: flag,
      retries: 3,
    });
    expect(faults).toEqual([expect.stringMatching(/^retries /)]);
  });
});

test('a prop of a child that another pipeline shares is refused: it would do nothing', () => {
  const stack = new TerraformStack(testApp(), 'test');
  const { network, encryption, alerting, audit } = withoutTraces(
    () => new PaymentPipeline(stack, 'payments', someProps()),
  );
  const props = {
    ...otherProps(),
    cidrBlock: '10.1.0.0/16',
    deploymentPrincipalArn: 'arn:aws:iam::123456789012:role/deployer',
    auditRetentionDays: 400,
    auditLock: 'governance',
    dataEvents: {},
  };
  expect(refusedFaults(stack, 'payouts', { ...props, network, encryption, alerting, audit })).toEqual([
    "alertEmail is 'oncall@example.com', but must be left out: the shared alerting has its own",
    'auditRetentionDays is 400, but must be left out: the shared audit has its own',
    "auditLock is 'governance', but must be left out: the shared audit has its own",
    'dataEvents is {}, but must be left out: the shared audit has its own',
    "deploymentPrincipalArn is 'arn:aws:iam::123456789012:role/deployer', but must be left out: the shared encryption has its own",
    "cidrBlock is '10.1.0.0/16', but must be left out: the shared network has its own",
  ]);
});

test('the profile dev takes no lock: S3 empties no bucket of locked objects', () => {
  const fault = (auditLock: string) =>
    `auditLock is '${auditLock}', but must be 'none' in the profile 'dev', whose bucket can be destroyed`;
  expect(faultsOf({ auditLock: 'governance' })).toEqual([fault('governance')]);
  expect(faultsOf({ auditLock: 'compliance', profile: 'production' })).toEqual([]);
});

describe('next to a pipeline of environment "dev" and queue "cards"', () => {
  const stack = new TerraformStack(testApp(), 'test');
  withoutTraces(() => new PaymentPipeline(stack, 'payments', someProps({ queueName: 'cards' })));

  /** The messages about the names of one more pipeline, which has another fault too. */
  const nameFaultsOf = (props: LooseProps) => {
    const id = `pipeline_${stack.node.children.length}`;
    return refusedFaults(stack, id, { ...otherProps(), ...props, lambdaMemory: 1 }).filter(
      (fault) => !fault.startsWith('lambdaMemory'),
    );
  };

  test('another environment and another queue clash with nothing', () => {
    expect(nameFaultsOf({ environment: 'dev-2', queueName: 'cards2' })).toEqual([]);
  });

  test('the same environment and the same queue are two faults', () => {
    expect(nameFaultsOf({ environment: 'dev', queueName: 'cards' })).toEqual([
      `environment is 'dev', but must not be that of "test/payments": it is in the resources' names`,
      `queueName is 'cards', but must not be that of "test/payments", nor its dead-letter queue's`,
    ]);
  });

  test('a default clashes with the same value given', () => {
    expect(nameFaultsOf({ environment: undefined })).toEqual([expect.stringMatching(/^environment is 'dev'/)]);
  });

  test("a payment queue of the name of the other's dead-letter queue is refused", () => {
    expect(nameFaultsOf({ queueName: 'cards-dlq' })).toEqual([expect.stringMatching(/^queueName is 'cards-dlq'/)]);
  });

  test('a pipeline that was refused claims no name', () => {
    const names = { environment: 'staging', queueName: 'staging' };
    nameFaultsOf(names);
    expect(nameFaultsOf(names)).toEqual([]);
  });
});

test("a dead-letter queue of the name of another's payment queue is refused", () => {
  const stack = new TerraformStack(testApp(), 'test');
  withoutTraces(() => new PaymentPipeline(stack, 'payments', someProps({ queueName: 'cards-dlq' })));
  const faults = refusedFaults(stack, 'payouts', { ...otherProps({ queueName: 'cards' }) });
  expect(faults).toEqual([expect.stringMatching(/^queueName is 'cards'/)]);
});

test('two stacks may have the same names: they may deploy to two accounts', () => {
  const app = testApp();
  withoutTraces(() => {
    for (const id of ['one', 'other']) new PaymentPipeline(new TerraformStack(app, id), 'payments', someProps());
  });
});

test("one variable that is read twice is one name, and the message shows Terraform's expression", () => {
  synthesize((stack) => {
    const variable = new TerraformVariable(stack, 'environment', {});
    new PaymentPipeline(stack, 'one', someProps({ environment: variable.stringValue }));
    expect(refusedFaults(stack, 'other', { ...otherProps({ environment: variable.stringValue }) })).toEqual([
      `environment is '\${var.environment}', but must not be that of "test/one": it is in the resources' names`,
    ]);
  });
});

test('names that only Terraform knows are passed over', () => {
  synthesize((stack) => {
    const variable = (name: string) => new TerraformVariable(stack, name, {}).stringValue;
    for (const id of ['one', 'other']) {
      new PaymentPipeline(
        stack,
        id,
        someProps({ environment: variable(`${id}_environment`), queueName: variable(`${id}_queue`) }),
      );
    }
  });
});

import { isFraudApiUrl } from '../../src/contract/environment';
import { FraudApi, type FraudApiOptions, type PaymentPipelineProps } from '../../src/index';
import { faultsOf, type LooseProps } from '../../tools/kit/stacks/pipeline-faults';
import { synthesizePipeline } from '../../tools/kit/stacks/synthesize';

const SECRET = 'arn:aws:secretsmanager:ap-southeast-1:123456789012:secret:fraud-api-key-AbCdEf';
const URL = 'https://fraud.example/check';
const KEY = 'arn:aws:kms:ap-southeast-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab';

/** Names of the props that are refused. */
function refusedProps(props: LooseProps): string[] {
  return faultsOf(props).map((fault) => fault.replace(/ .*/s, ''));
}

test.each<{ prop: keyof PaymentPipelineProps; allowed: unknown[]; refused: unknown[] }>([
  {
    prop: 'environment',
    allowed: ['d', 'prod-2', 'a'.repeat(32)],
    refused: ['', 'Dev', '2', 'a'.repeat(33), 'dev_1', '-', 'dev\n', 7, null],
  },
  { prop: 'profile', allowed: ['dev', 'production'], refused: ['prod', '', null] },
  { prop: 'queueName', allowed: ['p', 'A_b-9', 'a'.repeat(71)], refused: ['', 'a b', 'a.fifo', 'a'.repeat(72)] },
  {
    prop: 'alertEmail',
    allowed: ['a@b.cc', 'on+call@eu.example.com'],
    refused: ['', 'oncall', 'oncall@example', 'a@b@c.dd', 'a b@c.dd'],
  },
  { prop: 'lambdaRuntime', allowed: ['nodejs22.x', 'nodejs24.x'], refused: ['nodejs20.x', 'nodejs22', '', 22] },
  { prop: 'lambdaMemory', allowed: [128, 10_240], refused: [127, 10_241, 256.5, NaN, '256'] },
  { prop: 'visibilityTimeout', allowed: [360, 43_200], refused: [359, 43_201, Infinity] },
  { prop: 'dlqRetentionDays', allowed: [5, 14], refused: [4, 15] },
  { prop: 'maxReceiveCount', allowed: [2, 1_000], refused: [0, 1, 1_001] },
  { prop: 'maxConcurrency', allowed: [2, 1_000], refused: [1, 1_001] },
  { prop: 'groupConcurrency', allowed: [1, 10], refused: [0, 11] },
  { prop: 'reserveConcurrency', allowed: [true, false], refused: ['true', 1, null] },
  { prop: 'maxPaymentAgeHours', allowed: [1, 8_760], refused: [0, 8_761, 1.5, '24'] },
  { prop: 'onFailedPayment', allowed: ['continue', 'hold'], refused: ['stop', ''] },
  { prop: 'auditRetentionDays', allowed: [31, 36_500], refused: [30, 36_501, '400'] },
  { prop: 'auditLock', allowed: ['none'], refused: ['', 'GOVERNANCE', true] },
  {
    prop: 'dataEvents',
    allowed: [{}, { tableWrites: true, auditObjects: undefined }],
    refused: [true, [], null, { tableWrites: 'yes' }, { reads: true }],
  },
  { prop: 'logRetentionDays', allowed: [1, 365, 3_653], refused: [0, 2, 366, '1'] },
  {
    prop: 'deploymentPrincipalArn',
    allowed: ['root', 'role/deployer', 'role/ci/deployer', 'user/somebody'].map(
      (principal) => `arn:aws:iam::123456789012:${principal}`,
    ),
    refused: [
      '',
      'deployer',
      'arn:aws:sts::123456789012:assumed-role/x/y',
      'arn:aws:iam::1234:role/x',
      'arn:aws:iam::123456789012:group/x',
    ],
  },
  {
    prop: 'permissionsBoundaryArn',
    allowed: ['arn:aws:iam::123456789012:policy/boundary', 'arn:aws:iam::aws:policy/PowerUserAccess'],
    refused: ['', 'boundary', 'arn:aws:iam::123456789012:role/boundary', 'arn:aws:iam::123456789012:policy/'],
  },
  {
    prop: 'cidrBlock',
    allowed: ['10.0.0.0/16', '10.0.16.0/20', '172.16.0.0/20', '172.31.0.0/16', '192.168.0.0/16'],
    refused: [
      ...['10.0.0.0/15', '10.0.0.0/21', '8.8.0.0/16', '172.32.0.0/16', '100.64.0.0/16', '10.0.0.1/16', '10.0.8.0/20'],
      ...['', 'garbage', '10.0.0.0', '10.0/16', '10.0.0.0/016', 'fd00::/16', '10.0.0.0/-1'],
    ],
  },
])('$prop: the limits', ({ prop, allowed, refused }) => {
  for (const value of allowed) expect([value, ...refusedProps({ [prop]: value })]).toEqual([value]);
  for (const value of refused) expect([value, ...refusedProps({ [prop]: value })]).toEqual([value, prop]);
});

describe('the fraud API', () => {
  const refusedOptions = (url: string, options: FraudApiOptions = {}) =>
    refusedProps({ fraudApi: FraudApi.url(url, options) });

  test.each([
    'https://fraud.example/check?v=1',
    'https://fraud.example:443',
    'https://FRAUD.example',
    'https://10.0.4.7/check',
  ])('is called at %s', (url) => {
    expect(refusedOptions(url)).toEqual([]);
    expect(isFraudApiUrl(url)).toBe(true);
  });

  test.each([
    ...[
      '',
      'fraud.example',
      'ftp://fraud.example',
      'http://fraud.example',
      'http://127.0.0.1/',
      'https://',
      'https:///check',
    ],
    ...[
      'https://fraud.example:8443/check',
      'https://user:secret@fraud.example',
      'https://fraud.example/a b',
      'https://fraud_api.example',
    ],
    'https://256.256.256.256/check',
  ])('is not called at %j', (url) => {
    expect(refusedOptions(url)).toEqual(['fraudApi.url']);
  });

  test('takes the ARNs of a secret and its key', () => {
    expect(refusedOptions(URL, { apiKeySecretArn: SECRET, apiKeyKmsKeyArn: KEY })).toEqual([]);
  });

  test.each(['fraud-api-key', KEY, `${SECRET}:password::`])(
    'takes no secret %j, which the processor would refuse',
    (apiKeySecretArn) => {
      expect(refusedOptions(URL, { apiKeySecretArn })).toEqual(['fraudApi.apiKeySecretArn']);
    },
  );

  test('takes no key of a secret that there is not: it would do nothing', () => {
    expect(refusedOptions(URL, { apiKeyKmsKeyArn: KEY })).toEqual(['fraudApi.apiKeyKmsKeyArn']);
  });

  test('takes no alias of a key: a policy that names one allows nothing', () => {
    const apiKeyKmsKeyArn = 'arn:aws:kms:ap-southeast-1:123456789012:alias/fraud-api';
    expect(refusedOptions(URL, { apiKeySecretArn: SECRET, apiKeyKmsKeyArn })).toEqual(['fraudApi.apiKeyKmsKeyArn']);
  });
});

test.each([
  {
    limits: 'lowest',
    props: {
      ...{ lambdaMemory: 128, visibilityTimeout: 360, dlqRetentionDays: 5, logRetentionDays: 1 },
      ...{ maxReceiveCount: 2, maxConcurrency: 2, groupConcurrency: 1, cidrBlock: '172.16.0.0/20' },
    },
  },
  {
    limits: 'highest',
    props: {
      ...{ lambdaMemory: 10_240, visibilityTimeout: 43_200, dlqRetentionDays: 14, logRetentionDays: 3_653 },
      ...{ maxReceiveCount: 1_000, maxConcurrency: 1_000, groupConcurrency: 10, cidrBlock: '192.168.0.0/16' },
    },
  },
])('the $limits of every prop makes a pipeline', ({ props }) => {
  const template = synthesizePipeline(props);
  expect(template.resource('aws_sqs_queue', 'payments_payment_queue').visibility_timeout_seconds).toBe(
    props.visibilityTimeout,
  );
  expect(template.resource('aws_vpc', 'payments_network_vpc').cidr_block).toBe(props.cidrBlock);
});

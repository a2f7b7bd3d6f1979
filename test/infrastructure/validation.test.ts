import { FraudApi, PaymentPipeline, type PaymentPipelineProps } from '../../src/index';
import { PaymentPipelinePropsError } from '../../src/infrastructure/validation';
import { synthesize } from '../support/terraform';

const fraudApi = FraudApi.url('https://fraud.example/check');

function build(props: Partial<PaymentPipelineProps>): void {
  synthesize((stack) => new PaymentPipeline(stack, 'payments', { fraudApi, ...props }));
}

test('every bad prop is reported at once, with its value and the rule', () => {
  const bad = {
    fraudApi: FraudApi.url('http://fraud.example'),
    environment: 'Prod',
    queueName: 'payments.fifo',
    lambdaMemory: 64,
    visibilityTimeout: 359,
    dlqRetentionDays: 4,
    maxReceiveCount: 1,
    maxConcurrency: 1,
    groupConcurrency: 11,
  };

  const buildBad = () => {
    build(bad);
  };
  expect(buildBad).toThrow(PaymentPipelinePropsError);
  expect(buildBad).toThrow(
    new PaymentPipelinePropsError(
      [
        'Bad props of the payment pipeline "test/payments":',
        "- fraudApi is 'http://fraud.example', but must be an https URL",
        "- environment is 'Prod', but must be 1 to 20 lower-case letters, digits and hyphens, a letter first",
        "- queueName is 'payments.fifo', but must be 1 to 71 letters, digits, hyphens and underscores (.fifo is added)",
        '- lambdaMemory is 64, but must be a whole number of MB from 128 to 10240',
        "- visibilityTimeout is 359, but must be a whole number of seconds from 360 to 43200 (six times the processor's timeout of 60 s at least)",
        "- dlqRetentionDays is 4, but must be a whole number of days from 5 to 14 (more than the payment queue's 4)",
        '- maxReceiveCount is 1, but must be a whole number of deliveries from 2 to 1000 (the last one quarantines)',
        '- maxConcurrency is 1, but must be a whole number of batches from 2 to 1000',
        '- groupConcurrency is 11, but must be a whole number of accounts from 1 to 10 (a batch holds 10 payments)',
      ].join('\n'),
    ),
  );
});

test.each<{ prop: keyof PaymentPipelineProps; allowed: unknown[]; refused: unknown[] }>([
  {
    prop: 'fraudApi',
    allowed: ['https://fraud.example/check?v=1'],
    refused: ['', 'fraud.example', 'ftp://fraud.example', 'http://127.0.0.1/'],
  },
  { prop: 'environment', allowed: ['d', 'prod-2', 'a'.repeat(20)], refused: ['', '2', 'a'.repeat(21), 'dev_1', '-'] },
  { prop: 'queueName', allowed: ['p', 'A_b-9', 'a'.repeat(71)], refused: ['', 'a b', 'a'.repeat(72)] },
  { prop: 'lambdaMemory', allowed: [128, 10_240], refused: [127, 10_241, 256.5, NaN, '256'] },
  { prop: 'visibilityTimeout', allowed: [360, 43_200], refused: [43_201, Infinity] },
  { prop: 'dlqRetentionDays', allowed: [5, 14], refused: [15] },
  { prop: 'maxReceiveCount', allowed: [2, 1_000], refused: [0, 1_001] },
  { prop: 'maxConcurrency', allowed: [2, 1_000], refused: [1_001] },
  { prop: 'groupConcurrency', allowed: [1, 10], refused: [0] },
])('$prop: the limits', ({ prop, allowed, refused }) => {
  const buildWith = (value: unknown) => () => {
    build({ [prop]: prop === 'fraudApi' ? FraudApi.url(String(value)) : value });
  };
  for (const value of allowed) expect(buildWith(value)).not.toThrow();
  for (const value of refused) expect(buildWith(value)).toThrow(`- ${prop} is `);
});

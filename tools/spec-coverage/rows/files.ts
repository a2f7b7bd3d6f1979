import * as at from '../addresses';
import type { Row } from '../row';

/** File Organization. */
export const files: readonly Row[] = [
  {
    demand: 'lib/provider.tf: versions, providers, default tags and variables',
    met: '`src/app/payment-stack.ts` and `src/app/variables.ts`, which become the corresponding blocks of Terraform.',
    deviation: 'D1',
    resources: [
      'terraform.required_version',
      'terraform.required_providers',
      'provider.aws',
      'provider.random',
      'provider.archive',
    ],
    shows: (stack) => {
      expect(stack.addresses.filter((address) => address.startsWith('provider.')).sort()).toEqual([
        'provider.archive',
        'provider.aws',
        'provider.random',
      ]);
      expect(Object.keys(stack.at('terraform.required_providers')).sort()).toEqual(['archive', 'aws', 'random']);
      expect(stack.addressesOf('var')).toEqual(
        expect.arrayContaining([
          'var.environment',
          'var.alert_email',
          'var.lambda_memory',
          'var.sqs_visibility_timeout',
          'var.dlq_retention_days',
        ]),
      );
    },
  },
  {
    demand: 'lib/main.tf: all data sources, resources and outputs',
    met: 'The construct `PaymentPipeline` in `src/infrastructure`, a file for each concern; synthesized they are one configuration.',
    deviation: 'D1',
    resources: [],
    shows: (stack) => {
      const counts = Object.fromEntries(stack.types.map((type) => [type, stack.addressesOf(type).length]));
      expect(counts).toMatchObject({
        aws_vpc: 1,
        aws_subnet: 3,
        aws_vpc_endpoint: 5,
        aws_kms_key: 3,
        aws_kms_alias: 3,
        aws_s3_bucket: 1,
        aws_cloudtrail: 1,
        aws_sqs_queue: 2,
        aws_lambda_function: 2,
        aws_lambda_event_source_mapping: 1,
        aws_dynamodb_table: 1,
        aws_cloudwatch_dashboard: 1,
        aws_sns_topic: 2,
        aws_sns_topic_subscription: 2,
        aws_security_group: 2,
      });
    },
  },
  {
    demand: 'lib/lambda_payment_processor.py: exponential backoff retries of the fraud API',
    met: 'In TypeScript: doubling backoff with full jitter, `Retry-After`, a timeout for each call, a circuit breaker, all within the time left.',
    deviation: 'D2',
    resources: [at.PROCESSOR],
    shownBy: [
      {
        file: 'test/processor/adapters/http-fraud-api.retries.test.ts',
        test: 'the backoff between calls doubles: up to 100, 200, 400 ms',
      },
      {
        file: 'test/processor/adapters/http-fraud-api.retries.test.ts',
        test: 'with %i calls allowed, as many are made, all under one idempotency key',
      },
      {
        file: 'test/processor/adapters/http-fraud-api.retries.test.ts',
        test: 'a backoff that would outlast the budget is not begun',
      },
    ],
  },
  {
    demand: 'lib/lambda_payment_processor.py: transaction validation',
    met: 'Every field of a message, by a schema; an invalid message goes to the dead-letter queue with the reason.',
    deviation: 'D2',
    resources: [at.PROCESSOR],
    shownBy: [
      { file: 'test/contract/payment-message.test.ts', test: 'all faults are named at once, without the values' },
      {
        file: 'test/processor/bundle-invalid.test.ts',
        test: 'hostile bodies go to the dead-letter queue and nowhere else: part $index',
      },
    ],
  },
  {
    demand: 'lib/lambda_payment_processor.py: DynamoDB state updates',
    met: 'A conditional put claims a payment, a conditional update decides it; each appends to its history.',
    deviation: 'D2',
    resources: [at.PROCESSOR, at.TABLE],
    shownBy: [
      {
        file: 'test/processor/bundle-decisions.test.ts',
        test: 'becomes a record that says ${status}, complete and with its history',
      },
      {
        file: 'test/processor/bundle-decisions.test.ts',
        test: 'two writes and no read are all that a payment costs the table',
      },
    ],
  },
  {
    demand: 'lib/lambda_payment_processor.py: error handling',
    met: 'Refused permanently: quarantined. No decision: returned to the queue with a retry delay. Any unknown error: returned to the queue, never acknowledged.',
    deviation: 'D2',
    resources: [at.PROCESSOR],
    shownBy: [
      {
        file: 'test/processor/core/quarantine.test.ts',
        test: 'is failed, copied, noted and acknowledged in this order, on its first receive',
      },
      {
        file: 'test/processor/core/batch.test.ts',
        test: '%s: the message is returned to the queue, never acknowledged, even on its last receive; the others continue',
      },
    ],
  },
  {
    demand: 'lib/lambda_dlq_processor.py: processing failed messages',
    met: 'In TypeScript: `redrive` sends failed payments to the payment queue again, in the order of their account; `discard` gives them up, with a reason in their history. Each step may be repeated after a crash.',
    deviation: 'D2',
    resources: [at.DLQ_PROCESSOR],
    shownBy: [
      {
        file: 'test/dlq-processor/bundle.test.ts',
        test: 'redriven: the record, the message in its group, the dead letter; each left as it should be',
      },
      {
        file: 'test/dlq-processor/bundle.test.ts',
        test: 'discarded: the reason is in the history, and the dead letter gone; without a reason nothing is',
      },
      {
        file: 'test/dlq-processor/story.test.ts',
        test: 'a bad release fails payments; its analysis, its alert, its repair, and a redrive that is killed again and again',
      },
    ],
  },
  {
    demand: 'lib/lambda_dlq_processor.py: logging detailed failure analysis',
    met: 'Failed payments by cause, account, age and release, since when, which pattern they show and what to do; with a sample of the dead letters. As one structured log line with a summary in words, and as the answer.',
    deviation: 'D2',
    resources: [at.DLQ_PROCESSOR],
    shownBy: [
      {
        file: 'test/dlq-processor/core/analyze.test.ts',
        test: 'failed payments are counted over all pages: in total, by cause, release, age and account',
      },
      {
        file: 'test/dlq-processor/bundle.test.ts',
        test: 'patterns are mailed once, and the analysis is logged for a query and in words, and traced',
      },
    ],
  },
  {
    demand: 'lib/lambda_dlq_processor.py: alerting on patterns that need a person',
    met: 'An analysis names a bad release, an outage, a new refusal of the fraud API, a poison account and unreadable messages by stated rules, and publishes what to do to the topic; the same pattern once an hour. Alarms tell of any dead letter, and of a share of failed payments above one percent.',
    deviation: 'D16',
    resources: [at.DLQ_PROCESSOR, at.TOPIC, at.DEAD_LETTER_ALARM, at.FAILED_PAYMENTS_ALARM],
    shows: (stack) => {
      expect(stack.at(at.DLQ_PROCESSOR)).toHaveProperty('environment.variables.ALERT_TOPIC_ARN', `${at.TOPIC}.arn`);
      expect(stack.allowed(`${at.DLQ_PROCESSOR_ID}_permissions`)[`${at.TOPIC}.arn`]).toEqual(['sns:Publish']);
    },
    shownBy: [
      { file: 'test/dlq-processor/core/alert.test.ts', test: 'is published once within an hour, then again' },
      {
        file: 'test/dlq-processor/bundle.test.ts',
        test: 'patterns are mailed once, and the analysis is logged for a query and in words, and traced',
      },
    ],
  },
];

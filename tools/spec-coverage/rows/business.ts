import * as at from '../addresses';
import type { Row } from '../row';

const ZONE = (index: number) => `\${element(data.aws_availability_zones.available.names, ${index})}`;

/** Business context. */
export const business: readonly Row[] = [
  {
    demand: 'Payments are processed asynchronously, off a queue',
    met: "A FIFO queue takes payments; an event source mapping, and nothing else, invokes the function that decides them. With `outcomes: 'topic'`, a FIFO topic tells other services how each ended.",
    resources: [at.PAYMENT_QUEUE, at.EVENT_SOURCE, at.PROCESSOR],
    shows: (stack) => {
      expect(stack.addressesOf('aws_lambda_event_source_mapping')).toEqual([at.EVENT_SOURCE]);
      expect(stack.at(at.EVENT_SOURCE)).toMatchObject({
        event_source_arn: `${at.PAYMENT_QUEUE}.arn`,
        function_name: `${at.PROCESSOR}.arn`,
      });
      expect(stack.each('aws_lambda_permission', 'function_name')).toEqual([`${at.DLQ_PROCESSOR}.function_name`]);
    },
    shownBy: [
      {
        file: 'test/processor/bundle-outcomes.test.ts',
        test: 'a subscriber gets the outcomes of an account in their order, each as its record says [G14]',
      },
    ],
  },
  {
    demand: 'Millions of transactions a day',
    met: 'High-throughput FIFO, 50 batches of ten payments at a time, ten accounts of a batch at once, an on-demand table.',
    missing: 'No load has been measured on AWS; the figures of the demo are those of emulators.',
    resources: [at.PAYMENT_QUEUE, at.EVENT_SOURCE, at.PROCESSOR, at.TABLE],
    shows: (stack) => {
      expect(stack.at(at.PAYMENT_QUEUE)).toMatchObject({
        fifo_throughput_limit: 'perMessageGroupId',
        deduplication_scope: 'messageGroup',
      });
      expect(stack.at(at.EVENT_SOURCE)).toMatchObject({ batch_size: 10, scaling_config: { maximum_concurrency: 50 } });
      expect(stack.at(at.PROCESSOR)).toHaveProperty('environment.variables.GROUP_CONCURRENCY', '10');
      expect(stack.at(at.TABLE)).toMatchObject({ billing_mode: 'PAY_PER_REQUEST' });
    },
    shownBy: [{ file: 'test/processor/bundle-decisions.test.ts', test: 'ten accounts are worked on at the same time' }],
  },
  {
    demand: 'Every payment is validated by a fraud detection API',
    met: 'A payment is recorded as decided only with an answer of the API; one call, to the letter of a contract, with a timeout. An adapter translates for an API with another contract. What the API leaves for review, an operator decides, by name and with a reason.',
    resources: [at.PROCESSOR],
    shownBy: [
      { file: 'test/processor/core/claim.test.ts', test: 'is claimed, checked and decided in two writes' },
      {
        file: 'test/processor/bundle-decisions.test.ts',
        test: 'the call to the fraud API is the contract to the letter',
      },
      { file: 'test/processor/adapters/fraud-api-adapter.test.ts', test: 'has the parts that the adapter gives' },
      {
        file: 'test/dlq-processor/core/resolve.test.ts',
        test: 'of two operators who disagree at the same time the first decides, and the other is told [G5]',
      },
    ],
  },
  {
    demand: 'Strict, guaranteed order of transactions',
    met: 'The order is that of an account: its payments are one message group, decided one after the other; what follows a payment that is returned to the queue is returned to the queue too, what follows one that failed permanently continues.',
    resources: [at.PAYMENT_QUEUE, at.PROCESSOR],
    shows: (stack) => {
      expect(stack.at(at.PAYMENT_QUEUE)).toMatchObject({ fifo_queue: true });
      expect(stack.at(at.PROCESSOR)).toHaveProperty('environment.variables.ON_FAILED_PAYMENT', 'continue');
    },
    shownBy: [
      {
        file: 'test/processor/core/batch.test.ts',
        test: "its payments are decided one after the other, in the queue's order [G2]",
      },
      {
        file: 'test/processor/core/batch.test.ts',
        test: 'stops at the first payment that is returned to the queue: those before are done, those behind are not checked',
      },
      {
        file: 'test/producer/payment-producer.test.ts',
        test: 'keeps the order of an account, and has one of its payments in flight',
      },
    ],
  },
  {
    demand: 'Zero data loss',
    met: 'Only what is settled, or safely in the dead-letter queue, is acknowledged; a batch may fail in part; the table has point-in-time recovery.',
    resources: [at.EVENT_SOURCE, at.PAYMENT_QUEUE, at.TABLE],
    shows: (stack) => {
      expect(stack.at(at.EVENT_SOURCE)).toMatchObject({ function_response_types: ['ReportBatchItemFailures'] });
      expect(stack.at(at.PAYMENT_QUEUE)).toHaveProperty(
        'redrive_policy.deadLetterTargetArn',
        `${at.DEAD_LETTER_QUEUE}.arn`,
      );
      expect(stack.at(at.TABLE)).toMatchObject({ point_in_time_recovery: { enabled: true } });
    },
    shownBy: [
      {
        file: 'test/processor/bundle-outages.test.ts',
        test: 'on the last receive too: a payment that could not be recorded is never acknowledged or dead-lettered',
      },
      { file: 'test/tools/demo/faulty-bundles.test.ts', test: 'all hold, and the exit code is 0, without a fault' },
    ],
  },
  {
    demand: 'Nothing is decided twice',
    met: 'Implied by payments and retries: a conditional write claims a payment, and its attempt number fences every later write.',
    resources: [at.TABLE],
    shownBy: [
      {
        file: 'test/processor/core/fence.test.ts',
        test: 'two processors, one message, at the same time: one decision [G5]',
      },
    ],
  },
  {
    demand: 'Variable load, with peaks in business hours',
    met: 'The queue takes the peak for four days, the function scales from nothing to 50 batches, and the table is billed by request.',
    resources: [at.PAYMENT_QUEUE, at.EVENT_SOURCE, at.TABLE],
    shows: (stack) => {
      expect(stack.at(at.PAYMENT_QUEUE)).toMatchObject({ message_retention_seconds: 4 * 86_400 });
      expect(stack.at(at.EVENT_SOURCE)).toMatchObject({ scaling_config: { maximum_concurrency: 50 } });
      expect(stack.at(at.TABLE)).toMatchObject({ billing_mode: 'PAY_PER_REQUEST' });
    },
  },
  {
    demand: 'Automatic retries',
    met: 'Within a receive four calls, two seconds each, with doubling backoff; between receives 5 to 20 seconds, then 31 minutes or more, so that the last receive outlives an outage of half an hour.',
    resources: [at.PROCESSOR, at.PAYMENT_QUEUE],
    shows: (stack) => {
      expect(stack.at(at.PROCESSOR)).toMatchObject({
        environment: {
          variables: {
            FRAUD_API_MAX_ATTEMPTS: '4',
            FRAUD_API_TIMEOUT_MS: '2000',
            RETRY_WAITS_SECONDS: '20,1860',
            MAX_RECEIVE_COUNT: '3',
          },
        },
      });
    },
    shownBy: [
      {
        file: 'test/processor/adapters/http-fraud-api.retries.test.ts',
        test: 'the backoff between calls doubles: up to 100, 200, 400 ms',
      },
      {
        file: 'test/processor/bundle-receives.test.ts',
        test: 'receive 1: hidden for 5 to 20 seconds, with jitter, in the queue itself',
      },
      {
        file: 'test/processor/core/retry-delay.test.ts',
        test: 'the retry delay before the last receive outlives an outage of half an hour',
      },
    ],
  },
  {
    demand: 'A comprehensive audit trail, for compliance',
    met: 'Each payment keeps the history of its transitions, each entry with a hash that covers the one before it, and with who did it; `audit` and `reconcile` compare records, logs and what was sent. CloudTrail and flow logs go to a versioned, encrypted bucket, which the profile `production` locks.',
    resources: [at.TABLE, at.TRAIL, at.FLOW_LOG_TO_BUCKET, at.BUCKET],
    shows: (stack) => {
      expect(stack.at(at.TRAIL)).toMatchObject({ s3_bucket_name: `${at.BUCKET}.id`, enable_log_file_validation: true });
      expect(stack.at(at.FLOW_LOG_TO_BUCKET)).toMatchObject({ log_destination: `${at.BUCKET}.arn` });
    },
    shownBy: [
      {
        file: 'test/processor/core/claim.test.ts',
        test: 'PROCESSING: taken over with one attempt more, the new sequence number and an entry in the history',
      },
      {
        file: 'test/contract/record-faults.test.ts',
        test: 'each value of a record that is %s shows its edit, and its loss [G13]',
      },
      {
        file: 'test/ops/audit.test.ts',
        test: 'audit and reconcile pass what functions left that were killed, and name what was changed by hand',
      },
      {
        file: 'test/infrastructure/policy-graph/audit.test.ts',
        test: 'is locked once it is versioned, without an argument that would replace a bucket that exists',
      },
    ],
  },
  {
    demand: 'Terraform with HCL',
    met: 'The code is TypeScript (CDKTF), as was asked for later; it writes Terraform JSON, and with `SYNTH_HCL_OUTPUT=true` HCL that says the same.',
    deviation: 'D1',
    resources: [],
    shownBy: [{ file: 'test/app/hcl.test.ts', test: 'it has what the JSON has, under the same addresses' }],
  },
  {
    demand: 'Deployed to ap-southeast-1',
    met: 'The region of the one AWS provider.',
    resources: ['provider.aws'],
    shows: (stack) => {
      expect(stack.at('provider.aws')).toEqual([expect.objectContaining({ region: 'ap-southeast-1' })]);
    },
  },
  {
    demand: 'Resilience across availability zones',
    met: 'Three subnets, each in a zone of its own; functions and interface endpoints have addresses in all three. Everything else is a regional service.',
    resources: [...at.SUBNETS, ...at.FUNCTIONS, ...at.INTERFACE_ENDPOINTS],
    shows: (stack) => {
      expect(stack.each('aws_subnet', 'availability_zone')).toEqual([ZONE(0), ZONE(1), ZONE(2)]);
      for (const address of at.FUNCTIONS)
        expect(stack.at(address)).toMatchObject({ vpc_config: { subnet_ids: at.SUBNET_IDS } });
      for (const address of at.INTERFACE_ENDPOINTS)
        expect(stack.at(address)).toMatchObject({ subnet_ids: at.SUBNET_IDS });
    },
  },
  {
    demand: 'Fault tolerance',
    met: 'A crash, a timeout, an outage of table, queue or fraud API leaves every payment to another receive; three of those, then the dead-letter queue.',
    resources: [at.PAYMENT_QUEUE, at.DEAD_LETTER_QUEUE],
    shows: (stack) => {
      expect(stack.at(at.PAYMENT_QUEUE)).toMatchObject({ redrive_policy: { maxReceiveCount: 3 } });
    },
    shownBy: [
      {
        file: 'test/processor/bundle-redelivery.test.ts',
        test: 'a payment left PROCESSING is taken over with one attempt more',
      },
      {
        file: 'test/processor/core/lost-answers.test.ts',
        test: 'even on its last receive: it does not fail because of the table',
      },
    ],
  },
  {
    demand: 'Complete observability',
    met: 'Structured logs, custom metrics, traces, alarms and a dashboard. Both functions trace actively, which needs X-Ray permissions on `*`.',
    deviation: 'D26',
    resources: [
      at.DASHBOARD,
      ...at.FUNCTIONS,
      ...[at.PROCESSOR_ID, at.DLQ_PROCESSOR_ID].map((id) => at.documentOf(`${id}_permissions`)),
    ],
    shows: (stack) => {
      for (const address of at.FUNCTIONS)
        expect(stack.at(address)).toMatchObject({ tracing_config: { mode: 'Active' } });
      for (const id of [at.PROCESSOR_ID, at.DLQ_PROCESSOR_ID]) {
        expect(stack.statements(`${id}_permissions`)).toContainEqual(
          expect.objectContaining({ actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], resources: ['*'] }),
        );
      }
    },
    shownBy: [
      {
        file: 'test/processor/bundle-telemetry.test.ts',
        test: 'the decision is logged with the transaction id, the hashed account, the status and the request id',
      },
    ],
  },
];

import * as at from '../addresses';
import type { Row } from '../row';

/** Lambda Processing Functions: the DLQ processor, and how both are packaged. */
export const dlqProcessor: readonly Row[] = [
  {
    demand: 'The second function handles the dead-letter queue, invoked by hand',
    met: 'A person invokes it with an action. Beside that, a schedule only has it measure how long reviews wait.',
    resources: [at.DLQ_PROCESSOR],
    shows: (stack) => {
      expect(stack.each('aws_lambda_event_source_mapping', 'function_name')).toEqual([`${at.PROCESSOR}.arn`]);
      expect(stack.types.filter((type) => /^aws_(scheduler|lambda_function_url)/.test(type))).toEqual([]);
      expect(stack.addressesOf('aws_lambda_permission')).toEqual([at.REVIEW_PERMISSION]);
      expect(stack.at(at.REVIEW_TARGET)).toMatchObject({ input: JSON.stringify({ action: 'measure' }) });
      expect(stack.each('aws_cloudwatch_event_target', 'arn').sort()).toEqual([
        `${at.DLQ_PROCESSOR}.arn`,
        `${at.KEY_CHANGE_TOPIC}.arn`,
      ]);
      expect(new Set(stack.each('aws_sns_topic_subscription', 'protocol'))).toEqual(new Set(['email']));
    },
    shownBy: [{ file: 'test/dlq-processor/core/event.test.ts', test: '%j asks for an analysis' }],
  },
  {
    demand: 'The DLQ processor has 120 seconds',
    met: "As asked. The dead-letter queue's visibility timeout of 180 s outlives it.",
    deviation: 'D16',
    resources: [at.DLQ_PROCESSOR, at.DEAD_LETTER_QUEUE],
    shows: (stack) => {
      expect(stack.at(at.DLQ_PROCESSOR)).toMatchObject({ timeout: 120 });
      expect(stack.at(at.DEAD_LETTER_QUEUE)).toMatchObject({ visibility_timeout_seconds: 180 });
    },
  },
  {
    demand: 'The DLQ processor has the same VPC configuration',
    met: 'As asked.',
    resources: at.FUNCTIONS,
    shows: (stack) => {
      expect(stack.at(at.DLQ_PROCESSOR).vpc_config).toEqual({
        subnet_ids: at.SUBNET_IDS,
        security_group_ids: [`${at.FUNCTION_GROUP}.id`],
      });
      expect(stack.at(at.DLQ_PROCESSOR).vpc_config).toEqual(stack.at(at.PROCESSOR).vpc_config);
    },
  },
  {
    demand: 'The DLQ processor investigates failed transactions',
    met: 'It knows table, index, topic and both queues; it counts failed payments, looks at dead letters, and names the pattern.',
    resources: [at.DLQ_PROCESSOR],
    shows: (stack) => {
      expect(stack.at(at.DLQ_PROCESSOR)).toMatchObject({
        environment: {
          variables: {
            PAYMENT_TABLE_NAME: `${at.TABLE}.name`,
            PAYMENT_DLQ_URL: `${at.DEAD_LETTER_QUEUE}.url`,
            PAYMENT_QUEUE_URL: `${at.PAYMENT_QUEUE}.url`,
            ALERT_TOPIC_ARN: `${at.TOPIC}.arn`,
          },
        },
      });
    },
    shownBy: [
      {
        file: 'test/dlq-processor/bundle.test.ts',
        test: 'the failed payments and the dead letters are counted, over all pages, and nothing is changed',
      },
    ],
  },
  {
    demand:
      'Both functions are packaged by archive_file, from lib/lambda_payment_processor.py and lib/lambda_dlq_processor.py',
    met: 'By archive_file, from the bundles of `src/processor` and `src/dlq-processor`.',
    deviation: 'D2',
    resources: [...at.FUNCTIONS, ...at.ARCHIVES],
    shows: (stack) => {
      for (const [index, name] of ['payment_processor', 'dlq_processor'].entries()) {
        const archive = at.ARCHIVES[index]!;
        expect(stack.at(archive)).toMatchObject({
          type: 'zip',
          source_dir: expect.stringMatching(new RegExp(`^assets/payments_${name}_bundle/[0-9A-F]{32}$`)) as string,
          output_path: `assets/payments_${name}_bundle.zip`,
          output_file_mode: '0644',
          excludes: ['index.mjs.map'],
        });
        expect(stack.at(at.FUNCTIONS[index]!)).toMatchObject({
          filename: `${archive}.output_path`,
          source_code_hash: `${archive}.output_base64sha256`,
        });
      }
    },
  },
  {
    demand: 'Each function has a dedicated log group',
    met: 'The one that Lambda writes to, made before the function.',
    resources: [at.PROCESSOR_LOGS, at.DLQ_PROCESSOR_LOGS, ...at.FUNCTIONS],
    shows: (stack) => {
      expect(stack.at(at.PROCESSOR_LOGS).name).toBe(`/aws/lambda/${String(stack.at(at.PROCESSOR).function_name)}`);
      expect(stack.at(at.DLQ_PROCESSOR_LOGS).name).toBe(
        `/aws/lambda/${String(stack.at(at.DLQ_PROCESSOR).function_name)}`,
      );
      expect(stack.at(at.PROCESSOR).depends_on).toContain(at.PROCESSOR_LOGS);
      expect(stack.at(at.DLQ_PROCESSOR).depends_on).toContain(at.DLQ_PROCESSOR_LOGS);
    },
  },
  {
    demand: "The functions' log groups keep logs for one day, encrypted with KMS",
    met: 'One day in the profile `dev`; 365 in `production`.',
    deviation: 'D25',
    resources: [at.PROCESSOR_LOGS, at.DLQ_PROCESSOR_LOGS],
    shows: (stack) => {
      for (const logs of [at.PROCESSOR_LOGS, at.DLQ_PROCESSOR_LOGS]) {
        expect(stack.at(logs)).toMatchObject({ retention_in_days: 1, kms_key_id: `${at.DYNAMODB_KEY}.arn` });
      }
    },
  },
  {
    demand: 'Functions depend explicitly on their role and policy',
    met: 'As asked; the event source mapping waits for the policy as well.',
    resources: [...at.FUNCTIONS, at.EVENT_SOURCE],
    shows: (stack) => {
      expect(stack.at(at.PROCESSOR).depends_on).toEqual(
        expect.arrayContaining([at.roleOf(at.PROCESSOR_ID), at.policyOf(at.PROCESSOR_ID)]),
      );
      expect(stack.at(at.DLQ_PROCESSOR).depends_on).toEqual(
        expect.arrayContaining([at.roleOf(at.DLQ_PROCESSOR_ID), at.policyOf(at.DLQ_PROCESSOR_ID)]),
      );
      expect(stack.at(at.EVENT_SOURCE).depends_on).toContain(at.policyOf(at.PROCESSOR_ID));
    },
  },
];

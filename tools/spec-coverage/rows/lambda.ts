import * as at from '../addresses';
import type { Row } from '../row';

const IN_VPC = { vpc_config: { subnet_ids: at.SUBNET_IDS, security_group_ids: [`${at.FUNCTION_GROUP}.id`] } };

/** Lambda Processing Functions: both, and the payment processor. */
export const processor: readonly Row[] = [
  {
    demand: 'Two functions: payment processing, and dead-letter queue handling',
    met: 'As asked.',
    resources: at.FUNCTIONS,
    shows: (stack) => {
      expect(stack.addressesOf('aws_lambda_function').sort()).toEqual([...at.FUNCTIONS].sort());
      expect(stack.at(at.PROCESSOR)).toMatchObject({
        function_name: 'lambda-payment-processor-dev',
        role: `${at.roleOf(at.PROCESSOR_ID)}.arn`,
      });
      expect(stack.at(at.DLQ_PROCESSOR)).toMatchObject({
        function_name: 'lambda-dlq-processor-dev',
        role: `${at.roleOf(at.DLQ_PROCESSOR_ID)}.arn`,
      });
    },
  },
  {
    demand: 'Python 3.11',
    met: 'TypeScript on Node.js 22 and arm64, as was asked for later.',
    deviation: 'D2',
    resources: at.FUNCTIONS,
    shows: (stack) => {
      const runsTypeScript = { runtime: 'nodejs22.x', architectures: ['arm64'], handler: 'index.handler' };
      for (const address of at.FUNCTIONS) expect(stack.at(address)).toMatchObject(runsTypeScript);
    },
  },
  {
    demand: '256 MB of memory',
    met: 'Variable `lambda_memory`, whose default it is, for both functions.',
    resources: [...at.FUNCTIONS, 'var.lambda_memory'],
    shows: (stack) => {
      expect(stack.each('aws_lambda_function', 'memory_size')).toEqual([256, 256]);
      expect(stack.given({ lambda_memory: 512 }).each('aws_lambda_function', 'memory_size')).toEqual([512, 512]);
    },
  },
  {
    demand: 'The payment processor has 60 seconds',
    met: 'As asked.',
    resources: [at.PROCESSOR],
    shows: (stack) => {
      expect(stack.at(at.PROCESSOR)).toMatchObject({ timeout: 60 });
    },
  },
  {
    demand: 'The table name is in its environment',
    met: '`PAYMENT_TABLE_NAME`.',
    resources: [at.PROCESSOR, at.TABLE],
    shows: (stack) => {
      expect(stack.at(at.PROCESSOR)).toHaveProperty('environment.variables.PAYMENT_TABLE_NAME', `${at.TABLE}.name`);
    },
  },
  {
    demand: 'The queue URL is in its environment',
    met: '`PAYMENT_QUEUE_URL`, and the dead-letter queue as `PAYMENT_DLQ_URL`.',
    resources: [at.PROCESSOR, ...at.QUEUES],
    shows: (stack) => {
      expect(stack.at(at.PROCESSOR)).toMatchObject({
        environment: {
          variables: { PAYMENT_QUEUE_URL: `${at.PAYMENT_QUEUE}.url`, PAYMENT_DLQ_URL: `${at.DEAD_LETTER_QUEUE}.url` },
        },
      });
    },
  },
  {
    demand: 'The fraud detection API configuration is in its environment',
    met: 'URL, timeout of a call, and number of calls. The URL is a variable without a usable default, because only the deployer knows it.',
    deviation: 'D23',
    resources: [at.PROCESSOR, 'var.fraud_api_url'],
    shows: (stack) => {
      expect(stack.given({ fraud_api_url: 'https://fraud.example/check' }).at(at.PROCESSOR)).toMatchObject({
        environment: {
          variables: {
            FRAUD_API_URL: 'https://fraud.example/check',
            FRAUD_API_TIMEOUT_MS: '2000',
            FRAUD_API_MAX_ATTEMPTS: '4',
          },
        },
      });
    },
    shownBy: [
      {
        file: 'test/app/variables.test.ts',
        test: 'the fraud API has to be named: the default is refused, and says so',
      },
    ],
  },
  {
    demand: 'The processor runs in all three private subnets',
    met: 'As asked.',
    resources: [at.PROCESSOR, ...at.SUBNETS],
    shows: (stack) => {
      expect(stack.at(at.PROCESSOR)).toMatchObject(IN_VPC);
    },
  },
  {
    demand: 'Its security group allows HTTPS to the endpoints of SQS, DynamoDB, CloudWatch Logs and SNS',
    met: 'To the VPC range, where the interface endpoints are, and to the prefix list of the DynamoDB endpoint, whose addresses are public ones.',
    deviation: 'D5',
    resources: [at.FUNCTION_GROUP, at.FUNCTION_EGRESS, at.FUNCTION_EGRESS_DYNAMODB],
    shows: (stack) => {
      const https = {
        type: 'egress',
        protocol: 'tcp',
        from_port: 443,
        to_port: 443,
        security_group_id: `${at.FUNCTION_GROUP}.id`,
      };
      expect(stack.at(at.FUNCTION_EGRESS)).toMatchObject({ ...https, cidr_blocks: ['10.0.0.0/16'] });
      expect(stack.at(at.FUNCTION_EGRESS_DYNAMODB)).toMatchObject({
        ...https,
        prefix_list_ids: [`${at.DYNAMODB_ENDPOINT}.prefix_list_id`],
      });
    },
  },
  {
    demand: 'An event source mapping from the main queue to the processor',
    met: 'As asked; batches may fail in part, so that a failed payment does not take the others back with it.',
    resources: [at.EVENT_SOURCE],
    shows: (stack) => {
      expect(stack.at(at.EVENT_SOURCE)).toMatchObject({
        event_source_arn: `${at.PAYMENT_QUEUE}.arn`,
        function_name: `${at.PROCESSOR}.arn`,
        function_response_types: ['ReportBatchItemFailures'],
      });
      expect(stack.at(at.EVENT_SOURCE)).not.toHaveProperty('enabled');
    },
  },
  {
    demand: 'A batch size of ten',
    met: 'As asked.',
    resources: [at.EVENT_SOURCE],
    shows: (stack) => {
      expect(stack.at(at.EVENT_SOURCE)).toMatchObject({ batch_size: 10 });
    },
  },
  {
    demand: 'A batching window of five seconds',
    met: 'Left out: AWS refuses one on a FIFO queue. Asking the construct for it is an error that says why.',
    deviation: 'D4',
    resources: [at.EVENT_SOURCE],
    shows: (stack) => {
      expect(stack.at(at.EVENT_SOURCE)).not.toHaveProperty('maximum_batching_window_in_seconds');
    },
    shownBy: [{ file: 'test/infrastructure/validation.test.ts', test: '%s: a FIFO queue has no batching window' }],
  },
  {
    demand: 'Fifty reserved concurrent executions',
    met: 'As asked: `max_concurrency`, unless `reserve_concurrency` is false; and the mapping asks for no more than that at a time, without which reserving would cost throttled payments their receives.',
    deviation: 'D12',
    resources: [at.PROCESSOR, at.EVENT_SOURCE, 'var.reserve_concurrency'],
    shows: (stack) => {
      expect(stack.at(at.PROCESSOR)).toMatchObject({ reserved_concurrent_executions: 50 });
      expect(stack.given({ reserve_concurrency: false }).at(at.PROCESSOR)).toMatchObject({
        reserved_concurrent_executions: -1,
      });
      expect(stack.at(at.EVENT_SOURCE)).toMatchObject({ scaling_config: { maximum_concurrency: 50 } });
      expect(stack.at('var.reserve_concurrency')).toMatchObject({ type: 'bool', default: true });
    },
  },
  {
    demand: 'The fraud detection API is not overwhelmed',
    met: 'Fifty batches at a time, each of ten accounts at most: 500 simultaneous checks. When the API fails, a circuit breaker stops calling it.',
    deviation: 'D27',
    resources: [at.EVENT_SOURCE, at.PROCESSOR],
    shows: (stack) => {
      expect(stack.at(at.EVENT_SOURCE)).toMatchObject({ scaling_config: { maximum_concurrency: 50 } });
      expect(stack.at(at.PROCESSOR)).toHaveProperty('environment.variables.GROUP_CONCURRENCY', '10');
    },
    shownBy: [
      {
        file: 'test/processor/core/batch.test.ts',
        test: 'GROUP_CONCURRENCY %i: no more accounts at once, and in the end all',
      },
      {
        file: 'test/processor/adapters/http-fraud-api.circuit.test.ts',
        test: 'no call is made, and the check says that it made none',
      },
    ],
  },
];

import * as at from '../addresses';
import type { Row } from '../row';

/** Every name that is ours to choose; tags called Name where a resource has no other. */
const NAMES: Readonly<Record<string, string>> = {
  [at.PROCESSOR]: 'lambda-payment-processor-dev',
  [at.DLQ_PROCESSOR]: 'lambda-dlq-processor-dev',
  [at.VPC]: 'vpc-payment-processing-dev',
  'aws_default_security_group.payments_network_default_security_group': 'vpc-default-dev',
  [at.SUBNETS[0]!]: 'subnet-private-dev-1',
  [at.SUBNETS[1]!]: 'subnet-private-dev-2',
  [at.SUBNETS[2]!]: 'subnet-private-dev-3',
  [at.ROUTE_TABLE]: 'rtb-private-dev',
  [at.DYNAMODB_ENDPOINT]: 'vpce-dynamodb-dev',
  [at.INTERFACE_ENDPOINTS[0]!]: 'vpce-sqs-dev',
  [at.INTERFACE_ENDPOINTS[1]!]: 'vpce-lambda-dev',
  [at.INTERFACE_ENDPOINTS[2]!]: 'vpce-logs-dev',
  [at.INTERFACE_ENDPOINTS[3]!]: 'vpce-sns-dev',
  [at.FLOW_LOG_TO_BUCKET]: 'flow-log-s3-dev',
  [at.FLOW_LOG_TO_LOG_GROUP]: 'flow-log-cloudwatch-dev',
  [at.TRAIL]: 'cloudtrail-payment-processing-dev',
  [at.TOPIC]: 'sns-payment-alerts-dev',
  [at.KEY_CHANGE_TOPIC]: 'sns-payment-key-changes-dev',
  [at.KEY_CHANGE_RULE]: 'event-rule-payment-key-changes-dev',
  [at.REVIEW_RULE]: 'event-rule-payment-reviews-dev',
  [at.roleOf(at.PROCESSOR_ID)]: 'iam-role-payment-processor-dev',
  [at.roleOf(at.DLQ_PROCESSOR_ID)]: 'iam-role-dlq-processor-dev',
  [at.roleOf(at.FLOW_LOGS_ID)]: 'iam-role-vpc-flow-logs-dev',
  [at.roleOf(at.TRAIL_ID)]: 'iam-role-cloudtrail-dev',
  [at.roleOf(at.DELIVERY_STATUS_ID)]: 'iam-role-sns-delivery-status-dev',
  [at.policyOf(at.PROCESSOR_ID)]: 'iam-policy-payment-processor-dev',
  [at.policyOf(at.DLQ_PROCESSOR_ID)]: 'iam-policy-dlq-processor-dev',
  [at.policyOf(at.FLOW_LOGS_ID)]: 'iam-policy-vpc-flow-logs-dev',
  [at.policyOf(at.TRAIL_ID)]: 'iam-policy-cloudtrail-dev',
  [at.policyOf(at.DELIVERY_STATUS_ID)]: 'iam-policy-sns-delivery-status-dev',
  ...Object.fromEntries(Object.entries(at.ALARMS).map(([address, { purpose }]) => [address, `alarm-${purpose}-dev`])),
  [at.SECURITY_FILTERS[0]!]: 'metric-filter-root-use-dev',
  [at.SECURITY_FILTERS[1]!]: 'metric-filter-trail-change-dev',
  [at.SECURITY_FILTERS[2]!]: 'metric-filter-key-disabled-dev',
};

/** Explicit in the request, and not of the pattern. */
const EXPLICIT_NAMES: Readonly<Record<string, string>> = {
  [at.PAYMENT_QUEUE]: 'payment-processing.fifo',
  [at.DEAD_LETTER_QUEUE]: 'payment-processing-dlq.fifo',
  [at.TABLE]: 'payment-status-dev',
  [at.BUCKET]: 's3-audit-logs-dev-ACCOUNT_ID',
  [at.DASHBOARD]: 'payment-processing-monitoring-dev',
  [at.ENDPOINT_GROUP]: 'vpc-endpoints-dev',
  [at.FUNCTION_GROUP]: 'lambda-functions-dev',
  [at.KEY_ALIASES[0]!]: 'alias/payment-s3-dev',
  [at.KEY_ALIASES[1]!]: 'alias/payment-sqs-dev',
  [at.KEY_ALIASES[2]!]: 'alias/payment-dynamodb-dev',
};

const NAME_ATTRIBUTES = ['function_name', 'alarm_name', 'dashboard_name', 'name', 'bucket'];

/** Their name is a service's to choose, or what looks like one is another resource's. */
const NAMED_BY_OTHERS =
  /^aws_(cloudwatch_log_group|s3_bucket_|lambda_event_source_mapping|lambda_permission|cloudwatch_metric_alarm)/; // alarms have a row below

function nameOf(block: Readonly<Record<string, unknown>>): unknown {
  const attribute = NAME_ATTRIBUTES.find((name) => block[name] !== undefined);
  return attribute === undefined ? (block.tags as { Name?: string } | undefined)?.Name : block[attribute];
}

/** Resource Naming. */
export const naming: readonly Row[] = [
  {
    demand: 'Names follow {resource-type}-{purpose}-{environment}',
    met: 'All but those that other sentences give explicitly, which win. A subnet has its number behind the environment; a log group is named as the service that writes it wants.',
    deviation: 'D18',
    resources: Object.keys(NAMES),
    shows: (stack) => {
      for (const [address, name] of Object.entries(NAMES))
        expect([address, nameOf(stack.at(address))]).toEqual([address, name]);
      const named = stack.addresses.filter(
        (address) =>
          address.startsWith('aws_') && !NAMED_BY_OTHERS.test(address) && nameOf(stack.at(address)) !== undefined,
      );
      const known = { ...NAMES, ...EXPLICIT_NAMES };
      expect(named.filter((address) => known[address] === undefined)).toEqual([]);
    },
  },
  {
    demand: 'Names are deterministic',
    met: 'They are made of constants, the environment and the account alone.',
    resources: ['var.environment'],
    shows: (stack) => {
      const other = stack.given({ environment: 'test' });
      for (const [address, name] of Object.entries(NAMES))
        expect(nameOf(other.at(address))).toBe(name.replace(/-dev\b/, '-test'));
    },
    shownBy: [
      {
        file: 'test/infrastructure/resource-names.test.ts',
        test: 'the environment is part of every name but the queues',
      },
    ],
  },
  {
    demand: 'For example lambda-payment-processor-dev',
    met: 'As asked.',
    resources: [at.PROCESSOR],
    shows: (stack) => {
      expect(stack.at(at.PROCESSOR)).toMatchObject({ function_name: 'lambda-payment-processor-dev' });
    },
  },
  {
    demand: 'For example dynamodb-payment-status-dev',
    met: 'The section on DynamoDB says payment-status-dev, and is the more explicit one.',
    deviation: 'D17',
    resources: [at.TABLE],
    shows: (stack) => {
      expect(stack.at(at.TABLE)).toMatchObject({ name: 'payment-status-dev' });
    },
  },
  {
    demand: 'FIFO queue names end with .fifo',
    met: 'As asked.',
    resources: at.QUEUES,
    shows: (stack) => {
      expect(at.QUEUES.map((queue) => stack.at(queue).name)).toEqual([
        'payment-processing.fifo',
        'payment-processing-dlq.fifo',
      ]);
    },
  },
  {
    demand: 'The bucket name ends with the account id',
    met: 'As asked.',
    resources: [at.BUCKET, 'data.aws_caller_identity.current'],
    shows: (stack) => {
      expect(stack.at(at.BUCKET).bucket).toBe('s3-audit-logs-dev-ACCOUNT_ID');
    },
  },
  {
    demand: 'Alarms have descriptive names such as alarm-sqs-queue-depth-dev',
    met: 'As asked; and a description each, which says what it means, the command to begin with, and its runbook.',
    resources: [...at.FOUR_ALARMS, ...at.MORE_ALARMS],
    shows: (stack) => {
      expect(stack.at(at.QUEUE_DEPTH_ALARM)).toMatchObject({ alarm_name: 'alarm-sqs-queue-depth-dev' });
      for (const alarm of stack.addressesOf('aws_cloudwatch_metric_alarm')) {
        expect(stack.at(alarm).alarm_name).toMatch(/^alarm-(sqs|lambda|payments|security)-[a-z-]+-dev$/);
        expect(stack.at(alarm).alarm_description).toMatch(
          /\. First run: aws .+ -- Then follow docs\/runbooks\/alarm-[a-z-]+\.md$/,
        );
      }
    },
  },
  {
    demand: 'The dashboard is named payment-processing-monitoring-dev',
    met: 'As asked.',
    resources: [at.DASHBOARD],
    shows: (stack) => {
      expect(stack.at(at.DASHBOARD)).toMatchObject({ dashboard_name: 'payment-processing-monitoring-dev' });
    },
  },
  {
    demand: 'No random_string in names',
    met: 'There is none. The random resources are the release id and the key of the hashes of accounts, which no name holds.',
    deviation: 'D22',
    resources: [at.RELEASE, at.ACCOUNT_HASH_KEY],
    shows: (stack) => {
      expect(stack.types.filter((type) => type.startsWith('random_'))).toEqual(['random_bytes', 'random_uuid']);
      const names = stack.addresses
        .filter((address) => address.startsWith('aws_'))
        .map((address) => nameOf(stack.at(address)));
      expect(names.filter((name) => String(name).includes('random_'))).toEqual([]);
    },
  },
];

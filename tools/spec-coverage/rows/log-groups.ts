import * as at from '../addresses';
import type { Row } from '../row';

/** CloudWatch Monitoring and Dashboards: the log groups. */
export const logGroups: readonly Row[] = [
  {
    demand: 'Log groups for both functions, VPC flow logs and CloudTrail',
    met: 'The four; two more take the delivery status of the alert topic.',
    deviation: 'D13',
    resources: [...at.LOG_GROUPS, at.DELIVERY_LOGS, at.DELIVERY_FAILURE_LOGS],
    shows: (stack) => {
      expect(at.LOG_GROUPS.map((group) => stack.at(group).name)).toEqual([
        '/aws/lambda/lambda-payment-processor-dev',
        '/aws/lambda/lambda-dlq-processor-dev',
        '/aws/vpc-flow-logs/vpc-payment-processing-dev',
        '/aws/cloudtrail/cloudtrail-payment-processing-dev',
      ]);
      expect(stack.addressesOf('aws_cloudwatch_log_group')).toHaveLength(6);
    },
  },
  {
    demand: 'Log groups keep logs for one day',
    met: 'All of them, in the profile `dev`.',
    deviation: 'D25',
    resources: at.LOG_GROUPS,
    shows: (stack) => {
      expect(stack.each('aws_cloudwatch_log_group', 'retention_in_days')).toEqual(Array(6).fill(1));
    },
  },
  {
    demand: 'Log groups are encrypted with KMS',
    met: 'All of them, with the key for DynamoDB and CloudWatch Logs.',
    resources: [...at.LOG_GROUPS, at.DYNAMODB_KEY],
    shows: (stack) => {
      expect(stack.each('aws_cloudwatch_log_group', 'kms_key_id')).toEqual(Array(6).fill(`${at.DYNAMODB_KEY}.arn`));
    },
  },
];

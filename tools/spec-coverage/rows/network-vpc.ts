import * as at from '../addresses';
import type { Row } from '../row';

const BOTH_FLOW_LOGS = [at.FLOW_LOG_TO_BUCKET, at.FLOW_LOG_TO_LOG_GROUP];

/** VPC Network Architecture: the VPC, its subnets, routes and flow logs. */
export const vpc: readonly Row[] = [
  {
    demand: 'A VPC with the range 10.0.0.0/16',
    met: 'As asked; prop `cidrBlock`.',
    resources: [at.VPC],
    shows: (stack) => {
      expect(stack.addressesOf('aws_vpc')).toEqual([at.VPC]);
      expect(stack.at(at.VPC)).toMatchObject({ cidr_block: '10.0.0.0/16' });
    },
  },
  {
    demand: 'Three private subnets',
    met: 'Three, all of the VPC, none of which gives out public addresses.',
    resources: at.SUBNETS,
    shows: (stack) => {
      expect(stack.addressesOf('aws_subnet')).toEqual(at.SUBNETS);
      for (const subnet of at.SUBNETS)
        expect(stack.at(subnet)).toMatchObject({ vpc_id: `${at.VPC}.id`, map_public_ip_on_launch: false });
    },
  },
  {
    demand: 'The subnets are in three availability zones',
    met: 'The first three zones of the region, one each.',
    resources: [...at.SUBNETS, 'data.aws_availability_zones.available'],
    shows: (stack) => {
      const zones = stack.each('aws_subnet', 'availability_zone');
      expect(zones).toEqual(
        [0, 1, 2].map((index) => `\${element(data.aws_availability_zones.available.names, ${index})}`),
      );
      expect(stack.at('data.aws_availability_zones.available')).toMatchObject({ state: 'available' });
    },
  },
  {
    demand: 'The subnets are 10.0.1.0/24, 10.0.2.0/24 and 10.0.3.0/24',
    met: 'As asked.',
    resources: at.SUBNETS,
    shows: (stack) => {
      expect(stack.each('aws_subnet', 'cidr_block')).toEqual(['10.0.1.0/24', '10.0.2.0/24', '10.0.3.0/24']);
    },
  },
  {
    demand: 'DNS hostnames enabled',
    met: 'As asked.',
    resources: [at.VPC],
    shows: (stack) => {
      expect(stack.at(at.VPC)).toMatchObject({ enable_dns_hostnames: true });
    },
  },
  {
    demand: 'DNS support enabled',
    met: 'As asked.',
    resources: [at.VPC],
    shows: (stack) => {
      expect(stack.at(at.VPC)).toMatchObject({ enable_dns_support: true });
    },
  },
  {
    demand: 'No internet gateway and no NAT gateway',
    met: 'Neither, nor any other resource that would lead out.',
    resources: [at.VPC],
    shows: (stack) => {
      expect(stack.types.filter((type) => /gateway|_eip|_nat_|peering|transit|vpn|dx_/.test(type))).toEqual([]);
    },
  },
  {
    demand: 'AWS services are reached through VPC endpoints alone',
    met: 'An endpoint for each service that the functions call. The fraud API, which is none of AWS, has to be within reach of such a VPC: at an address in its range, or over PrivateLink.',
    deviation: 'D23',
    resources: [at.DYNAMODB_ENDPOINT, ...at.INTERFACE_ENDPOINTS, 'var.fraud_api_url'],
    shows: (stack) => {
      expect(stack.each('aws_vpc_endpoint', 'vpc_id')).toEqual(Array(5).fill(`${at.VPC}.id`));
      expect(stack.at('var.fraud_api_url')).toMatchObject({ type: 'string', default: 'https://fraud.invalid/check' });
      expect(stack.at('var.fraud_api_url').validation).toContainEqual({
        condition: '${var.fraud_api_url != "https://fraud.invalid/check"}',
        error_message: expect.stringContaining('fraud_api_url has to be set') as string,
      });
    },
  },
  {
    demand: 'A single route table for all private subnets',
    met: 'One, associated with each of the three.',
    resources: [at.ROUTE_TABLE, ...at.ROUTE_TABLE_ASSOCIATIONS],
    shows: (stack) => {
      expect(stack.addressesOf('aws_route_table')).toEqual([at.ROUTE_TABLE]);
      expect(stack.at(at.ROUTE_TABLE)).toMatchObject({ vpc_id: `${at.VPC}.id` });
      expect(stack.each('aws_route_table_association', 'subnet_id')).toEqual(at.SUBNET_IDS);
      expect(stack.each('aws_route_table_association', 'route_table_id')).toEqual(
        Array(3).fill(`${at.ROUTE_TABLE}.id`),
      );
    },
  },
  {
    demand: 'Local routing only',
    met: 'The table has no route of its own; the gateway endpoint adds the one to DynamoDB.',
    resources: [at.ROUTE_TABLE],
    shows: (stack) => {
      expect(stack.at(at.ROUTE_TABLE)).not.toHaveProperty('route');
      expect(stack.types).not.toContain('aws_route');
    },
  },
  {
    demand: 'VPC flow logs of all traffic',
    met: 'Accepted and rejected traffic of the whole VPC, in both flow logs.',
    resources: BOTH_FLOW_LOGS,
    shows: (stack) => {
      for (const flowLog of BOTH_FLOW_LOGS)
        expect(stack.at(flowLog)).toMatchObject({ traffic_type: 'ALL', vpc_id: `${at.VPC}.id` });
    },
  },
  {
    demand: 'Flow logs are aggregated over sixty seconds',
    met: 'As asked, in both flow logs.',
    resources: BOTH_FLOW_LOGS,
    shows: (stack) => {
      expect(stack.each('aws_flow_log', 'max_aggregation_interval')).toEqual([60, 60]);
    },
  },
  {
    demand: 'Flow logs go to an S3 bucket',
    met: 'One flow log delivers to the audit bucket, without a role, which AWS refuses there. A second one feeds the log group that other sentences ask for.',
    deviation: 'D8',
    resources: [at.FLOW_LOG_TO_BUCKET, at.FLOW_LOG_TO_LOG_GROUP, at.FLOW_LOGS],
    shows: (stack) => {
      expect(stack.at(at.FLOW_LOG_TO_BUCKET)).toMatchObject({
        log_destination_type: 's3',
        log_destination: `${at.BUCKET}.arn`,
      });
      expect(stack.at(at.FLOW_LOG_TO_BUCKET)).not.toHaveProperty('iam_role_arn');
      expect(stack.at(at.FLOW_LOG_TO_BUCKET).depends_on).toContain(at.BUCKET_POLICY);
      expect(stack.at(at.FLOW_LOG_TO_LOG_GROUP)).toMatchObject({
        log_destination_type: 'cloud-watch-logs',
        log_destination: `${at.FLOW_LOGS}.arn`,
        iam_role_arn: `${at.roleOf(at.FLOW_LOGS_ID)}.arn`,
      });
    },
  },
  {
    demand: 'Flow logs are encrypted with KMS',
    met: 'In the bucket by its default encryption with the S3 key, which the delivering service may use; in the log group with the DynamoDB and logs key.',
    resources: [at.BUCKET_ENCRYPTION, at.FLOW_LOGS, at.documentOf('payments_encryption_s3_key_policy')],
    shows: (stack) => {
      expect(stack.at(at.BUCKET_ENCRYPTION)).toHaveProperty(
        'rule.0.apply_server_side_encryption_by_default.kms_master_key_id',
        `${at.S3_KEY}.arn`,
      );
      expect(stack.admitted('payments_encryption_s3_key_policy')).toHaveProperty(
        ['delivery.logs.amazonaws.com'],
        ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'],
      );
      expect(stack.at(at.FLOW_LOGS)).toMatchObject({ kms_key_id: `${at.DYNAMODB_KEY}.arn` });
    },
  },
];

import type { ExistingNetworkProps } from '../../../src';

/** A VPC with subnets and nothing else. */
export const EXISTING_VPC = {
  vpcId: 'vpc-0a1b2c3d4e5f60718',
  subnetIds: ['subnet-0a1b2c3d4e5f60711', 'subnet-0a1b2c3d4e5f60712'],
  cidrBlock: '10.20.0.0/16',
} satisfies ExistingNetworkProps;

export const ROUTE_TABLE = 'rtb-0a1b2c3d4e5f60718';

/** DynamoDB's prefix list in the region. */
export const PREFIX_LIST = 'pl-67a5400e';

/** A VPC that has a gateway to DynamoDB, an endpoint for SQS, a NAT gateway, a security group for endpoints, and flow logs. */
export const EQUIPPED_VPC = {
  ...EXISTING_VPC,
  endpointSecurityGroupId: 'sg-0a1b2c3d4e5f60718',
  endpoints: { sqs: false, dynamodb: false, sns: false },
  egress: { cidrBlocks: ['0.0.0.0/0'], prefixListIds: [PREFIX_LIST] },
  flowLogs: false,
} satisfies ExistingNetworkProps;

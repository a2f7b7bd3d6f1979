import * as at from '../addresses';
import type { Row } from '../row';

function interfaceEndpoint(service: string, name: string): Row {
  const address = `aws_vpc_endpoint.payments_network_${service}_endpoint`;
  return {
    demand: `An interface endpoint for ${name}`,
    met: 'In all three subnets.',
    resources: [address],
    shows: (stack) => {
      expect(stack.at(address)).toMatchObject({
        vpc_endpoint_type: 'Interface',
        service_name: `com.amazonaws.ap-southeast-1.${service}`,
        vpc_id: `${at.VPC}.id`,
        subnet_ids: at.SUBNET_IDS,
      });
    },
  };
}

/** VPC Network Architecture: the endpoints. */
export const endpoints: readonly Row[] = [
  {
    demand: 'Five VPC endpoints',
    met: 'As asked. A fraud API over PrivateLink, or one with a key, adds its own.',
    resources: [at.DYNAMODB_ENDPOINT, ...at.INTERFACE_ENDPOINTS],
    shows: (stack) => {
      expect(stack.addressesOf('aws_vpc_endpoint').sort()).toEqual(
        [at.DYNAMODB_ENDPOINT, ...at.INTERFACE_ENDPOINTS].sort(),
      );
    },
  },
  {
    demand: 'A gateway endpoint for DynamoDB, associated with the route table',
    met: 'As asked.',
    resources: [at.DYNAMODB_ENDPOINT],
    shows: (stack) => {
      expect(stack.at(at.DYNAMODB_ENDPOINT)).toMatchObject({
        vpc_endpoint_type: 'Gateway',
        service_name: 'com.amazonaws.ap-southeast-1.dynamodb',
        vpc_id: `${at.VPC}.id`,
        route_table_ids: [`${at.ROUTE_TABLE}.id`],
      });
    },
  },
  interfaceEndpoint('sqs', 'SQS'),
  interfaceEndpoint('lambda', 'Lambda'),
  interfaceEndpoint('logs', 'CloudWatch Logs'),
  interfaceEndpoint('sns', 'SNS'),
  {
    demand: 'Private DNS on the interface endpoints',
    met: 'As asked.',
    resources: at.INTERFACE_ENDPOINTS,
    shows: (stack) => {
      for (const endpoint of at.INTERFACE_ENDPOINTS)
        expect(stack.at(endpoint)).toMatchObject({ private_dns_enabled: true });
    },
  },
  {
    demand: 'The interface endpoints admit HTTPS from the VPC range only',
    met: 'One security group, whose one inbound rule is TCP 443 from 10.0.0.0/16.',
    resources: [...at.INTERFACE_ENDPOINTS, at.ENDPOINT_GROUP, at.ENDPOINT_INGRESS],
    shows: (stack) => {
      for (const endpoint of at.INTERFACE_ENDPOINTS)
        expect(stack.at(endpoint)).toMatchObject({ security_group_ids: [`${at.ENDPOINT_GROUP}.id`] });
      const inbound = stack.addressesOf('aws_security_group_rule').filter((rule) => stack.at(rule).type === 'ingress');
      expect(inbound).toEqual([at.ENDPOINT_INGRESS]);
      expect(stack.at(at.ENDPOINT_INGRESS)).toMatchObject({
        security_group_id: `${at.ENDPOINT_GROUP}.id`,
        protocol: 'tcp',
        from_port: 443,
        to_port: 443,
        cidr_blocks: ['10.0.0.0/16'],
      });
    },
  },
];

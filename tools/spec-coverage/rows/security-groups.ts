import * as at from '../addresses';
import type { Row } from '../row';

const HTTPS = { protocol: 'tcp', from_port: 443, to_port: 443 };
const PEERS = ['cidr_blocks', 'ipv6_cidr_blocks', 'prefix_list_ids', 'self', 'source_security_group_id'];
const WITHIN_VPC = { ...HTTPS, cidr_blocks: ['10.0.0.0/16'] };

/** Security Groups and Network ACLs. */
export const securityGroups: readonly Row[] = [
  {
    demand: 'Two security groups',
    met: 'As asked, both of the VPC. The heading speaks of network ACLs, the text asks for none: the VPC has its default one.',
    resources: [at.ENDPOINT_GROUP, at.FUNCTION_GROUP],
    shows: (stack) => {
      expect(stack.addressesOf('aws_security_group').sort()).toEqual([at.ENDPOINT_GROUP, at.FUNCTION_GROUP]);
      expect(stack.each('aws_security_group', 'vpc_id')).toEqual([`${at.VPC}.id`, `${at.VPC}.id`]);
      expect(stack.types.filter((type) => type.includes('network_acl'))).toEqual([]);
    },
  },
  {
    demand: 'Rules are separate aws_security_group_rule resources',
    met: 'All of them; no group has a rule of its own.',
    resources: [at.ENDPOINT_INGRESS, at.ENDPOINT_EGRESS, at.FUNCTION_EGRESS, at.FUNCTION_EGRESS_DYNAMODB],
    shows: (stack) => {
      for (const group of [at.ENDPOINT_GROUP, at.FUNCTION_GROUP]) {
        expect(stack.at(group)).not.toHaveProperty('ingress');
        expect(stack.at(group)).not.toHaveProperty('egress');
      }
      expect(stack.types.filter((type) => type.includes('vpc_security_group'))).toEqual([]);
      expect(stack.addressesOf('aws_security_group_rule')).toHaveLength(4);
    },
  },
  {
    demand: 'The groups are named vpc-endpoints-dev and lambda-functions-dev',
    met: 'As asked. The naming pattern would put `sg-` before them, which AWS refuses.',
    deviation: 'D18',
    resources: [at.ENDPOINT_GROUP, at.FUNCTION_GROUP],
    shows: (stack) => {
      expect(stack.at(at.ENDPOINT_GROUP)).toMatchObject({
        name: 'vpc-endpoints-dev',
        tags: { Name: 'vpc-endpoints-dev' },
      });
      expect(stack.at(at.FUNCTION_GROUP)).toMatchObject({
        name: 'lambda-functions-dev',
        tags: { Name: 'lambda-functions-dev' },
      });
    },
  },
  {
    demand: 'vpc-endpoints-dev takes TCP 443 from 10.0.0.0/16',
    met: 'As asked.',
    resources: [at.ENDPOINT_INGRESS],
    shows: (stack) => {
      expect(stack.at(at.ENDPOINT_INGRESS)).toMatchObject({
        type: 'ingress',
        security_group_id: `${at.ENDPOINT_GROUP}.id`,
        ...WITHIN_VPC,
      });
    },
  },
  {
    demand: 'vpc-endpoints-dev sends TCP 443 to the VPC range',
    met: 'As asked.',
    resources: [at.ENDPOINT_EGRESS],
    shows: (stack) => {
      expect(stack.at(at.ENDPOINT_EGRESS)).toMatchObject({
        type: 'egress',
        security_group_id: `${at.ENDPOINT_GROUP}.id`,
        ...WITHIN_VPC,
      });
    },
  },
  {
    demand: 'lambda-functions-dev sends TCP 443 to the VPC range',
    met: 'As asked.',
    resources: [at.FUNCTION_EGRESS],
    shows: (stack) => {
      expect(stack.at(at.FUNCTION_EGRESS)).toMatchObject({
        type: 'egress',
        security_group_id: `${at.FUNCTION_GROUP}.id`,
        ...WITHIN_VPC,
      });
    },
  },
  {
    demand: 'lambda-functions-dev has no inbound rule',
    met: 'As asked.',
    resources: [at.FUNCTION_GROUP],
    shows: (stack) => {
      const rules = stack.addressesOf('aws_security_group_rule').map((rule) => stack.at(rule));
      const ofFunctions = rules.filter(({ security_group_id }) => security_group_id === `${at.FUNCTION_GROUP}.id`);
      expect(ofFunctions.map(({ type }) => type)).toEqual(['egress', 'egress']);
    },
  },
  {
    demand: 'Each rule has explicit protocol tcp, ports 443 to 443, and cidr_blocks',
    met: 'As asked, but for the rule to DynamoDB, which has a prefix list instead of a range.',
    deviation: 'D5',
    resources: [at.ENDPOINT_INGRESS, at.ENDPOINT_EGRESS, at.FUNCTION_EGRESS, at.FUNCTION_EGRESS_DYNAMODB],
    shows: (stack) => {
      for (const rule of [at.ENDPOINT_INGRESS, at.ENDPOINT_EGRESS, at.FUNCTION_EGRESS]) {
        expect(stack.at(rule)).toMatchObject(WITHIN_VPC);
        expect(PEERS.filter((peer) => peer in stack.at(rule))).toEqual(['cidr_blocks']);
      }
      expect(stack.at(at.FUNCTION_EGRESS_DYNAMODB)).toMatchObject({
        ...HTTPS,
        prefix_list_ids: [`${at.DYNAMODB_ENDPOINT}.prefix_list_id`],
      });
      expect(PEERS.filter((peer) => peer in stack.at(at.FUNCTION_EGRESS_DYNAMODB))).toEqual(['prefix_list_ids']);
    },
  },
];

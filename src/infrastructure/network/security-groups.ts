import { SecurityGroup } from '@cdktf/provider-aws/lib/security-group';
import { SecurityGroupRule, type SecurityGroupRuleConfig } from '@cdktf/provider-aws/lib/security-group-rule';
import type { VpcEndpoint } from '@cdktf/provider-aws/lib/vpc-endpoint';
import type { Construct } from 'constructs';
import type { Names } from '../resource-names';
import type { ExistingNetworkProps } from './existing-network';

export interface SecurityGroupsConfig extends Pick<
  ExistingNetworkProps,
  'vpcId' | 'cidrBlock' | 'endpointSecurityGroupId' | 'egress'
> {
  readonly names: Names;
  /** DynamoDB's gateway endpoint; undefined without one. */
  readonly gateway: VpcEndpoint | undefined;
}

export interface SecurityGroups {
  /** Undefined if there is one already. */
  readonly endpoints: SecurityGroup | undefined;
  readonly functions: SecurityGroup;
}

const HTTPS = { protocol: 'tcp', fromPort: 443, toPort: 443 };

/** HTTPS within the network, to DynamoDB and to other given places. Rules are resources of their own, so that groups may name each other. */
export function createSecurityGroups(scope: Construct, config: SecurityGroupsConfig): SecurityGroups {
  const endpoints = config.endpointSecurityGroupId === undefined ? createEndpointGroup(scope, config) : undefined;
  return { endpoints, functions: createFunctionGroup(scope, config) };
}

function createEndpointGroup(scope: Construct, { names, vpcId, cidrBlock }: SecurityGroupsConfig): SecurityGroup {
  const group = createGroup(
    scope,
    'endpoint_security_group',
    vpcId,
    names.endpointSecurityGroup,
    'Interface endpoints of AWS services',
  );
  allowHttps(scope, 'endpoint_ingress', group, {
    type: 'ingress',
    cidrBlocks: [cidrBlock],
    description: 'HTTPS from the VPC',
  });
  allowHttps(scope, 'endpoint_egress', group, {
    type: 'egress',
    cidrBlocks: [cidrBlock],
    description: 'HTTPS to the VPC',
  });
  return group;
}

function createFunctionGroup(
  scope: Construct,
  { names, vpcId, cidrBlock, gateway, egress: { cidrBlocks = [], prefixListIds = [] } = {} }: SecurityGroupsConfig,
): SecurityGroup {
  const group = createGroup(
    scope,
    'function_security_group',
    vpcId,
    names.functionSecurityGroup,
    'Functions of the payment pipeline',
  );
  allowHttps(scope, 'function_egress', group, {
    type: 'egress',
    cidrBlocks: [cidrBlock],
    description: 'HTTPS to the VPC, its endpoints included',
  });
  // A gateway endpoint is reached at the service's public addresses, which are outside the VPC's range.
  if (gateway !== undefined)
    allowHttps(scope, 'function_egress_dynamodb', group, {
      type: 'egress',
      prefixListIds: [gateway.prefixListId],
      description: 'HTTPS to DynamoDB through its gateway endpoint',
    });
  const description = 'HTTPS to a place outside the range of the network';
  if (cidrBlocks.length > 0)
    allowHttps(scope, 'function_egress_ranges', group, { type: 'egress', cidrBlocks: [...cidrBlocks], description });
  if (prefixListIds.length > 0)
    allowHttps(scope, 'function_egress_lists', group, {
      type: 'egress',
      prefixListIds: [...prefixListIds],
      description,
    });
  return group;
}

export function createGroup(
  scope: Construct,
  id: string,
  vpcId: string,
  name: string,
  description: string,
): SecurityGroup {
  return new SecurityGroup(scope, id, { name, description, vpcId, tags: { Name: name } });
}

type Peer = Pick<
  SecurityGroupRuleConfig,
  'type' | 'cidrBlocks' | 'prefixListIds' | 'sourceSecurityGroupId' | 'description'
>;

export function allowHttps(scope: Construct, id: string, group: SecurityGroup, peer: Peer): SecurityGroupRule {
  return new SecurityGroupRule(scope, id, { ...HTTPS, securityGroupId: group.id, ...peer });
}

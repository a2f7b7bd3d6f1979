import { SecurityGroup } from '@cdktf/provider-aws/lib/security-group';
import { SecurityGroupRule, type SecurityGroupRuleConfig } from '@cdktf/provider-aws/lib/security-group-rule';
import type { Vpc } from '@cdktf/provider-aws/lib/vpc';
import type { VpcEndpoint } from '@cdktf/provider-aws/lib/vpc-endpoint';
import type { Construct } from 'constructs';
import type { Names } from '../resource-names';

export interface SecurityGroupsConfig {
  readonly names: Names;
  readonly vpc: Vpc;
  readonly cidrBlock: string;
  readonly dynamodbEndpoint: VpcEndpoint;
}

export interface SecurityGroups {
  readonly endpoints: SecurityGroup;
  readonly functions: SecurityGroup;
}

const HTTPS = { protocol: 'tcp', fromPort: 443, toPort: 443 };

/** HTTPS within the VPC and to DynamoDB, and nothing else. Rules are resources of their own, so that groups may name each other. */
export function createSecurityGroups(
  scope: Construct,
  { names, vpc, cidrBlock, dynamodbEndpoint }: SecurityGroupsConfig,
): SecurityGroups {
  const endpoints = createGroup(
    scope,
    'endpoint_security_group',
    vpc,
    names.endpointSecurityGroup,
    'Interface endpoints of AWS services',
  );
  allowHttps(scope, 'endpoint_ingress', endpoints, {
    type: 'ingress',
    cidrBlocks: [cidrBlock],
    description: 'HTTPS from the VPC',
  });
  allowHttps(scope, 'endpoint_egress', endpoints, {
    type: 'egress',
    cidrBlocks: [cidrBlock],
    description: 'HTTPS to the VPC',
  });

  const functions = createGroup(
    scope,
    'function_security_group',
    vpc,
    names.functionSecurityGroup,
    'Functions of the payment pipeline',
  );
  allowHttps(scope, 'function_egress', functions, {
    type: 'egress',
    cidrBlocks: [cidrBlock],
    description: 'HTTPS to the VPC, its endpoints included',
  });
  // A gateway endpoint is reached at the service's public addresses, which are outside the VPC's range.
  allowHttps(scope, 'function_egress_dynamodb', functions, {
    type: 'egress',
    prefixListIds: [dynamodbEndpoint.prefixListId],
    description: 'HTTPS to DynamoDB through its gateway endpoint',
  });

  return { endpoints, functions };
}

export function createGroup(scope: Construct, id: string, vpc: Vpc, name: string, description: string): SecurityGroup {
  return new SecurityGroup(scope, id, { name, description, vpcId: vpc.id, tags: { Name: name } });
}

type Peer = Pick<
  SecurityGroupRuleConfig,
  'type' | 'cidrBlocks' | 'prefixListIds' | 'sourceSecurityGroupId' | 'description'
>;

export function allowHttps(scope: Construct, id: string, group: SecurityGroup, peer: Peer): SecurityGroupRule {
  return new SecurityGroupRule(scope, id, { ...HTTPS, securityGroupId: group.id, ...peer });
}

import type { RouteTable } from '@cdktf/provider-aws/lib/route-table';
import type { SecurityGroup } from '@cdktf/provider-aws/lib/security-group';
import type { Subnet } from '@cdktf/provider-aws/lib/subnet';
import type { Vpc } from '@cdktf/provider-aws/lib/vpc';
import { VpcEndpoint } from '@cdktf/provider-aws/lib/vpc-endpoint';
import type { Construct } from 'constructs';
import { awsEnvironmentOf } from '../aws-environment';
import type { Names } from '../resource-names';

/** AWS services that are reached at an address within the VPC, as the last part of their endpoint's name. */
export type InterfaceService = 'sqs' | 'lambda' | 'logs' | 'sns' | 'secretsmanager';

export interface InterfaceEndpointConfig {
  readonly names: Names;
  readonly network: {
    readonly vpc: Vpc;
    readonly subnets: readonly Subnet[];
    readonly endpointSecurityGroup: SecurityGroup;
    readonly functionSecurityGroup: SecurityGroup;
  };
}

export function createInterfaceEndpoint(
  scope: Construct,
  service: InterfaceService,
  { names, network }: InterfaceEndpointConfig,
): VpcEndpoint {
  return new VpcEndpoint(scope, `${service}_endpoint`, {
    vpcId: network.vpc.id,
    vpcEndpointType: 'Interface',
    serviceName: serviceName(scope, service),
    // The service's usual name leads here, so that no client has to know.
    privateDnsEnabled: true,
    subnetIds: network.subnets.map(({ id }) => id),
    securityGroupIds: [network.endpointSecurityGroup.id],
    tags: { Name: names.endpoint(service) },
  });
}

export interface GatewayEndpointConfig {
  readonly names: Names;
  readonly vpc: Vpc;
  readonly routeTable: RouteTable;
}

export function createGatewayEndpoint(
  scope: Construct,
  service: 'dynamodb',
  { names, vpc, routeTable }: GatewayEndpointConfig,
): VpcEndpoint {
  return new VpcEndpoint(scope, `${service}_endpoint`, {
    vpcId: vpc.id,
    vpcEndpointType: 'Gateway',
    serviceName: serviceName(scope, service),
    routeTableIds: [routeTable.id],
    tags: { Name: names.endpoint(service) },
  });
}

/** Services whose endpoints in China have a name of another form, which `aws ec2 describe-vpc-endpoint-services` lists there. */
const NAMED_OTHERWISE_IN_CHINA = ['sqs', 'lambda'];

function serviceName(scope: Construct, service: InterfaceService | 'dynamodb'): string {
  const deployment = awsEnvironmentOf(scope);
  const usual = 'com.amazonaws';
  const prefix = NAMED_OTHERWISE_IN_CHINA.includes(service) ? deployment.inChina(`cn.${usual}`, usual) : usual;
  return `${prefix}.${deployment.region}.${service}`;
}

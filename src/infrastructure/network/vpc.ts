import { DefaultSecurityGroup } from '@cdktf/provider-aws/lib/default-security-group';
import { RouteTable } from '@cdktf/provider-aws/lib/route-table';
import { RouteTableAssociation } from '@cdktf/provider-aws/lib/route-table-association';
import { Subnet } from '@cdktf/provider-aws/lib/subnet';
import { Vpc } from '@cdktf/provider-aws/lib/vpc';
import { Fn } from 'cdktf';
import type { Construct } from 'constructs';
import { availabilityZones, ZONES } from '../aws-environment';
import type { Names } from '../resource-names';
import { subnetRange } from './subnet-range';

/** The VPC that a pipeline makes for itself. */
export interface OwnVpc {
  /** Has no internet gateway. */
  readonly vpc: Vpc;
  /** One in each of three availability zones. */
  readonly subnets: readonly Subnet[];
  /** The one route table: local routes, and the route to DynamoDB. */
  readonly routeTable: RouteTable;
}

export interface OwnVpcConfig {
  readonly names: Names;
  readonly cidrBlock: string;
}

/** A VPC without access to the internet, with three private subnets. */
export function createVpc(scope: Construct, { names, cidrBlock }: OwnVpcConfig): OwnVpc {
  const vpc = new Vpc(scope, 'vpc', {
    cidrBlock,
    enableDnsHostnames: true,
    enableDnsSupport: true,
    tags: { Name: names.vpc },
  });
  // The default group that AWS creates would allow all traffic within the VPC. Nothing uses it, so it allows nothing.
  new DefaultSecurityGroup(scope, 'default_security_group', {
    vpcId: vpc.id,
    tags: { Name: names.defaultSecurityGroup },
  });
  const routeTable = new RouteTable(scope, 'route_table', { vpcId: vpc.id, tags: { Name: names.routeTable } });

  const zones = availabilityZones(scope);
  const subnets = Array.from({ length: ZONES }, (_, index) => {
    const subnet = new Subnet(scope, `private_subnet_${index + 1}`, {
      vpcId: vpc.id,
      cidrBlock: subnetRange(cidrBlock, index + 1),
      availabilityZone: Fn.element(zones.names, index) as string,
      mapPublicIpOnLaunch: false,
      tags: { Name: names.subnet(String(index + 1)) },
    });
    new RouteTableAssociation(scope, `private_subnet_${index + 1}_routes`, {
      subnetId: subnet.id,
      routeTableId: routeTable.id,
    });
    return subnet;
  });
  return { vpc, subnets, routeTable };
}

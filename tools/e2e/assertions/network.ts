import {
  DescribeFlowLogsCommand,
  DescribeRouteTablesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVpcAttributeCommand,
  DescribeVpcEndpointsCommand,
  DescribeVpcsCommand,
  type IpPermission,
  type SecurityGroup,
  type Tag,
} from '@aws-sdk/client-ec2';
import { type Deployed, only } from './assertion';
import { orGap, type Reader, recorded, textOf } from './reader';

/** The tags of the resource itself, without those that the provider adds. */
function ownTags(tags: readonly Tag[] | undefined): Record<string, string | undefined> {
  return Object.fromEntries((tags ?? []).filter(({ Key }) => Key === 'Name').map(({ Value }) => ['Name', Value]));
}

export async function securityGroup({ aws }: Deployed, id: string): Promise<SecurityGroup> {
  const { SecurityGroups } = await aws.ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: [id] }));
  return only(SecurityGroups, `security group ${id}`);
}

export async function routeTable({ aws }: Deployed, id: string) {
  const { RouteTables } = await aws.ec2.send(new DescribeRouteTablesCommand({ RouteTableIds: [id] }));
  return only(RouteTables, `route table ${id}`);
}

/** Splits rules by peer: a rule of AWS has many peers, a rule of Terraform has one. */
export function peersOf(rules: readonly IpPermission[] = []) {
  return rules.flatMap((rule) => {
    const way = { protocol: rule.IpProtocol, from: rule.FromPort, to: rule.ToPort };
    const { IpRanges = [], Ipv6Ranges = [], PrefixListIds = [], UserIdGroupPairs = [] } = rule;
    const peers = [
      ...IpRanges.map(({ CidrIp, Description }) => ({
        range: CidrIp,
        prefixList: undefined,
        description: Description,
      })),
      ...PrefixListIds.map((list) => ({
        range: undefined,
        prefixList: list.PrefixListId,
        description: list.Description,
      })),
      ...[...Ipv6Ranges, ...UserIdGroupPairs].map(() => ({
        range: undefined,
        prefixList: undefined,
        description: undefined,
      })),
    ];
    return peers.map((peer) => ({ ...way, ...peer }));
  });
}

const group: Reader = async (asked, deployed) => {
  const found = await securityGroup(deployed, recorded(asked));
  return { name: found.GroupName, description: found.Description, vpc_id: found.VpcId, tags: ownTags(found.Tags) };
};

/** Readers of EC2. */
export const network: Readonly<Record<string, Reader>> = {
  aws_vpc: async (asked, { aws }) => {
    const VpcId = recorded(asked);
    const vpc = only((await aws.ec2.send(new DescribeVpcsCommand({ VpcIds: [VpcId] }))).Vpcs, 'VPC');
    const attribute = (Attribute: 'enableDnsHostnames' | 'enableDnsSupport') =>
      aws.ec2.send(new DescribeVpcAttributeCommand({ VpcId, Attribute }));
    return {
      cidr_block: vpc.CidrBlock,
      enable_dns_hostnames: (await attribute('enableDnsHostnames')).EnableDnsHostnames?.Value,
      enable_dns_support: (await attribute('enableDnsSupport')).EnableDnsSupport?.Value,
      tags: ownTags(vpc.Tags),
    };
  },

  aws_subnet: async (asked, { aws }) => {
    const { Subnets } = await aws.ec2.send(new DescribeSubnetsCommand({ SubnetIds: [recorded(asked)] }));
    const subnet = only(Subnets, 'subnet');
    return {
      vpc_id: subnet.VpcId,
      cidr_block: subnet.CidrBlock,
      availability_zone: subnet.AvailabilityZone,
      map_public_ip_on_launch: subnet.MapPublicIpOnLaunch,
      tags: ownTags(subnet.Tags),
    };
  },

  aws_route_table: async (asked, deployed) => {
    const { VpcId, Tags } = await routeTable(deployed, recorded(asked));
    return { vpc_id: VpcId, tags: ownTags(Tags) };
  },

  aws_route_table_association: async (asked, deployed) => {
    const { RouteTableId, Associations = [] } = await routeTable(deployed, textOf(asked, 'route_table_id'));
    const found = Associations.find(({ RouteTableAssociationId }) => RouteTableAssociationId === recorded(asked));
    return { route_table_id: RouteTableId, subnet_id: found?.SubnetId };
  },

  aws_vpc_endpoint: async (asked, { aws }) => {
    const { VpcEndpoints } = await aws.ec2.send(new DescribeVpcEndpointsCommand({ VpcEndpointIds: [recorded(asked)] }));
    const endpoint = only(VpcEndpoints, 'endpoint');
    return {
      vpc_id: endpoint.VpcId,
      service_name: endpoint.ServiceName,
      vpc_endpoint_type: endpoint.VpcEndpointType,
      policy: endpoint.PolicyDocument,
      private_dns_enabled: endpoint.PrivateDnsEnabled,
      subnet_ids: endpoint.SubnetIds,
      route_table_ids: endpoint.RouteTableIds,
      security_group_ids: endpoint.Groups?.map(({ GroupId }) => GroupId),
      tags: ownTags(endpoint.Tags),
    };
  },

  aws_security_group: group,
  aws_default_security_group: group,

  aws_security_group_rule: async (asked, deployed) => {
    const found = await securityGroup(deployed, textOf(asked, 'security_group_id'));
    const type = textOf(asked, 'type');
    const isRange = asked.arguments.cidr_blocks !== undefined;
    const peers = peersOf(type === 'ingress' ? found.IpPermissions : found.IpPermissionsEgress);
    const peer = peers.find(({ range, prefixList }) => (isRange ? range : prefixList) !== undefined);
    return {
      security_group_id: found.GroupId,
      type,
      protocol: peer?.protocol,
      from_port: peer?.from,
      to_port: peer?.to,
      cidr_blocks: peer?.range,
      prefix_list_ids: peer?.prefixList,
      description: orGap(peer?.description, 'moto keeps no description of a prefix list'),
    };
  },

  aws_flow_log: async (asked, { aws }) => {
    const { FlowLogs } = await aws.ec2.send(new DescribeFlowLogsCommand({ FlowLogIds: [recorded(asked)] }));
    const log = only(FlowLogs, 'flow log');
    return {
      vpc_id: log.ResourceId,
      traffic_type: log.TrafficType,
      max_aggregation_interval: log.MaxAggregationInterval,
      log_destination_type: log.LogDestinationType,
      log_destination: log.LogDestination,
      iam_role_arn: log.DeliverLogsPermissionArn,
      tags: ownTags(log.Tags),
    };
  },
};

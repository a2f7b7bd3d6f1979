import assert from 'node:assert/strict';
import {
  DescribeFlowLogsCommand,
  DescribeInternetGatewaysCommand,
  DescribeNatGatewaysCommand,
  DescribeRouteTablesCommand,
  DescribeVpcAttributeCommand,
  type FlowLog,
  type IpPermission,
} from '@aws-sdk/client-ec2';
import { only, type Assertion, type Deployed, unlessMissing } from './assertion';
import { bucketArn } from './audit-bucket';
import { FLOW_LOG_GROUP } from './names';
import {
  CIDR,
  defaultSecurityGroup,
  endpoint,
  endpoints,
  endpointSecurityGroup,
  functionSecurityGroup,
  inVpc,
  subnets,
  vpc,
} from './network-lookups';
import { roleArn } from './roles';

const INTERFACES = ['sqs', 'lambda', 'logs', 'sns'] as const;
const GATEWAY = 'dynamodb';

export async function routeTable(deployed: Deployed) {
  const { RouteTables = [] } = await deployed.aws.ec2.send(new DescribeRouteTablesCommand(await inVpc(deployed)));
  const isMain = ({ Associations = [] }: (typeof RouteTables)[number]) =>
    Associations.some(({ Main }) => Main === true);
  return only(
    RouteTables.filter((table) => !isMain(table)),
    "route table besides the VPC's own",
  );
}

export async function flowLog(deployed: Deployed, destination: 's3' | 'cloud-watch-logs'): Promise<FlowLog> {
  const { FlowLogs = [] } = await deployed.aws.ec2.send(new DescribeFlowLogsCommand({}));
  return only(
    FlowLogs.filter(({ LogDestinationType }) => LogDestinationType === destination),
    `flow log to ${destination}`,
  );
}

/** A rule as short as it is thought of. */
function rules(permissions: readonly IpPermission[] | undefined): string[] {
  return (permissions ?? []).flatMap(
    ({ IpProtocol, FromPort, ToPort, IpRanges = [], PrefixListIds = [], UserIdGroupPairs = [], Ipv6Ranges = [] }) =>
      [
        ...IpRanges.map(({ CidrIp }) => CidrIp),
        ...PrefixListIds.map(({ PrefixListId }) => PrefixListId),
        ...UserIdGroupPairs.map(({ GroupId }) => GroupId),
        ...Ipv6Ranges.map(({ CidrIpv6 }) => CidrIpv6),
      ].map((peer) => `${String(IpProtocol)} ${String(FromPort)}-${String(ToPort)} ${String(peer)}`),
  );
}

const flowLogAssertions = (['s3', 'cloud-watch-logs'] as const).map((destination): Assertion => ({
  type: 'aws_flow_log',
  what: `all traffic of the VPC goes to ${destination}, gathered for a minute`,
  check: async (deployed) => {
    const { ResourceId, TrafficType, MaxAggregationInterval, FlowLogStatus, LogDestination, LogGroupName } =
      await flowLog(deployed, destination);
    assert.deepEqual(
      [ResourceId, TrafficType, MaxAggregationInterval, FlowLogStatus],
      [(await vpc(deployed)).VpcId, 'ALL', 60, 'ACTIVE'],
    );
    if (destination === 's3') assert.equal(LogDestination, bucketArn(deployed));
    else
      assert.ok(
        [LogDestination, LogGroupName].some((at) => at?.endsWith(FLOW_LOG_GROUP)),
        `goes to ${String(LogDestination)}`,
      );
  },
}));

const interfaceAssertions = INTERFACES.map((service): Assertion => ({
  type: 'aws_vpc_endpoint',
  what: `${service} is reached by an interface in each subnet, by its usual name`,
  check: async (deployed) => {
    const { VpcEndpointType, PrivateDnsEnabled, SubnetIds, Groups } = await endpoint(deployed, service);
    assert.deepEqual([VpcEndpointType, PrivateDnsEnabled], ['Interface', true]);
    assert.deepEqual(new Set(SubnetIds), new Set((await subnets(deployed)).map(({ SubnetId }) => SubnetId)));
    assert.deepEqual(
      Groups?.map(({ GroupId }) => GroupId),
      [(await endpointSecurityGroup(deployed)).GroupId],
    );
  },
}));

export const networkAssertions: readonly Assertion[] = [
  {
    type: 'aws_vpc',
    what: `spans ${CIDR}, resolves names and gives them`,
    check: async (deployed) => {
      const { VpcId, State } = await vpc(deployed);
      assert.equal(State, 'available');
      const names = await deployed.aws.ec2.send(
        new DescribeVpcAttributeCommand({ VpcId, Attribute: 'enableDnsHostnames' }),
      );
      const support = await deployed.aws.ec2.send(
        new DescribeVpcAttributeCommand({ VpcId, Attribute: 'enableDnsSupport' }),
      );
      assert.deepEqual([names.EnableDnsHostnames?.Value, support.EnableDnsSupport?.Value], [true, true]);
    },
  },
  {
    type: 'aws_vpc',
    what: 'has no way to the internet: neither gateway nor NAT',
    check: async (deployed) => {
      const { VpcId } = await vpc(deployed);
      const Filters = [{ Name: 'attachment.vpc-id', Values: [VpcId!] }];
      const { InternetGateways } = await deployed.aws.ec2.send(new DescribeInternetGatewaysCommand({ Filters }));
      const { NatGateways } = await deployed.aws.ec2.send(
        new DescribeNatGatewaysCommand({ Filter: (await inVpc(deployed)).Filters }),
      );
      assert.deepEqual([InternetGateways ?? [], NatGateways ?? []], [[], []]);
    },
  },
  {
    type: 'aws_subnet',
    what: 'three, each in a zone of its own, without public addresses',
    check: async (deployed) => {
      const found = await subnets(deployed);
      assert.deepEqual(
        found.map(({ CidrBlock }) => CidrBlock),
        ['10.0.1.0/24', '10.0.2.0/24', '10.0.3.0/24'],
      );
      assert.equal(new Set(found.map(({ AvailabilityZone }) => AvailabilityZone)).size, 3);
      assert.ok(found.every(({ MapPublicIpOnLaunch }) => MapPublicIpOnLaunch === false));
    },
  },
  {
    type: 'aws_route_table',
    what: 'leads to the VPC and the gateway endpoint, and nowhere else',
    check: async (deployed) => {
      const { Routes = [] } = await routeTable(deployed);
      const { VpcEndpointId } = await endpoint(deployed, GATEWAY);
      const ways = Routes.map(({ DestinationCidrBlock, GatewayId }) => [DestinationCidrBlock, GatewayId]);
      assert.deepEqual(
        ways.filter(([, gateway]) => gateway !== VpcEndpointId),
        [[CIDR, 'local']],
      );
    },
  },
  {
    type: 'aws_route_table_association',
    what: 'each subnet has that route table',
    check: async (deployed) => {
      const { Associations = [] } = await routeTable(deployed);
      const ids = (await subnets(deployed)).map(({ SubnetId }) => SubnetId);
      assert.deepEqual(new Set(Associations.map(({ SubnetId }) => SubnetId)), new Set(ids));
    },
  },
  ...interfaceAssertions,
  {
    type: 'aws_vpc_endpoint',
    what: 'DynamoDB is reached through a gateway in the route table',
    check: async (deployed) => {
      const { VpcEndpointType, RouteTableIds } = await endpoint(deployed, GATEWAY);
      assert.deepEqual([VpcEndpointType, RouteTableIds], ['Gateway', [(await routeTable(deployed)).RouteTableId]]);
    },
  },
  {
    type: 'aws_vpc_endpoint',
    what: 'there is no other',
    check: async (deployed) => {
      const services = (await endpoints(deployed)).map(({ ServiceName }) => ServiceName?.split('.').at(-1));
      assert.deepEqual(services.sort(), [...INTERFACES, GATEWAY].sort());
    },
  },
  {
    type: 'aws_security_group',
    what: 'of the functions: nothing comes in',
    check: async (deployed) => {
      assert.deepEqual(rules((await functionSecurityGroup(deployed)).IpPermissions), []);
    },
  },
  {
    type: 'aws_security_group_rule',
    what: 'of the functions: HTTPS out to the VPC and to DynamoDB',
    check: async (deployed) => {
      const out = rules((await functionSecurityGroup(deployed)).IpPermissionsEgress);
      assert.equal(out.filter((rule) => rule === `tcp 443-443 ${CIDR}`).length, 1);
      const others = out.filter((rule) => rule !== `tcp 443-443 ${CIDR}`);
      assert.match(unlessMissing(others[0], "moto's rules lose their prefix list"), /^tcp 443-443 pl-/);
      assert.equal(others.length, 1);
    },
  },
  {
    type: 'aws_security_group',
    what: 'of the endpoints: of this VPC, and described',
    check: async (deployed) => {
      const { Description } = await endpointSecurityGroup(deployed);
      assert.equal(Description, 'Interface endpoints of AWS services');
    },
  },
  {
    type: 'aws_security_group_rule',
    what: 'of the endpoints: HTTPS from the VPC and to it',
    check: async (deployed) => {
      const { IpPermissions, IpPermissionsEgress } = await endpointSecurityGroup(deployed);
      assert.deepEqual(
        [rules(IpPermissions), rules(IpPermissionsEgress)],
        [[`tcp 443-443 ${CIDR}`], [`tcp 443-443 ${CIDR}`]],
      );
    },
  },
  {
    type: 'aws_default_security_group',
    what: 'lets nothing in or out',
    check: async (deployed) => {
      const { IpPermissions, IpPermissionsEgress } = await defaultSecurityGroup(deployed);
      assert.deepEqual([rules(IpPermissions), rules(IpPermissionsEgress)], [[], []]);
    },
  },
  ...flowLogAssertions,
  {
    type: 'aws_flow_log',
    what: 'is written to the log group with its own role',
    check: async (deployed) => {
      assert.equal(
        (await flowLog(deployed, 'cloud-watch-logs')).DeliverLogsPermissionArn,
        await roleArn(deployed, 'vpc-flow-logs'),
      );
    },
  },
];

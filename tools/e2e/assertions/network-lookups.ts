import {
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVpcEndpointsCommand,
  DescribeVpcsCommand,
  type SecurityGroup,
  type Subnet,
  type Vpc,
  type VpcEndpoint,
} from '@aws-sdk/client-ec2';
import { only, type Deployed } from './assertion';

export const CIDR = '10.0.0.0/16';

/** The pipeline's; the account has a default one besides. */
export async function vpc({ aws }: Deployed): Promise<Vpc> {
  const { Vpcs } = await aws.ec2.send(new DescribeVpcsCommand({ Filters: [{ Name: 'cidr', Values: [CIDR] }] }));
  return only(Vpcs, `VPC ${CIDR}`);
}

/** What to ask for, so that only what stands in the pipeline's VPC is answered. */
export async function inVpc(deployed: Deployed) {
  return { Filters: [{ Name: 'vpc-id', Values: [(await vpc(deployed)).VpcId!] }] };
}

/** By their ranges. */
export async function subnets(deployed: Deployed): Promise<Subnet[]> {
  const { Subnets = [] } = await deployed.aws.ec2.send(new DescribeSubnetsCommand(await inVpc(deployed)));
  return Subnets.sort((a, b) => a.CidrBlock!.localeCompare(b.CidrBlock!));
}

async function securityGroup(deployed: Deployed, name: string): Promise<SecurityGroup> {
  const { SecurityGroups = [] } = await deployed.aws.ec2.send(new DescribeSecurityGroupsCommand(await inVpc(deployed)));
  return only(
    SecurityGroups.filter(({ GroupName }) => GroupName === name),
    `security group ${name}`,
  );
}

export const functionSecurityGroup = (deployed: Deployed) => securityGroup(deployed, 'lambda-functions-dev');
export const endpointSecurityGroup = (deployed: Deployed) => securityGroup(deployed, 'vpc-endpoints-dev');
export const defaultSecurityGroup = (deployed: Deployed) => securityGroup(deployed, 'default');

export async function endpoints(deployed: Deployed): Promise<VpcEndpoint[]> {
  const { VpcEndpoints = [] } = await deployed.aws.ec2.send(new DescribeVpcEndpointsCommand(await inVpc(deployed)));
  return VpcEndpoints;
}

export async function endpoint(deployed: Deployed, service: string): Promise<VpcEndpoint> {
  const name = `com.amazonaws.${deployed.region}.${service}`;
  return only(
    (await endpoints(deployed)).filter(({ ServiceName }) => ServiceName === name),
    `endpoint of ${service}`,
  );
}

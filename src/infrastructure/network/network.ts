import type { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { Route53Record } from '@cdktf/provider-aws/lib/route53-record';
import { SecurityGroupRule } from '@cdktf/provider-aws/lib/security-group-rule';
import { DefaultSecurityGroup } from '@cdktf/provider-aws/lib/default-security-group';
import { RouteTable } from '@cdktf/provider-aws/lib/route-table';
import { RouteTableAssociation } from '@cdktf/provider-aws/lib/route-table-association';
import type { SecurityGroup } from '@cdktf/provider-aws/lib/security-group';
import { Subnet } from '@cdktf/provider-aws/lib/subnet';
import { Vpc } from '@cdktf/provider-aws/lib/vpc';
import { VpcEndpoint } from '@cdktf/provider-aws/lib/vpc-endpoint';
import { dependable, Fn, type TerraformElement, TerraformStack } from 'cdktf';
import { Construct, type IConstruct } from 'constructs';
import { availabilityZones, sameStack, ZONES } from '../aws-environment';
import { dependsOn, referredStacks } from '../stack-dependencies';
import { createGatewayEndpoint, createInterfaceEndpoint, type InterfaceService } from './endpoints';
import { createFlowLogs, type FlowLogs, type FlowLogsConfig } from './flow-logs';
import { createPrivateLink, identityOf, type PrivateService, zonesOf } from './private-link';
import { createSecurityGroups } from './security-groups';
import { subnetRange } from './subnet-range';

/** AWS services that functions and operators of every pipeline reach within the network. */
const SERVICES: readonly InterfaceService[] = ['sqs', 'lambda', 'logs', 'sns'];

/** The types of resources on the way to a service. */
const PATHS = [VpcEndpoint, RouteTableAssociation, SecurityGroupRule, Route53Record];

export interface NetworkConfig extends FlowLogsConfig {
  readonly cidrBlock: string;
}

/** A VPC without access to the internet: three private subnets, and endpoints for the AWS services in use. */
export class Network extends Construct {
  /** Has no internet gateway. */
  readonly vpc: Vpc;
  /** One in each of three availability zones. */
  readonly subnets: readonly Subnet[];
  /** The one route table: local routes, and the route to DynamoDB. */
  readonly routeTable: RouteTable;
  /** Gateway endpoint of DynamoDB. The route table sends DynamoDB's public addresses here. */
  readonly dynamodbEndpoint: VpcEndpoint;
  /** Admits HTTPS from the VPC to the interface endpoints. */
  readonly endpointSecurityGroup: SecurityGroup;
  /** Lets functions call HTTPS within the VPC and DynamoDB, and admits nothing. */
  readonly functionSecurityGroup: SecurityGroup;
  /** Flow logs of the VPC, to CloudWatch Logs and to the audit bucket. */
  readonly flowLogs: FlowLogs;

  private readonly endpoints = new Map<InterfaceService, VpcEndpoint>();
  private readonly privateLinks = new Map<string, { readonly endpoint: VpcEndpoint; readonly zones: string }>();

  constructor(
    scope: Construct,
    id: string,
    private readonly config: NetworkConfig,
  ) {
    super(scope, id);
    const { names, cidrBlock } = config;

    this.vpc = new Vpc(this, 'vpc', {
      cidrBlock,
      enableDnsHostnames: true,
      enableDnsSupport: true,
      tags: { Name: names.vpc },
    });
    // The default group that AWS creates would allow all traffic within the VPC. Nothing uses it, so it allows nothing.
    new DefaultSecurityGroup(this, 'default_security_group', {
      vpcId: this.vpc.id,
      tags: { Name: names.defaultSecurityGroup },
    });
    this.routeTable = new RouteTable(this, 'route_table', { vpcId: this.vpc.id, tags: { Name: names.routeTable } });
    this.subnets = this.createSubnets();

    this.dynamodbEndpoint = createGatewayEndpoint(this, 'dynamodb', {
      names,
      vpc: this.vpc,
      routeTable: this.routeTable,
    });
    const groups = createSecurityGroups(this, {
      names,
      vpc: this.vpc,
      cidrBlock,
      dynamodbEndpoint: this.dynamodbEndpoint,
    });
    this.endpointSecurityGroup = groups.endpoints;
    this.functionSecurityGroup = groups.functions;
    for (const service of SERVICES) this.interfaceEndpoint(service);

    this.flowLogs = createFlowLogs(this, this.vpc, config);
  }

  /** Interface endpoint of an AWS service. Created on first use, because a VPC takes one for each service. */
  interfaceEndpoint(service: InterfaceService): VpcEndpoint {
    return getOrMake(this.endpoints, service, () =>
      createInterfaceEndpoint(this, service, { ...this.config, network: this }),
    );
  }

  /**
   * Interface endpoint of a PrivateLink service. One for each service, because two private zones of one name exclude each other.
   * @param caller the construct whose stack gets the endpoint if the network's stack would have to wait for that stack
   */
  privateLink(service: PrivateService, caller: Construct): VpcEndpoint {
    const purpose = this.privateLinks.size === 0 ? 'fraud-api' : `fraud-api-${this.privateLinks.size + 1}`;
    const { scope, key } = this.placeOf(service, caller);
    return getOrMake(this.privateLinks, key, () => ({
      endpoint: createPrivateLink(scope, purpose, service, { ...this.config, network: this }),
      zones: zonesOf(scope, service),
    })).endpoint;
  }

  /** The zones of the endpoint that the service already has, if they are other zones than the given ones. */
  otherZones(service: PrivateService, caller: Construct): string | undefined {
    const { scope, key } = this.placeOf(service, caller);
    const zones = this.privateLinks.get(key)?.zones;
    return zones === zonesOf(scope, service) ? undefined : zones;
  }

  /**
   * What a function needs to reach the services that it calls: endpoints, their names, routes and rules of security groups.
   * @param caller the construct in which the network may have put an endpoint
   */
  paths(caller: Construct): TerraformElement[] {
    const isPath = (element: IConstruct): element is TerraformElement => PATHS.some((type) => element instanceof type);
    return [...new Set([this, caller].flatMap((construct) => construct.node.findAll().filter(isPath)))];
  }

  /**
   * Has Terraform delete a policy only after Lambda has deleted the network interfaces of the function whose role has it. Lambda deletes
   * them with that role, up to 20 minutes after the function; deleting the functions' security group waits for that. A policy of another
   * stack is deleted with its own.
   */
  keepWhileAttached(policy: IamRolePolicy): void {
    const group = this.functionSecurityGroup;
    const waited = sameStack(group, policy).map(dependable);
    group.dependsOn = [...(group.dependsOn ?? []), ...waited];
  }

  private placeOf(service: PrivateService, caller: Construct): { readonly scope: Construct; readonly key: string } {
    const scope = this.canKnow(service, caller) ? this : caller;
    return { scope, key: `${TerraformStack.of(scope).node.path} ${identityOf(scope, service)}` };
  }

  private canKnow(service: PrivateService, caller: Construct): boolean {
    const stack = TerraformStack.of(this);
    const others = [...referredStacks(caller, service)].filter((other) => other !== stack);
    return others.every((other) => other !== TerraformStack.of(caller) && !dependsOn(other, stack));
  }

  private createSubnets(): Subnet[] {
    const zones = availabilityZones(this);
    return Array.from({ length: ZONES }, (_, index) => {
      const availabilityZone = Fn.element(zones.names, index) as string;
      const subnet = new Subnet(this, `private_subnet_${index + 1}`, {
        vpcId: this.vpc.id,
        cidrBlock: subnetRange(this.config.cidrBlock, index + 1),
        availabilityZone,
        mapPublicIpOnLaunch: false,
        tags: { Name: this.config.names.subnet(String(index + 1)) },
      });
      new RouteTableAssociation(this, `private_subnet_${index + 1}_routes`, {
        subnetId: subnet.id,
        routeTableId: this.routeTable.id,
      });
      return subnet;
    });
  }
}

function getOrMake<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const existing = map.get(key);
  if (existing !== undefined) return existing;
  const made = make();
  map.set(key, made);
  return made;
}

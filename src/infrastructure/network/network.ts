import type { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { Route53Record } from '@cdktf/provider-aws/lib/route53-record';
import { RouteTableAssociation } from '@cdktf/provider-aws/lib/route-table-association';
import type { SecurityGroup } from '@cdktf/provider-aws/lib/security-group';
import { SecurityGroupRule } from '@cdktf/provider-aws/lib/security-group-rule';
import { VpcEndpoint } from '@cdktf/provider-aws/lib/vpc-endpoint';
import { dependable, type TerraformElement, TerraformStack } from 'cdktf';
import { Construct, type IConstruct } from 'constructs';
import { sameStack } from '../aws-environment';
import { dependsOn, referredStacks } from '../stack-dependencies';
import { createGatewayEndpoint, createInterfaceEndpoint } from './endpoints';
import { type EndpointService, ExistingNetwork, type ExistingNetworkProps } from './existing-network';
import { createFlowLogs, type FlowLogs, type FlowLogsConfig } from './flow-logs';
import { createPrivateLink, identityOf, type PrivateService, zonesOf } from './private-link';
import { createSecurityGroups } from './security-groups';
import { createVpc, type OwnVpc } from './vpc';

/** AWS services that functions and operators of every pipeline reach within the network, at addresses of interface endpoints. */
export const SERVICES: readonly EndpointService[] = ['sqs', 'lambda', 'logs', 'sns'];

/** The types of resources on the way to a service. */
const PATHS = [VpcEndpoint, RouteTableAssociation, SecurityGroupRule, Route53Record];

export interface NetworkConfig extends FlowLogsConfig {
  /** The VPC to use; undefined for a new one. */
  readonly existing: ExistingNetworkProps | undefined;
  /** Range of a new VPC. */
  readonly cidrBlock: string;
}

/** Where the functions run: subnets, security groups, and endpoints for the AWS services in use. By default in a VPC without access to the internet. */
export class Network extends Construct {
  /**
   * Returns a VPC that exists, for the prop `network`. The pipeline makes in it what is missing: a security group for the functions, endpoints
   * with theirs, and flow logs. Pipelines of a stack that are given the same values share all of it.
   */
  static existing(props: ExistingNetworkProps): ExistingNetwork {
    return new ExistingNetwork(props);
  }

  /** ID of the VPC. */
  readonly vpcId: string;
  /** IDs of the subnets in which functions and endpoints have addresses. */
  readonly subnetIds: readonly string[];
  /** The VPC, the subnets and the route table that the network made. Undefined in an existing VPC. */
  readonly ownVpc: OwnVpc | undefined;
  /** Endpoint of DynamoDB: a gateway, to which the route tables send DynamoDB's public addresses, or an interface. Undefined if it is left out. */
  readonly dynamodbEndpoint: VpcEndpoint | undefined;
  /** ID of the security group of the interface endpoints. */
  readonly endpointSecurityGroupId: string;
  /** Admits HTTPS from the network's range to the interface endpoints. Undefined if an existing one was given. */
  readonly endpointSecurityGroup: SecurityGroup | undefined;
  /** Lets functions call HTTPS within the network's range, to DynamoDB and where `egress` says, and admits nothing. */
  readonly functionSecurityGroup: SecurityGroup;
  /** Flow logs of the VPC, to CloudWatch Logs and to the audit bucket. Undefined if they are left out. */
  readonly flowLogs: FlowLogs | undefined;

  private readonly place: ExistingNetworkProps;
  private readonly endpoints = new Map<EndpointService, VpcEndpoint>();
  private readonly privateLinks = new Map<string, { readonly endpoint: VpcEndpoint; readonly zones: string }>();

  constructor(
    scope: Construct,
    id: string,
    private readonly config: NetworkConfig,
  ) {
    super(scope, id);
    const { names, existing } = config;

    this.ownVpc = existing === undefined ? createVpc(this, config) : undefined;
    this.place = existing ?? placeIn(this.ownVpc!, config.cidrBlock);
    const { vpcId, subnetIds, routeTableIds } = this.place;
    this.vpcId = vpcId;
    this.subnetIds = subnetIds;

    const gateway =
      routeTableIds === undefined || this.leavesOut('dynamodb')
        ? undefined
        : createGatewayEndpoint(this, 'dynamodb', { names, vpcId, routeTableIds });
    const groups = createSecurityGroups(this, { names, ...this.place, gateway });
    this.endpointSecurityGroup = groups.endpoints;
    this.endpointSecurityGroupId = this.place.endpointSecurityGroupId ?? groups.endpoints!.id;
    this.functionSecurityGroup = groups.functions;
    this.dynamodbEndpoint = gateway ?? this.interfaceEndpoint('dynamodb');
    for (const service of SERVICES) this.interfaceEndpoint(service);

    this.flowLogs = this.place.flowLogs === false ? undefined : createFlowLogs(this, vpcId, config);
  }

  /** Environment variables by which the functions find endpoints that have no private name. The AWS SDK reads them. */
  get functionVariables(): Readonly<Record<string, string>> {
    const dynamodb = this.endpoints.get('dynamodb');
    return dynamodb === undefined ? {} : { AWS_ENDPOINT_URL_DYNAMODB: `https://${dynamodb.dnsEntry.get(0).dnsName}` };
  }

  /** The interface endpoints of AWS services that are made so far. */
  get interfaceEndpoints(): ReadonlyMap<EndpointService, VpcEndpoint> {
    return this.endpoints;
  }

  /**
   * Returns the interface endpoint of an AWS service, or undefined if it is left out. Created on first use, because a VPC takes one
   * for each service.
   */
  interfaceEndpoint(service: EndpointService): VpcEndpoint | undefined {
    if (this.leavesOut(service)) return undefined;
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

  private leavesOut(service: EndpointService): boolean {
    return this.place.endpoints?.[service] === false;
  }
}

/** A new VPC as if it had been given. */
function placeIn({ vpc, subnets, routeTable }: OwnVpc, cidrBlock: string): ExistingNetworkProps {
  return { vpcId: vpc.id, subnetIds: subnets.map(({ id }) => id), routeTableIds: [routeTable.id], cidrBlock };
}

function getOrMake<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const existing = map.get(key);
  if (existing !== undefined) return existing;
  const made = make();
  map.set(key, made);
  return made;
}

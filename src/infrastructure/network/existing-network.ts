import type { Construct } from 'constructs';
import { resolved } from '../token-expression';

/** AWS services that the functions and their operators call, as the last part of their endpoint's name. */
export const ENDPOINT_SERVICES = ['sqs', 'lambda', 'logs', 'sns', 'dynamodb', 'secretsmanager'] as const;

export type EndpointService = (typeof ENDPOINT_SERVICES)[number];

/** A VPC of this AWS account, and what the pipeline makes in it. A token may stand for each text and list. */
export interface ExistingNetworkProps {
  /** ID of the VPC. Endpoints need its attributes `enableDnsSupport` and `enableDnsHostnames`. */
  readonly vpcId: string;
  /** IDs of the subnets that functions and interface endpoints have addresses in, at most one in each availability zone. */
  readonly subnetIds: readonly string[];
  /** IPv4 range that the functions may call, and that the endpoints admit: the VPC's, or the part of it that has all addresses in use. */
  readonly cidrBlock: string;
  /**
   * ID of an existing security group for the interface endpoints. The pipeline leaves its rules alone: they have to admit HTTPS from the subnets.
   * @default a new one that admits HTTPS from `cidrBlock`
   */
  readonly endpointSecurityGroupId?: string;
  /**
   * IDs of the route tables of the subnets. They get the route to DynamoDB's gateway endpoint, which costs nothing.
   * @default none: DynamoDB has an interface endpoint, which costs what the others do, and the functions call it by its own name
   */
  readonly routeTableIds?: readonly string[];
  /**
   * Endpoints to leave out, each as `false`: `sqs`, `lambda`, `logs`, `sns`, `dynamodb` and, if the fraud API has a key, `secretsmanager`.
   * The VPC has them, or leads to the service by a NAT gateway. Name what is outside `cidrBlock` in `egress`.
   * @default every endpoint is made
   */
  readonly endpoints?: Readonly<Partial<Record<EndpointService, boolean>>>;
  /**
   * Where the functions may call HTTPS outside `cidrBlock`.
   * @default nowhere, except DynamoDB's gateway endpoint if it is made
   */
  readonly egress?: NetworkEgress;
  /**
   * Whether all traffic of the VPC is logged, to the audit bucket and to CloudWatch Logs. Set it to `false` if the VPC has flow logs.
   * @default true
   */
  readonly flowLogs?: boolean;
}

/** Destinations outside the range of the network. */
export interface NetworkEgress {
  /** IPv4 ranges, such as `0.0.0.0/0` behind a NAT gateway. @default none */
  readonly cidrBlocks?: readonly string[];
  /** IDs of prefix lists, such as DynamoDB's for a gateway endpoint of the VPC. @default none */
  readonly prefixListIds?: readonly string[];
}

/**
 * A VPC that exists, for the prop `network`. `Network.existing` makes one, and never throws: the pipeline reports its faults together with
 * those of every other prop.
 */
export class ExistingNetwork {
  /** The given values. */
  readonly props: ExistingNetworkProps;

  constructor(props: ExistingNetworkProps) {
    this.props = { ...props }; // of JavaScript, it may be undefined
  }

  /** A text that is equal for equal values, even if only Terraform knows them. */
  identity(scope: Construct): string {
    const sorted = Object.entries(this.props).sort(([one], [other]) => one.localeCompare(other));
    return JSON.stringify(resolved(scope, sorted));
  }
}

import type { Construct } from 'constructs';
import { BOOLEAN, listOf, listWhere, matches, type Rule, vpcIdRule } from '../prop-rules';
import { definedOf, type PropError } from '../prop-table';
import type { Settings } from '../props';
import { ENDPOINT_SERVICES, ExistingNetwork, type ExistingNetworkProps } from './existing-network';
import { endpointConflicts } from './existing-networks';
import { SERVICES } from './network';
import { isRange, isVpcRange } from './subnet-range';

/** The values of `Network.existing`. */
export const EXISTING_NETWORK_PROPS: Readonly<Record<string, { readonly rule: Rule }>> = {
  'network.vpcId': { rule: vpcIdRule },
  'network.subnetIds': { rule: listOf('^subnet-[0-9a-f]+$', 'one or more different IDs of subnets') },
  'network.cidrBlock': {
    rule: {
      allows: (value) => typeof value === 'string' && isVpcRange(value),
      wanted: 'an IPv4 range of /16 to /28 that begins where it says, such as 10.0.0.0/16',
    },
  },
  'network.endpointSecurityGroupId': { rule: matches('^sg-[0-9a-f]+$', 'the ID of a security group') },
  'network.routeTableIds': { rule: listOf('^rtb-[0-9a-f]+$', 'one or more different IDs of route tables') },
  ...Object.fromEntries(ENDPOINT_SERVICES.map((service) => [`network.endpoints.${service}`, { rule: BOOLEAN }])),
  'network.egress.cidrBlocks': {
    rule: listWhere(isRange, 'one or more different IPv4 ranges that begin where they say, such as 0.0.0.0/0'),
  },
  'network.egress.prefixListIds': { rule: listOf('^pl-[0-9a-f]+$', 'one or more different IDs of prefix lists') },
  'network.flowLogs': { rule: BOOLEAN },
};

/** The given values that have a rule, by the name that an error gives them. An optional value is included only when it was given. */
export function existingNetworkValues({ props }: ExistingNetwork): Record<string, unknown> {
  const { vpcId, subnetIds, cidrBlock, endpoints, egress, ...optional } = props;
  return {
    'network.vpcId': vpcId,
    'network.subnetIds': subnetIds,
    'network.cidrBlock': cidrBlock,
    ...prefixed('network.', optional),
    ...prefixed('network.endpoints.', endpoints),
    ...prefixed('network.egress.', egress),
  };
}

/** Errors for values that don't belong together, or that another pipeline of the stack rules out. */
export function existingNetworkErrors(pipeline: Construct, { network, fraudApi }: Settings): PropError[] {
  const isGiven = network instanceof ExistingNetwork;
  const { endpointService, apiKeySecretArn } = (fraudApi as Settings['fraudApi'] | undefined) ?? {};
  const availabilityZones = endpointService?.availabilityZones;
  const zoneErrors =
    availabilityZones !== undefined && (isGiven || (network !== undefined && network.ownVpc === undefined))
      ? [
          {
            prop: 'fraudApi.availabilityZones',
            value: availabilityZones,
            must: 'be left out: the endpoint takes all subnets of an existing network. Give Network.existing only subnets in the zones of the service',
          },
        ]
      : [];
  if (!isGiven) return zoneErrors;
  const { endpoints, egress, routeTableIds } = network.props;
  const services = [
    ...SERVICES,
    'dynamodb' as const,
    ...(apiKeySecretArn === undefined ? [] : (['secretsmanager'] as const)),
  ];
  const made = services.filter((service) => endpoints?.[service] !== false);
  return [
    ...zoneErrors,
    ...(endpoints?.dynamodb === false ? dynamodbErrors(egress, routeTableIds) : []),
    ...endpointConflicts(pipeline, network, made),
  ];
}

/** Errors for values that leave the functions no way to DynamoDB, or have no effect, when its endpoint is left out. */
function dynamodbErrors(
  egress: ExistingNetworkProps['egress'],
  routeTableIds: ExistingNetworkProps['routeTableIds'],
): PropError[] {
  return [
    ...(egress === undefined
      ? [
          {
            prop: 'network.egress',
            value: egress,
            must: "say how the functions reach DynamoDB, as network.endpoints.dynamodb is false: { prefixListIds: [DynamoDB's] } for a gateway endpoint, { cidrBlocks: ['0.0.0.0/0'] } for a NAT gateway",
          },
        ]
      : []),
    ...(routeTableIds === undefined
      ? []
      : [
          {
            prop: 'network.routeTableIds',
            value: routeTableIds,
            must: 'be left out: they are for the endpoint that network.endpoints.dynamodb leaves out',
          },
        ]),
  ];
}

function prefixed(prefix: string, values: object | null = {}): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(definedOf(values ?? {})).map(([name, value]) => [`${prefix}${name}`, value]),
  );
}

import type { ExistingNetworkProps } from '../../../src/index';
import { EQUIPPED_VPC, EXISTING_VPC, PREFIX_LIST, ROUTE_TABLE } from '../../../tools/kit/stacks/existing-vpc';
import { handlerFunctions } from '../../../tools/kit/stacks/handler-functions';
import {
  PRIVATE_SERVICE,
  REGION,
  type Resource,
  type SecurityGroupRule,
  type StackGraph,
  type VpcEndpoint,
} from '../../../tools/kit/stacks/stack-graph';
import { readGraph } from '../../../tools/kit/stacks/stacks';

interface Attached extends Resource {
  readonly vpc_config: { readonly subnet_ids: readonly string[]; readonly security_group_ids: readonly string[] };
}

const EVERYWHERE = '0.0.0.0/0';

/** What only the owner of a VPC makes. */
const OF_THE_VPC = [
  'aws_vpc',
  'aws_subnet',
  'aws_route_table',
  'aws_route_table_association',
  'aws_default_security_group',
];

describe.each<{ network: string; graph: StackGraph; given: ExistingNetworkProps; outside: string[] }>([
  { network: 'that has subnets alone', graph: readGraph('existingNetwork'), given: EXISTING_VPC, outside: [] },
  {
    network: 'whose route tables are given',
    graph: readGraph('routedNetwork'),
    given: EXISTING_VPC,
    outside: ['<aws_vpc_endpoint.payments_network_dynamodb_endpoint.prefix_list_id>'],
  },
  {
    network: 'that has endpoints and a NAT gateway',
    graph: readGraph('equippedNetwork'),
    given: EQUIPPED_VPC,
    outside: [EVERYWHERE, PREFIX_LIST],
  },
])('in a VPC $network', ({ graph, given, outside }) => {
  const leftOut = Object.keys(given.endpoints ?? {});
  const https = (type: SecurityGroupRule['type'], groups: readonly string[] = []) =>
    groups
      .flatMap((security_group_id) =>
        graph.find<SecurityGroupRule>('aws_security_group_rule', { security_group_id, type }),
      )
      .filter(({ from_port, to_port }) => from_port === 443 && to_port === 443);
  const placesOf = (rules: readonly SecurityGroupRule[]) =>
    rules.flatMap(({ cidr_blocks = [], prefix_list_ids = [] }) => [...cidr_blocks, ...prefix_list_ids]);

  describe.each(handlerFunctions(graph))('$function_name', ({ calls, vpc_config, environment: { variables } }) => {
    const services = [...new Set(calls.map(({ operation }) => operation.split(':')[0]!))];
    const egress = placesOf(https('egress', vpc_config.security_group_ids));

    test('runs in the given subnets', () => {
      expect(vpc_config.subnet_ids).toEqual(given.subnetIds);
    });

    test('may call HTTPS within the range and where the props say, and admits nothing', () => {
      expect(egress.sort()).toEqual([given.cidrBlock, ...outside].sort());
      expect(https('ingress', vpc_config.security_group_ids)).toEqual([]);
    });

    test.each(services)('reaches %s', (service) => {
      const [endpoint, ...others] = graph.find<VpcEndpoint>('aws_vpc_endpoint', {
        service_name: `com.amazonaws.${REGION}.${service}`,
      });
      expect(others).toEqual([]);
      // One that is left out is the VPC's: within its range, or outside.
      expect(endpoint === undefined).toBe(leftOut.includes(service));
      if (endpoint === undefined) return;
      if (endpoint.vpc_endpoint_type === 'Gateway') {
        expect(endpoint.route_table_ids).toEqual([ROUTE_TABLE]);
        expect(egress).toContain(`<${endpoint.address}.prefix_list_id>`);
        return;
      }
      // DynamoDB's interface endpoints have no private name:
      // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/privatelink-interface-endpoints.html#privatelink-considerations
      const url = variables[`AWS_ENDPOINT_URL_${service.toUpperCase()}`];
      expect([endpoint.private_dns_enabled, url]).toEqual(
        service === 'dynamodb'
          ? [false, expect.stringMatching(new RegExp(`^https://<${endpoint.address}\\.dns_entry.*\\.dns_name>$`))]
          : [true, undefined],
      );
      expect(endpoint.subnet_ids).toEqual(given.subnetIds);
      if (given.endpointSecurityGroupId !== undefined)
        expect(endpoint.security_group_ids).toEqual([given.endpointSecurityGroupId]);
      else expect(placesOf(https('ingress', endpoint.security_group_ids))).toEqual([given.cidrBlock]);
    });
  });

  test('what is made is in the given VPC, and changes nothing that others made in it', () => {
    const within = ['aws_vpc_endpoint', 'aws_security_group', 'aws_flow_log'].flatMap((type) =>
      graph.find<{ vpc_id: string }>(type).map(({ vpc_id }) => vpc_id),
    );
    expect(within.length).toBeGreaterThan(2);
    expect(new Set(within)).toEqual(new Set([given.vpcId]));
    expect(OF_THE_VPC.flatMap((type) => graph.find(type))).toEqual([]);
    const groups = graph.all('aws_security_group').map(({ id }) => id);
    for (const { security_group_id } of graph.all<SecurityGroupRule>('aws_security_group_rule'))
      expect(groups).toContain(security_group_id);
  });

  test('all traffic is logged, unless the VPC has flow logs', () => {
    const types = graph
      .find<{ log_destination_type: string }>('aws_flow_log')
      .map(({ log_destination_type }) => log_destination_type);
    expect(types.sort()).toEqual(given.flowLogs === false ? [] : ['cloud-watch-logs', 's3']);
  });
});

describe('two pipelines with the same existing network', () => {
  const graph = readGraph('existingNetwork');

  test('share subnets, security group and endpoints', () => {
    const places = graph.all<Attached>('aws_lambda_function').map(({ vpc_config }) => JSON.stringify(vpc_config));
    expect(places).toHaveLength(4);
    expect(new Set(places).size).toBe(1);
    const names = graph.all<{ service_name: string }>('aws_vpc_endpoint').map(({ service_name }) => service_name);
    expect(new Set(names).size).toBe(names.length);
  });

  test('have the host of a private fraud API in the VPC', () => {
    const endpoint = graph.only<VpcEndpoint>('aws_vpc_endpoint', { service_name: PRIVATE_SERVICE });
    expect(endpoint.subnet_ids).toEqual(EXISTING_VPC.subnetIds);
    expect(graph.only<{ vpc: unknown }>('aws_route53_zone', { name: 'fraud.example' }).vpc).toEqual([
      { vpc_id: EXISTING_VPC.vpcId },
    ]);
  });
});

import { IPv4 } from 'ipaddr.js';
import { handlerFunctions } from '../../../tools/kit/stacks/handler-functions';
import { Policy } from '../../../tools/kit/stacks/iam-policy';
import {
  ACCOUNT,
  PRIVATE_SERVICE,
  REGION,
  type Resource,
  type SecurityGroupRule,
  type VpcEndpoint,
} from '../../../tools/kit/stacks/stack-graph';
import { readGraph } from '../../../tools/kit/stacks/stacks';

interface Subnet extends Resource {
  readonly vpc_id: string;
  readonly cidr_block: string;
}

interface Alias {
  readonly name: string;
  readonly zone_id: string;
  readonly alias: { readonly name: string };
}

interface Attached extends Resource {
  readonly role: string;
  readonly vpc_config: { readonly security_group_ids: readonly string[] };
}

const HOST = 'fraud.example';
const linked = readGraph('privateLink');

describe.each([
  ['the deployed stack', readGraph('deployed')],
  ['a stack with PrivateLink and an API key', linked],
])('%s', (_, graph) => {
  const subnetsOf = (ids: readonly string[]) => ids.map((id) => graph.at<Subnet>('aws_subnet', id));
  const rulesOf = (groups: readonly string[]) =>
    groups.flatMap((security_group_id) =>
      graph.find<SecurityGroupRule>('aws_security_group_rule', { security_group_id }),
    );
  const https = (direction: SecurityGroupRule['type'], groups: readonly string[]) =>
    rulesOf(groups).filter(
      (rule) => rule.type === direction && rule.protocol === 'tcp' && rule.from_port === 443 && rule.to_port === 443,
    );
  const unreached = (rules: readonly SecurityGroupRule[], subnets: readonly Subnet[]) =>
    subnets.filter(
      ({ cidr_block }) =>
        !rules.some(({ cidr_blocks = [] }) => cidr_blocks.some((range) => contains(range, cidr_block))),
    );

  describe.each(handlerFunctions(graph))('$handler', ({ calls, vpc_config }) => {
    const subnets = subnetsOf(vpc_config.subnet_ids);
    const egress = https('egress', vpc_config.security_group_ids);
    const services = [...new Set(calls.map(({ operation }) => operation.split(':')[0]!))];

    test.each(services)('reaches each AWS service that it calls: %s', (service) => {
      const endpoint = graph.only<VpcEndpoint>('aws_vpc_endpoint', {
        service_name: `com.amazonaws.${REGION}.${service}`,
      });
      expect(subnets.map(({ vpc_id }) => vpc_id)).toEqual(subnets.map(() => endpoint.vpc_id));
      if (endpoint.vpc_endpoint_type === 'Gateway') throughGateway(endpoint);
      else throughInterface(endpoint);
    });

    function throughInterface({ private_dns_enabled, subnet_ids, security_group_ids, vpc_id }: VpcEndpoint): void {
      expect(private_dns_enabled).toBe(true);
      expect(graph.at('aws_vpc', vpc_id)).toMatchObject({ enable_dns_support: true, enable_dns_hostnames: true });
      expect(subnetsOf(subnet_ids!)).not.toEqual([]);
      expect(unreached(egress, subnetsOf(subnet_ids!))).toEqual([]);
      expect(unreached(https('ingress', security_group_ids!), subnets)).toEqual([]);
    }

    function throughGateway({ address, route_table_ids }: VpcEndpoint): void {
      expect(egress.flatMap(({ prefix_list_ids = [] }) => prefix_list_ids)).toContain(`<${address}.prefix_list_id>`);
      const routes = subnets.map(({ id }) =>
        graph.only<{ route_table_id: string }>('aws_route_table_association', { subnet_id: id }),
      );
      for (const { route_table_id } of routes) expect(route_table_ids).toContain(route_table_id);
    }

    test('accepts no connection, and opens only HTTPS within its network and to gateways', () => {
      const { cidr_block: network } = graph.at<Subnet>('aws_vpc', subnets[0]!.vpc_id);
      expect(rulesOf(vpc_config.security_group_ids)).toEqual(egress);
      const ranges = egress.flatMap(({ cidr_blocks = [] }) => cidr_blocks);
      expect(ranges.filter((range) => !contains(network, range))).toEqual([]);
    });
  });
});

/**
 * The condition keys of a data perimeter for one AWS account: aws:PrincipalAccount
 * (https://docs.aws.amazon.com/whitepapers/latest/building-a-data-perimeter-on-aws/perimeter-implementation.html) and aws:ResourceAccount
 * (https://docs.aws.amazon.com/awsconsolehelpdocs/latest/gsg/trusted-resources.html).
 * A gateway endpoint takes no principal but `*`, limited by a condition (https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html).
 */
describe.each(
  linked
    .all<VpcEndpoint & { policy: string; service_name: string }>('aws_vpc_endpoint')
    .filter(({ service_name }) => service_name !== PRIVATE_SERVICE),
)('the endpoint of $service_name', ({ policy, service_name }) => {
  const name = service_name.split('.').at(-1)!;
  const request = {
    by: 'arn:aws:iam::123456789012:role/operator',
    action: `${name}:Anything`,
    on: '*',
    context: { 'aws:PrincipalAccount': ACCOUNT, 'aws:ResourceAccount': ACCOUNT },
  };
  const readable = () => Policy.of(linked, policy);

  test("lets each principal of the AWS account use the AWS account's resources", () => {
    expect(readable().allows(request)).toBe(true);
  });

  test('lets nobody use credentials or resources of another AWS account, and only read its secrets', () => {
    const others = [{ 'aws:PrincipalAccount': '999999999999' }, { 'aws:ResourceAccount': '999999999999' }];
    expect(readable().alsoAllows(request, ...others.map((context) => ({ context })))).toEqual([]);
    const read = { ...request, action: 'secretsmanager:GetSecretValue' };
    const [asAnother, ofAnother] = others.map((context) => readable().alsoAllows(read, { context }).length);
    expect([asAnother, ofAnother]).toEqual([0, name === 'secretsmanager' ? 1 : 0]);
  });
});

test('the endpoint of a service that is not of AWS has no policy: AWS takes none', () => {
  expect(
    linked.only<{ policy?: string }>('aws_vpc_endpoint', { service_name: PRIVATE_SERVICE }).policy,
  ).toBeUndefined();
});

describe.each([
  ['a pipeline', readGraph('pipeline')],
  ['a pipeline with PrivateLink', linked],
  ['pipelines that share a network', readGraph('sharing')],
  ['pipelines in an existing network', readGraph('existingNetwork')],
])('%s', (_, graph) => {
  test('delivers payments only when all paths of the function are there', () => {
    const types = ['aws_vpc_endpoint', 'aws_route_table_association', 'aws_security_group_rule', 'aws_route53_record'];
    const paths = types.flatMap((type) => graph.find(type).map(({ address }) => address));
    expect(paths.length).toBeGreaterThan(8);
    for (const { depends_on } of graph.all('aws_lambda_event_source_mapping'))
      expect(depends_on).toEqual(expect.arrayContaining(paths));
  });

  /**
   * Lambda deletes a function's network interfaces with the function's role, up to 20 minutes after the function
   * (https://repost.aws/knowledge-center/lambda-eni-find-delete, https://github.com/awslabs/aws-support-tools/pull/174), and the provider waits
   * for that when it deletes their security group (https://github.com/pulumi/pulumi-aws/pull/4392). Terraform destroys what depends first.
   */
  test('deletes the permission to delete network interfaces after the security group that waits for them', () => {
    for (const { role, vpc_config } of graph.all<Attached>('aws_lambda_function')) {
      const policies = graph.all('aws_iam_role_policy', { role: graph.at('aws_iam_role', role).id });
      for (const id of vpc_config.security_group_ids)
        expect(graph.at('aws_security_group', id).depends_on).toEqual(
          expect.arrayContaining(policies.map(({ address }) => address)),
        );
    }
  });
});

test('the host of a private fraud API leads to its endpoint, which lets the functions in', () => {
  const [processor] = handlerFunctions(linked);
  const endpoint = linked.only<VpcEndpoint>('aws_vpc_endpoint', { service_name: PRIVATE_SERVICE });
  const { alias, zone_id } = linked.only<Alias>('aws_route53_record', { name: HOST, type: 'A' });
  const { vpc } = linked.only<{ vpc: { vpc_id: string }[] }>('aws_route53_zone', { name: HOST });
  expect(alias.name).toMatch(new RegExp(`^<${endpoint.address}\\.dns_entry`));
  expect(zone_id).toBe(`<${linked.only('aws_route53_zone').address}.zone_id>`);
  expect(vpc).toEqual([{ vpc_id: endpoint.vpc_id }]);

  const ingress = linked.only<SecurityGroupRule>('aws_security_group_rule', {
    security_group_id: endpoint.security_group_ids![0],
    type: 'ingress',
  });
  expect(ingress).toMatchObject({ protocol: 'tcp', from_port: 443, to_port: 443 });
  expect(processor!.vpc_config.security_group_ids).toContain(ingress.source_security_group_id);
});

function contains(range: string, inner: string): boolean {
  const [network, bits] = IPv4.parseCIDR(range);
  const [address, innerBits] = IPv4.parseCIDR(inner);
  return innerBits >= bits && address.match([network, bits]);
}

import { type TerraformStack, TerraformVariable } from 'cdktf';
import { sharingProps, someProps } from '../../../tools/kit/stacks/pipeline-props';
import { danglingReferences, type StackJson } from '../../../tools/kit/stacks/references';
import { stackWithProviders, synthesize, synthesizeApp } from '../../../tools/kit/stacks/synthesize';
import { PRIVATE_SERVICE } from '../../../tools/kit/stacks/stack-graph';
import { readTemplate } from '../../../tools/kit/stacks/stacks';
import type { Template } from '../../../tools/kit/stacks/template';
import { FraudApi, PaymentPipeline } from '../../../src/index';

const OTHER_SERVICE = 'com.amazonaws.vpce.ap-southeast-1.vpce-svc-0fedcba9876543210';

const linkTo = (url: string, serviceName = PRIVATE_SERVICE) => FraudApi.privateLink({ serviceName, url });

function valuesOf(template: Template, type: string, attribute: string): unknown[] {
  return Object.values(template.json.resource[type] ?? {}).map((resource) => resource[attribute]);
}

function linkedServices(template: Template): unknown[] {
  return valuesOf(template, 'aws_vpc_endpoint', 'service_name').filter(
    (name) => !String(name).includes('${data.aws_region.current.name}'),
  );
}

describe('a fraud API over PrivateLink', () => {
  const template = readTemplate('privateLink');
  const endpoint = 'payments_network_fraud_api_endpoint';
  const group = 'aws_security_group.payments_network_fraud_api_security_group';

  test('has an interface endpoint in every private subnet', () => {
    expect(template.resource('aws_vpc_endpoint', endpoint)).toEqual({
      service_name: PRIVATE_SERVICE,
      vpc_endpoint_type: 'Interface',
      private_dns_enabled: false,
      vpc_id: '${aws_vpc.payments_network_vpc.id}',
      subnet_ids: [1, 2, 3].map((n) => `\${aws_subnet.payments_network_private_subnet_${n}.id}`),
      security_group_ids: [`\${${group}.id}`],
      tags: { Name: 'vpce-fraud-api-dev' },
    });
  });

  test('lets in the functions by HTTPS, and nothing else', () => {
    const rules = Object.values(template.json.resource.aws_security_group_rule ?? {});
    expect(rules.filter((rule) => rule.security_group_id === `\${${group}.id}`)).toEqual([
      {
        type: 'ingress',
        protocol: 'tcp',
        from_port: 443,
        to_port: 443,
        security_group_id: `\${${group}.id}`,
        source_security_group_id: '${aws_security_group.payments_network_function_security_group.id}',
        description: 'HTTPS from the functions',
      },
    ]);
  });

  test("has the URL's host as its name, in this VPC alone", () => {
    expect(template.resource('aws_route53_zone', 'payments_network_fraud_api_zone')).toEqual({
      name: 'fraud.example',
      vpc: [{ vpc_id: '${aws_vpc.payments_network_vpc.id}' }],
    });
    expect(template.resource('aws_route53_record', 'payments_network_fraud_api_record')).toEqual({
      zone_id: '${aws_route53_zone.payments_network_fraud_api_zone.zone_id}',
      name: 'fraud.example',
      type: 'A',
      alias: {
        name: `\${aws_vpc_endpoint.${endpoint}.dns_entry[0].dns_name}`,
        zone_id: `\${aws_vpc_endpoint.${endpoint}.dns_entry[0].hosted_zone_id}`,
        evaluate_target_health: false,
      },
    });
  });
});

describe('a service that lacks a zone of the network', () => {
  const subnet = (n: number) => `aws_subnet.payments_network_private_subnet_${n}`;
  const endpointIn = (availabilityZones: (stack: TerraformStack) => string[]) =>
    synthesize((stack) => {
      const fraudApi = FraudApi.privateLink({
        serviceName: PRIVATE_SERVICE,
        url: 'https://fraud.example/check',
        availabilityZones: availabilityZones(stack),
      });
      new PaymentPipeline(stack, 'payments', someProps({ fraudApi }));
    }).resource('aws_vpc_endpoint', 'payments_network_fraud_api_endpoint');
  const zones = [1, 2, 3].map((n) => `${subnet(n)}.availability_zone`).join(', ');

  test.each([
    ['named zones', () => ['ap-southeast-1a', 'ap-southeast-1c'], '["ap-southeast-1a", "ap-southeast-1c"]'],
    [
      'a list that only Terraform knows',
      (stack: TerraformStack) => new TerraformVariable(stack, 'zones', { type: 'list(string)' }).listValue as string[],
      'var.zones',
    ],
  ])('takes the subnets in %s, and Terraform refuses a zone without a subnet', (_, given, list) => {
    const { subnet_ids, lifecycle } = endpointIn(given);
    const ids = [1, 2, 3].map((n) => `contains(${list}, ${subnet(n)}.availability_zone) ? ${subnet(n)}.id : ""`);
    expect(subnet_ids).toBe(`\${compact([${ids.join(', ')}])}`);
    expect(lifecycle).toEqual({
      precondition: [
        {
          condition: `\${(length(setsubtract(${list}, [${zones}])) < 1)}`,
          error_message: expect.stringContaining(`\${join(", ", setsubtract(${list}, [${zones}]))}`),
        },
      ],
    });
  });

  test('shares its endpoint with another pipeline in the network only for the same zones', () => {
    const pipelines = (first: string[] | undefined, second: string[] | undefined) =>
      synthesize((stack) => {
        const link = (availabilityZones: string[] | undefined) =>
          FraudApi.privateLink({
            serviceName: PRIVATE_SERVICE,
            url: 'https://fraud.example/check',
            ...(availabilityZones && { availabilityZones }),
          });
        const payments = new PaymentPipeline(stack, 'payments', someProps({ fraudApi: link(first) }));
        new PaymentPipeline(stack, 'payouts', { ...sharingProps(payments), fraudApi: link(second) });
      });
    const zone = (letter: string) => `ap-southeast-1${letter}`;
    expect(linkedServices(pipelines([zone('a'), zone('b')], [zone('b'), zone('a')]))).toEqual([PRIVATE_SERVICE]);
    expect(() => pipelines([zone('a')], undefined)).toThrow(
      'fraudApi.availabilityZones is undefined, but must be those of the endpoint that the shared network has for the service: ap-southeast-1a',
    );
    expect(() => pipelines(undefined, [zone('a')])).toThrow('for the service: all zones of the network');
  });
});

describe('a URL that only Terraform knows', () => {
  const template = synthesize((stack) => {
    const variable = new TerraformVariable(stack, 'url', {});
    const payments = new PaymentPipeline(stack, 'payments', someProps({ fraudApi: linkTo(variable.stringValue) }));
    new PaymentPipeline(stack, 'payouts', { ...sharingProps(payments), fraudApi: linkTo(variable.stringValue) });
  });

  test('has its host found by Terraform', () => {
    const [name, ...others] = new Set(valuesOf(template, 'aws_route53_zone', 'name'));
    const [, pattern] = /^\$\{element\(regex\("(.*)", var\.url\), 0\)\}$/.exec(String(name))!;
    const hosts = ['https://fraud.example/check', 'https://fraud.example:443', 'https://fraud.example?v=1'].map(
      (url) => new RegExp(pattern!).exec(url)?.[1],
    );
    expect(hosts).toEqual(['fraud.example', 'fraud.example', 'fraud.example']);
    expect(others).toEqual([]);
  });

  test('is one API for two pipelines: two zones of one name exclude each other', () => {
    expect(linkedServices(template)).toEqual([PRIVATE_SERVICE]);
    expect(valuesOf(template, 'aws_route53_zone', 'name')).toHaveLength(1);
  });
});

describe('three pipelines in one network, two of which call one API', () => {
  const template = synthesize((stack) => {
    const fraudApi = linkTo('https://fraud.example/check');
    const payments = new PaymentPipeline(stack, 'payments', someProps({ fraudApi }));
    for (const [id, other] of [
      ['payouts', linkTo('https://fraud.example/check-payout')],
      ['refunds', linkTo('https://scam.example/check', OTHER_SERVICE)],
    ] as const)
      new PaymentPipeline(stack, id, { ...sharingProps(payments), environment: id, queueName: id, fraudApi: other });
  });

  test('have an endpoint and a zone for each API', () => {
    expect(linkedServices(template).sort()).toEqual([PRIVATE_SERVICE, OTHER_SERVICE].sort());
    expect(valuesOf(template, 'aws_route53_zone', 'name').sort()).toEqual(['fraud.example', 'scam.example']);
  });

  test('have no two security groups of one name: a VPC refuses them', () => {
    const names = valuesOf(template, 'aws_security_group', 'name');
    expect(new Set(names).size).toBe(names.length);
  });
});

describe('pipelines of other stacks in one network', () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  const linksOf = ({ resource }: StackJson) =>
    Object.values(resource.aws_vpc_endpoint ?? {})
      .map(({ service_name }) => String(service_name))
      .filter((name) => !name.includes('${data.aws_region.current.name}'));

  /** A pipeline without a link of its own, and one in each of some stacks, which have their API from there. */
  function stacksInOneNetwork(apis: Record<string, (variable: () => string) => FraudApi>): StackJson[] {
    jest.spyOn(console, 'warn').mockReturnValue(); // cdktf doubts that it escapes such a text rightly
    const stacks = synthesizeApp((app) => {
      const payments = new PaymentPipeline(stackWithProviders(app, 'first'), 'payments', someProps());
      for (const [id, apiOf] of Object.entries(apis)) {
        const stack = stackWithProviders(app, id);
        const fraudApi = apiOf(() => new TerraformVariable(stack, 'api', {}).stringValue);
        new PaymentPipeline(stack, 'payouts', { ...sharingProps(payments), environment: id, queueName: id, fraudApi });
      }
    });
    return Object.values(stacks);
  }

  test('with a URL, host or service that only their own Terraform knows: each has its own endpoint, which the network does not wait for', () => {
    const stacks = stacksInOneNetwork({
      'a-url': (variable) => linkTo(variable()),
      'another-url': (variable) => linkTo(variable()),
      'a-host': (variable) => linkTo(`https://${variable()}/check`),
      'a-service': (variable) => linkTo('https://fraud.example/check', variable()),
    });
    expect(stacks.map((stack) => linksOf(stack).length)).toEqual([0, 1, 1, 1, 1]);
    expect(stacks.flatMap(danglingReferences)).toEqual([]);
    const groups = stacks.flatMap(({ resource }) =>
      Object.values(resource.aws_security_group ?? {}).map(({ name }) => name),
    );
    expect(new Set(groups).size).toBe(groups.length);
  });

  test('two in one stack share the endpoint of their API', () => {
    const { second } = synthesizeApp((app) => {
      const payments = new PaymentPipeline(stackWithProviders(app, 'first'), 'payments', someProps());
      const stack = stackWithProviders(app, 'second');
      const fraudApi = linkTo(new TerraformVariable(stack, 'api', {}).stringValue);
      for (const id of ['payouts', 'refunds'])
        new PaymentPipeline(stack, id, { ...sharingProps(payments), environment: id, queueName: id, fraudApi });
    });
    expect(linksOf(second!)).toEqual([PRIVATE_SERVICE]);
    expect(Object.keys(second!.resource.aws_route53_zone!)).toHaveLength(1);
  });

  test('with a service that is known: the network has its one endpoint', () => {
    const known = () => linkTo('https://fraud.example/check');
    expect(stacksInOneNetwork({ second: known }).map(linksOf)).toEqual([[PRIVATE_SERVICE], []]);
  });
});

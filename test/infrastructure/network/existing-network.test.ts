import { TerraformStack, TerraformVariable } from 'cdktf';
import {
  type ExistingNetworkProps,
  exportOutputs,
  FraudApi,
  Network,
  PaymentPipeline,
  type PaymentPipelineProps,
} from '../../../src/index';
import { EXISTING_NETWORK_PROPS } from '../../../src/infrastructure/network/existing-network-rules';
import { EQUIPPED_VPC, EXISTING_VPC, ROUTE_TABLE } from '../../../tools/kit/stacks/existing-vpc';
import { faultsOf, refusedFaults } from '../../../tools/kit/stacks/pipeline-faults';
import { otherProps, someProps } from '../../../tools/kit/stacks/pipeline-props';
import { danglingReferences } from '../../../tools/kit/stacks/references';
import { API_KEY_SECRET_ARN, PRIVATE_SERVICE } from '../../../tools/kit/stacks/stack-graph';
import { readTemplate } from '../../../tools/kit/stacks/stacks';
import { stackWithProviders, synthesize, synthesizeApp } from '../../../tools/kit/stacks/synthesize';

const inVpc = (props: Partial<ExistingNetworkProps> = {}) => Network.existing({ ...EXISTING_VPC, ...props });

describe('bad values', () => {
  test('are refused without Network.existing around them, whatever reaches the fraud API', () => {
    const fraudApi = FraudApi.privateLink({ serviceName: 'com.amazonaws.vpce.x', url: 'https://fraud.example/check' });
    expect(faultsOf({ network: EXISTING_VPC, fraudApi })).toEqual([
      expect.stringMatching(/^network is \{.*must be another pipeline's network, or Network\.existing/s),
    ]);
  });

  const wrong = {
    vpcId: 'my-vpc',
    subnetIds: ['subnet-1', 'subnet-1'],
    cidrBlock: '10.20.0.1/16',
    endpointSecurityGroupId: 'default',
    routeTableIds: [],
    endpoints: { sqs: 'no', lambda: 1, logs: 'x', sns: null, dynamodb: 'gateway', secretsmanager: 'x', kms: false },
    egress: { cidrBlocks: ['0.0.0.1/0'], prefixListIds: ['com.amazonaws.ap-southeast-1.dynamodb'], ports: [443] },
    flowLogs: 'yes',
    zones: 3,
  };

  test('are reported at once, with those of the other props, each with its value and the rule', () => {
    const faults = faultsOf({ network: Network.existing(wrong as never), environment: 'Prod' });
    expect(faults).toEqual(
      expect.arrayContaining([
        "environment is 'Prod', but must be 1 to 32 lower-case letters, digits and hyphens, a letter first",
        "network.vpcId is 'my-vpc', but must be the ID of a VPC",
        "network.subnetIds is [ 'subnet-1', 'subnet-1' ], but must be one or more different IDs of subnets",
        "network.cidrBlock is '10.20.0.1/16', but must be an IPv4 range of /16 to /28 that begins where it says, such as 10.0.0.0/16",
        'network.routeTableIds is [], but must be one or more different IDs of route tables',
        "network.endpoints.sqs is 'no', but must be one of true, false",
        'network.endpoints.kms is false, but must be left out: Network.existing has no such value',
      ]),
    );
    const names = faults.map((fault) => fault.replace(/ .*/s, ''));
    const unknown = ['environment', 'network.endpoints.kms', 'network.egress.ports', 'network.zones'];
    expect(names.sort()).toEqual([...Object.keys(EXISTING_NETWORK_PROPS), ...unknown].sort());
  });

  test('of nothing at all name what is required', () => {
    for (const nothing of [undefined, {}])
      expect(
        faultsOf({ network: Network.existing(nothing as never) }).map((fault) => fault.replace(/,.*/, '')),
      ).toEqual(['network.vpcId is undefined', 'network.subnetIds is undefined', 'network.cidrBlock is undefined']);
  });

  test.each<{ fault: string; network: Partial<ExistingNetworkProps>; props?: Partial<PaymentPipelineProps> }>([
    { fault: 'network.egress is undefined, but must say how', network: { endpoints: { dynamodb: false } } },
    {
      fault: `network.routeTableIds is [ '${ROUTE_TABLE}' ], but must be left out`,
      network: { endpoints: { dynamodb: false }, egress: {}, routeTableIds: [ROUTE_TABLE] },
    },
    { fault: "cidrBlock is '10.0.0.0/16', but must be left out", network: {}, props: { cidrBlock: '10.0.0.0/16' } },
    {
      // Only Terraform could tell the zones of subnets that exist.
      fault: "fraudApi.availabilityZones is [ 'ap-southeast-1a' ], but must be left out",
      network: {},
      props: {
        fraudApi: FraudApi.privateLink({
          serviceName: PRIVATE_SERVICE,
          url: 'https://fraud.example/check',
          availabilityZones: ['ap-southeast-1a'],
        }),
      },
    },
  ])('$fault', ({ fault, network, props }) => {
    expect(faultsOf({ network: inVpc(network), ...props })).toEqual([expect.stringContaining(fault)]);
  });

  test.each<Partial<ExistingNetworkProps>>([
    { cidrBlock: '100.64.0.0/28' }, // of AWS's own documentation, and not private in the sense of RFC 1918
    { endpoints: { dynamodb: false }, egress: {} }, // an interface endpoint of the VPC
    { egress: { cidrBlocks: ['0.0.0.0/0'] } },
  ])('%j has none', (network) => {
    expect(faultsOf({ network: inVpc(network) })).toEqual([]);
  });
});

test('values that only Terraform knows reach the resources', () => {
  const template = synthesize((stack) => {
    const text = (name: string) => new TerraformVariable(stack, name, {}).stringValue;
    const list = (name: string) => new TerraformVariable(stack, name, { type: 'list(string)' }).listValue as string[];
    const network = Network.existing({
      vpcId: text('vpc'),
      subnetIds: list('subnets'),
      cidrBlock: text('range'),
      endpointSecurityGroupId: text('group'),
      routeTableIds: [text('routes')],
      egress: { cidrBlocks: list('ranges'), prefixListIds: [text('prefixes')] },
    });
    exportOutputs(new PaymentPipeline(stack, 'payments', someProps({ network })));
  });
  expect(template.resource('aws_vpc_endpoint', 'payments_network_sqs_endpoint')).toMatchObject({
    vpc_id: '${var.vpc}',
    subnet_ids: '${var.subnets}',
    security_group_ids: ['${var.group}'],
  });
  expect(template.resource('aws_vpc_endpoint', 'payments_network_dynamodb_endpoint').route_table_ids).toEqual([
    '${var.routes}',
  ]);
  expect(template.resource('aws_lambda_function', 'payments_payment_processor').vpc_config).toMatchObject({
    subnet_ids: '${var.subnets}',
  });
  const rules = Object.values(template.json.resource.aws_security_group_rule!);
  const places = rules.map(({ cidr_blocks, prefix_list_ids }) => cidr_blocks ?? prefix_list_ids);
  expect(places).toEqual(expect.arrayContaining([['${var.range}'], '${var.ranges}', ['${var.prefixes}']]));
  expect(template.json.output).toMatchObject({ payments_subnet_ids: { value: '${var.subnets}' } });
});

test('the outputs name what is made, and nothing that is left out', () => {
  const outputs = (network: ExistingNetworkProps) => {
    const { json } = synthesize((stack) => {
      exportOutputs(new PaymentPipeline(stack, 'payments', someProps({ network: Network.existing(network) })));
    });
    return Object.keys(json.output as object).filter((name) => /flow_log|_endpoint_id|subnet|route_table/.test(name));
  };
  const id = (service: string) => `payments_${service}_endpoint_id`;
  expect(outputs(EQUIPPED_VPC).sort()).toEqual([id('lambda'), id('logs'), 'payments_subnet_ids'].sort());
  expect(outputs(EXISTING_VPC)).toEqual(
    expect.arrayContaining([...['dynamodb', 'sqs', 'sns'].map(id), 'payments_flow_log_to_bucket_id']),
  );
});

describe('two pipelines in one VPC', () => {
  const faultsOfSecond = (second: Partial<ExistingNetworkProps>, props: Partial<PaymentPipelineProps> = {}) => {
    let faults: string[] = [];
    synthesize((stack) => {
      const fraudApi = FraudApi.url('https://fraud.example/check', { apiKeySecretArn: API_KEY_SECRET_ARN });
      new PaymentPipeline(
        stack,
        'payments',
        someProps({ network: inVpc({ endpoints: { logs: false }, routeTableIds: [ROUTE_TABLE, 'rtb-1'] }), fraudApi }),
      );
      const network = inVpc({ subnetIds: ['subnet-2'], ...second });
      faults = refusedFaults(stack, 'payouts', { ...otherProps({ network, ...props }), noSuchProp: true });
    });
    return faults.filter((fault) => !fault.startsWith('noSuchProp '));
  };

  // A VPC resolves the name of a service to one endpoint: https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html
  test('with other values: the second may not make the endpoints of the first', () => {
    expect(faultsOfSecond({}).map((fault) => fault.replace(/:.*/, ''))).toEqual([
      'network.endpoints.sqs is undefined, but must be false',
      'network.endpoints.lambda is undefined, but must be false',
      'network.endpoints.sns is undefined, but must be false',
    ]);
    const leftOut = { endpoints: { sqs: false, lambda: false, sns: false } };
    expect(faultsOfSecond(leftOut)).toEqual([]);
    expect(faultsOfSecond({ vpcId: 'vpc-2' })).toEqual([]);
    expect(faultsOfSecond({ ...leftOut, routeTableIds: ['rtb-2'] })).toEqual([]);
    expect(faultsOfSecond({ ...leftOut, routeTableIds: ['rtb-1'] })).toEqual([
      expect.stringContaining('network.endpoints.dynamodb is undefined, but must be false'),
    ]);
    const fraudApi = FraudApi.url('https://fraud.example/check', { apiKeySecretArn: API_KEY_SECRET_ARN });
    expect(faultsOfSecond(leftOut, { fraudApi })).toEqual([
      expect.stringContaining('network.endpoints.secretsmanager'),
    ]);
  });

  test('with equal values, of variables too: they share one network', () => {
    const template = synthesize((stack) => {
      const variable = new TerraformVariable(stack, 'vpc', {});
      const list = new TerraformVariable(stack, 'subnets', { type: 'list(string)' });
      for (const [id, props] of [
        ['payments', someProps()],
        ['payouts', otherProps()],
      ] as const) {
        const subnetIds = list.listValue as string[];
        new PaymentPipeline(stack, id, { ...props, network: inVpc({ vpcId: variable.stringValue, subnetIds }) });
      }
    });
    expect(Object.keys(template.json.resource.aws_vpc_endpoint!)).toHaveLength(5);
  });

  test('of two stacks: the second shares the network of the first', () => {
    const { first, second } = synthesizeApp((app) => {
      const [one, other] = ['first', 'second'].map((id) => stackWithProviders(app, id)) as [
        TerraformStack,
        TerraformStack,
      ];
      const { network } = new PaymentPipeline(one, 'payments', someProps({ network: inVpc() }));
      new PaymentPipeline(other, 'payouts', otherProps({ network }));
    });
    expect([first!, second!].flatMap(danglingReferences)).toEqual([]);
    expect(second!.resource.aws_vpc_endpoint).toBeUndefined();
    const [lambda] = Object.values(second!.resource.aws_lambda_function!);
    expect(lambda).toMatchObject({ vpc_config: { subnet_ids: EXISTING_VPC.subnetIds } });
  });
});

test('a pipeline with a new VPC has no variable for DynamoDB, whose gateway keeps the usual name', () => {
  const { environment } = readTemplate('pipeline').resource('aws_lambda_function', 'payments_payment_processor');
  expect(JSON.stringify(environment)).not.toContain('AWS_ENDPOINT_URL');
});

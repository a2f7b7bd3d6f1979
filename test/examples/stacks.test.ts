import type { Resource, StackGraph } from '../../tools/kit/stacks/stack-graph';
import { readGraph, readTemplate } from '../../tools/kit/stacks/stacks';

interface Function {
  readonly function_name: string;
  readonly vpc_config: { readonly subnet_ids: readonly string[] };
  readonly environment: { readonly variables: Readonly<Record<string, string>> };
}

/** The environment variables of the function with this name. */
function variablesOf(graph: StackGraph, name: string) {
  return graph.only<Function>('aws_lambda_function', { function_name: name }).environment.variables;
}

function terraformOf(name: Parameters<typeof readTemplate>[0]) {
  return readTemplate(name).json.terraform as { readonly backend?: object };
}

describe('minimal', () => {
  const graph = readGraph('example-minimal');

  test('sends the payments of one queue to the fraud API, and alarms to one address', () => {
    const queues = graph.all<{ name: string }>('aws_sqs_queue').map(({ name }) => name);
    expect(queues.sort()).toEqual(['payment-processing-dlq.fifo', 'payment-processing.fifo']);
    expect(variablesOf(graph, 'lambda-payment-processor-dev').FRAUD_API_URL).toBe(
      'https://fraud.example.internal/check',
    );
    for (const subscription of graph.all('aws_sns_topic_subscription'))
      expect(subscription).toMatchObject({ endpoint: 'payments-oncall@example.com' });
  });

  test('exports the queue URL that senders need', () => {
    expect(readTemplate('example-minimal').json.output).toHaveProperty('payments_payment_queue_url');
  });
});

describe('production', () => {
  const graph = readGraph('example-production');

  test('keeps the state in S3, encrypted and locked', () => {
    expect(terraformOf('example-production').backend).toEqual({
      s3: {
        bucket: 'example-terraform-states',
        key: 'payment-pipeline/production.tfstate',
        region: 'ap-southeast-1',
        encrypt: true,
        use_lockfile: true,
      },
    });
  });

  test('protects the table, and keeps logs for a year', () => {
    expect(graph.only('aws_dynamodb_table')).toMatchObject({
      name: 'payment-status-production',
      deletion_protection_enabled: true,
    });
    const retentions = graph
      .all<{ retention_in_days: number }>('aws_cloudwatch_log_group')
      .map((group) => group.retention_in_days);
    expect(new Set(retentions)).toEqual(new Set([365]));
  });

  test('reads the key of the fraud API, and tags everything', () => {
    expect(variablesOf(graph, 'lambda-payment-processor-production').FRAUD_API_KEY_SECRET_ARN).toMatch(
      /:secret:fraud-api-key-/,
    );
    expect(readTemplate('example-production').json.provider).toMatchObject({
      aws: [{ default_tags: [{ tags: { Environment: 'production', Owner: 'payments-team' } }] }],
    });
  });
});

describe('two-pipelines', () => {
  const graph = readGraph('example-two-pipelines');

  test.each([
    ['aws_vpc', 1],
    ['aws_kms_key', 3],
    ['aws_cloudtrail', 1],
    ['aws_s3_bucket', 1],
    ['aws_sns_topic', 2],
    ['aws_sqs_queue', 4],
    ['aws_dynamodb_table', 2],
    ['aws_lambda_function', 4],
  ])('has %s: %d', (type, count) => {
    expect(graph.all(type)).toHaveLength(count);
  });

  test('runs both in one network, and only one holds accounts', () => {
    const networks = graph.all<Function>('aws_lambda_function').map(({ vpc_config }) => vpc_config.subnet_ids.join());
    expect(new Set(networks).size).toBe(1);
    expect(variablesOf(graph, 'lambda-payment-processor-dev-payouts').ON_FAILED_PAYMENT).toBe('hold');
    expect(variablesOf(graph, 'lambda-payment-processor-dev').ON_FAILED_PAYMENT).not.toBe('hold');
  });
});

describe('existing-network', () => {
  const graph = readGraph('example-existing-network');

  test('runs both pipelines in the given subnets, and makes no second endpoint', () => {
    const networks = graph.all<Function>('aws_lambda_function').map(({ vpc_config }) => vpc_config.subnet_ids);
    expect(networks).toEqual(networks.map(() => ['subnet-0123456789abcdef1', 'subnet-0123456789abcdef2']));
    const services = graph
      .all<{ service_name: string }>('aws_vpc_endpoint')
      .map(({ service_name }) => service_name.split('.').at(-1));
    expect(services.sort()).toEqual(['dynamodb', 'sns', 'sqs']);
    expect([...graph.find('aws_vpc'), ...graph.find('aws_flow_log')]).toEqual([]);
  });
});

describe('private-link', () => {
  const graph = readGraph('example-private-link');

  test('reaches the fraud API by an endpoint that has its name in the VPC', () => {
    const endpoint = graph.only<Resource>('aws_vpc_endpoint', {
      service_name: 'com.amazonaws.vpce.ap-southeast-1.vpce-svc-0123456789abcdef0',
    });
    const { host } = new URL(variablesOf(graph, 'lambda-payment-processor-dev').FRAUD_API_URL!);
    const record = graph.only<{ alias: { name: string } }>('aws_route53_record', { name: host });
    expect(record.alias.name).toContain(endpoint.address);
  });
});

describe('producer-nightly-import', () => {
  const graph = readGraph('example-producer-nightly-import');
  const lambda = graph.only<Function>('aws_lambda_function', {
    function_name: 'payment-import',
  });

  test('lets the function send payments to the queue that it knows, and read and report files', () => {
    const { url } = graph.only<{ url: string }>('aws_sqs_queue', { name: 'payment-processing.fifo' });
    const role = '<aws_iam_role.role.name>';
    const policies = graph.all('aws_iam_role_policy', { role });
    expect(readTemplate('example-producer-nightly-import').resource('aws_lambda_function', 'import').role).toBe(
      '${aws_iam_role.role.arn}',
    );
    expect(lambda.environment.variables.PAYMENT_QUEUE_URL).toBe(url);
    expect(policies.map(({ address }) => address.replace(/_[0-9A-F]{8}$/, '')).sort()).toEqual([
      'aws_iam_role_policy.files',
      'aws_iam_role_policy.payments_send_payments_role',
    ]);
  });

  test('runs for new files in the folder of payments, and never for its own reports', () => {
    expect(graph.only('aws_s3_bucket_notification')).toMatchObject({
      lambda_function: [{ lambda_function_arn: lambda.arn, filter_prefix: 'payments/' }],
    });
    expect(graph.only('aws_lambda_permission', { function_name: 'payment-import' })).toMatchObject({
      principal: 's3.amazonaws.com',
    });
  });

  test('keeps the event of an import that failed', () => {
    const { arn } = graph.only('aws_sqs_queue', { name: 'failed-payment-imports' });
    expect(graph.only('aws_lambda_function_event_invoke_config')).toMatchObject({
      destination_config: { on_failure: { destination: arn } },
    });
  });
});

describe('github-deploy-roles', () => {
  const graph = readGraph('example-github-deploy-roles');
  const { output, provider } = readTemplate('example-github-deploy-roles').json;

  test('creates both roles, and outputs what the workflows and the pipeline need', () => {
    const outputs = output as Record<string, { value: string }>;
    const named = (name: string) => {
      const [address = ''] = /aws_iam_\w+\.\w+/.exec(outputs[name]!.value) ?? [];
      return graph.only<{ name: string }>(address.split('.')[0]!, { address }).name;
    };
    expect(Object.keys(outputs).sort()).toEqual(['apply_role_arn', 'permissions_boundary_arn', 'plan_role_arn']);
    expect(named('plan_role_arn')).toBe('iam-role-github-plan-production');
    expect(named('apply_role_arn')).toBe('iam-role-github-apply-production');
    expect(named('permissions_boundary_arn')).toBe('iam-policy-permissions-boundary-production');
  });

  test("keeps its own state in the project's root, in the pipeline's region", () => {
    expect(provider).toEqual({ aws: [{ region: 'ap-southeast-1' }] });
    expect(terraformOf('example-github-deploy-roles').backend).toEqual({
      local: { path: '../../../github-deploy-roles.tfstate' },
    });
  });
});

describe('outcomes-to-queue', () => {
  const graph = readGraph('example-outcomes-to-queue');

  test('gives the queue every outcome, and another queue what could not be delivered', () => {
    const topic = graph.only('aws_sns_topic', { name: 'payment-outcomes-dev.fifo' });
    const subscription = graph.only<{ endpoint: string; redrive_policy: string }>('aws_sns_topic_subscription', {
      topic_arn: topic.arn,
    });
    expect(subscription.endpoint).toMatch(/:ledger\.fifo$/);
    expect(subscription.redrive_policy).toMatch(/:ledger-undelivered\.fifo"/);
    expect(variablesOf(graph, 'lambda-payment-processor-dev').OUTCOME_TOPIC_ARN).toBe(topic.arn);
  });
});

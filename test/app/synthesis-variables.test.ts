import { withoutTraces } from '../../src/app/without-traces';
import { PaymentStack } from '../../src/app/payment-stack';
import type { GivenVariables } from '../../src/app/synthesis-variables';
import { API_KEY_KMS_KEY_ARN, API_KEY_SECRET_ARN, PRIVATE_SERVICE } from '../../tools/kit/stacks/stack-graph';
import { templateOf, testApp } from '../../tools/kit/stacks/synthesize';
import { statementOf, type Template } from '../../tools/kit/stacks/template';

const stackWith = (given: GivenVariables) => withoutTraces(() => new PaymentStack(testApp(), 'dev', given));
const template = (given: GivenVariables = {}) => templateOf(stackWith(given));

const addresses = ({ json }: Template) =>
  Object.entries(json.resource).flatMap(([type, byId]) => Object.keys(byId).map((id) => `${type}.${id}`));
const plain = addresses(template());
const added = (given: GivenVariables) => addresses(template(given)).filter((address) => !plain.includes(address));

const environmentOf = (stack: Template) =>
  (stack.resource('aws_lambda_function', 'payments_payment_processor').environment as { variables: object }).variables;

test('on_failed_payment = "hold" holds accounts, and adds the alarm on parked payments', () => {
  const given = { on_failed_payment: 'hold' };
  expect(added(given)).toEqual(['aws_cloudwatch_metric_alarm.payments_alarm_payments_parked']);
  expect(environmentOf(template(given))).toMatchObject({ ON_FAILED_PAYMENT: 'hold' });
});

test('outcomes = "topic" adds the topic, and both functions publish to it', () => {
  const given = { outcomes: 'topic' };
  expect(added(given)).toContain('aws_sns_topic.payments_outcome_topic');
  expect(environmentOf(template(given))).toHaveProperty('OUTCOME_TOPIC_ARN');
});

test('queue_name names both queues, and nothing else changes its name', () => {
  const stack = template({ queue_name: 'staging-payments' });
  const queues = Object.values(stack.json.resource.aws_sqs_queue!).map(({ name }) => name);
  expect(queues.sort()).toEqual(['staging-payments-dlq.fifo', 'staging-payments.fifo']);
  expect(addresses(stack)).toEqual(plain);
});

test('the secret of the API key adds its endpoint, and what the function needs to read it', () => {
  const given = { fraud_api_key_secret_arn: API_KEY_SECRET_ARN, fraud_api_key_kms_key_arn: API_KEY_KMS_KEY_ARN };
  expect(added(given)).toEqual(['aws_vpc_endpoint.payments_network_secretsmanager_endpoint']);
  const stack = template(given);
  expect(environmentOf(stack)).toMatchObject({ FRAUD_API_KEY_SECRET_ARN: API_KEY_SECRET_ARN });
  const resources = (sid: string) => statementOf(stack, 'payments_payment_processor_permissions', sid).resources;
  expect([resources('ReadFraudApiKey'), resources('DecryptFraudApiKey')]).toEqual([
    [API_KEY_SECRET_ARN],
    [API_KEY_KMS_KEY_ARN],
  ]);
});

test('a PrivateLink service adds its endpoint and zone, for the host that Terraform finds in fraud_api_url', () => {
  const given = { fraud_api_service_name: PRIVATE_SERVICE };
  expect(added(given)).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^aws_vpc_endpoint\./),
      expect.stringMatching(/^aws_route53_zone\./),
    ]) as unknown,
  );
  const [zone] = Object.values(template(given).json.resource.aws_route53_zone!);
  expect(zone!.name).toContain('var.fraud_api_url');
});

test('its endpoint takes the subnets of the given zones', () => {
  const zones = 'ap-southeast-1a, ap-southeast-1b';
  const stack = template({ fraud_api_service_name: PRIVATE_SERVICE, fraud_api_availability_zones: zones });
  const endpoint = Object.values(stack.json.resource.aws_vpc_endpoint!).find(
    ({ service_name }) => service_name === PRIVATE_SERVICE,
  );
  expect(JSON.stringify(endpoint)).toContain('ap-southeast-1a');
  expect(JSON.stringify(endpoint)).not.toContain('ap-southeast-1c');
});

test('each bad value is refused at synthesis, with the name of its variable', () => {
  const given = {
    queue_name: 'payments.fifo',
    on_failed_payment: 'stop',
    outcomes: 'queue',
    fraud_api_service_name: 'https://fraud.example',
    fraud_api_availability_zones: 'apse1-az1',
    fraud_api_key_secret_arn: '',
    fraud_api_key_kms_key_arn: 'alias/key',
  };
  expect(() => stackWith(given)).toThrow(
    `Bad variables of the stack:
- queue_name is 'payments.fifo', but must be 1 to 71 letters, digits, hyphens and underscores (.fifo is added)
- on_failed_payment is 'stop', but must be one of "continue", "hold"
- outcomes is 'queue', but must be one of "none", "topic"
- fraud_api_service_name is 'https://fraud.example', but must be "none", or the name of an endpoint service
- fraud_api_availability_zones is 'apse1-az1', but must be "none", or one or more names of availability zones, such as ap-southeast-1a, not ids such as apse1-az1
- fraud_api_key_secret_arn is '', but must be "none", or the ARN of a Secrets Manager secret
- fraud_api_key_kms_key_arn is 'alias/key', but must be "none", or the ARN of a KMS key`,
  );
});

test('so is a value that belongs to another variable without one', () => {
  const given = { fraud_api_availability_zones: 'eu-west-1a', fraud_api_key_kms_key_arn: API_KEY_KMS_KEY_ARN };
  expect(() => stackWith(given)).toThrow(
    `- fraud_api_availability_zones is 'eu-west-1a', but must be left out: it belongs to fraud_api_service_name, which is not given
- fraud_api_key_kms_key_arn is '${API_KEY_KMS_KEY_ARN}', but must be left out: it belongs to fraud_api_key_secret_arn, which is not given`,
  );
});

import { TerraformVariable } from 'cdktf';
import { FraudApi, PaymentPipeline, type FraudApiOptions } from '../../src/index';
import { sharingProps, someProps } from '../../tools/kit/stacks/pipeline-props';
import { synthesize, synthesizePipeline } from '../../tools/kit/stacks/synthesize';
import { statementsOf, type Template } from '../../tools/kit/stacks/template';

const URL = 'https://fraud.example.internal/check';
const SECRET = 'arn:aws:secretsmanager:ap-southeast-1:123456789012:secret:fraud-api-key-AbCdEf';
const KEY = 'arn:aws:kms:ap-southeast-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab';

const apiWith = (options: FraudApiOptions = {}) => synthesizePipeline({ fraudApi: FraudApi.url(URL, options) });

function environmentOf(template: Template): Record<string, string> {
  const { environment } = template.resource('aws_lambda_function', 'payments_payment_processor');
  return (environment as { variables: Record<string, string> }).variables;
}

/** What the processor alone may do because of the fraud API. */
function apiStatements(template: Template) {
  return statementsOf(template, 'payments_payment_processor_permissions').filter(({ sid }) =>
    sid?.includes('FraudApi'),
  );
}

function endpointsOf(template: Template): string[] {
  return Object.keys(template.json.resource.aws_vpc_endpoint ?? {}).map((id) =>
    id.replace(/^payments_network_|_endpoint$/g, ''),
  );
}

describe('a URL without an API key', () => {
  const template = apiWith();

  test('reaches the processor as it was given', () => {
    expect(environmentOf(template).FRAUD_API_URL).toBe(URL);
  });

  test('needs no secret, no permission and no endpoint beyond those of every pipeline', () => {
    expect(environmentOf(template)).not.toHaveProperty('FRAUD_API_KEY_SECRET_ARN');
    expect(apiStatements(template)).toEqual([]);
    expect(endpointsOf(template)).toEqual(['dynamodb', 'lambda', 'logs', 'sns', 'sqs']);
    expect(template.json.resource).not.toHaveProperty('aws_route53_zone');
  });
});

describe('a URL with an API key', () => {
  const template = apiWith({ apiKeySecretArn: SECRET });

  test('tells the processor where the key is, and not what it is', () => {
    expect(environmentOf(template).FRAUD_API_KEY_SECRET_ARN).toBe(SECRET);
  });

  test('lets the processor, and nobody else, read that secret alone', () => {
    expect(apiStatements(template)).toEqual([
      { sid: 'ReadFraudApiKey', actions: ['secretsmanager:GetSecretValue'], resources: [SECRET] },
    ]);
    const others = Object.keys(template.json.data.aws_iam_policy_document ?? {}).filter(
      (id) => id !== 'payments_payment_processor_permissions',
    );
    expect(
      others
        .flatMap((id) => statementsOf(template, id))
        .filter(({ actions }) => actions.join().includes('secretsmanager')),
    ).toEqual([]);
  });

  test('adds the endpoint of Secrets Manager, as the other services have one', () => {
    expect(endpointsOf(template)).toEqual(['dynamodb', 'lambda', 'logs', 'secretsmanager', 'sns', 'sqs']);
    expect(template.resource('aws_vpc_endpoint', 'payments_network_secretsmanager_endpoint')).toEqual({
      ...template.resource('aws_vpc_endpoint', 'payments_network_sqs_endpoint'),
      service_name: 'com.amazonaws.${data.aws_region.current.name}.secretsmanager',
      tags: { Name: 'vpce-secretsmanager-dev' },
    });
  });
});

test('the key of the secret may be used to decrypt, where it is a key of your own', () => {
  const template = apiWith({ apiKeySecretArn: SECRET, apiKeyKmsKeyArn: KEY });
  expect(apiStatements(template)).toEqual([
    { sid: 'ReadFraudApiKey', actions: ['secretsmanager:GetSecretValue'], resources: [SECRET] },
    { sid: 'DecryptFraudApiKey', actions: ['kms:Decrypt'], resources: [KEY] },
  ]);
});

test('two pipelines with API keys share the one endpoint of Secrets Manager', () => {
  const template = synthesize((stack) => {
    const fraudApi = FraudApi.url(URL, { apiKeySecretArn: SECRET });
    const payments = new PaymentPipeline(stack, 'payments', someProps({ fraudApi }));
    new PaymentPipeline(stack, 'payouts', { ...sharingProps(payments), fraudApi });
  });
  expect(endpointsOf(template).filter((service) => service.includes('secretsmanager'))).toEqual(['secretsmanager']);
});

test('a URL of which a variable is a part reaches the processor', () => {
  const template = synthesize((stack) => {
    const host = new TerraformVariable(stack, 'host', {}).stringValue;
    new PaymentPipeline(stack, 'payments', someProps({ fraudApi: FraudApi.url(`https://${host}/check`) }));
  });
  expect(environmentOf(template).FRAUD_API_URL).toBe('https://${var.host}/check');
});

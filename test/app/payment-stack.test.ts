import { TerraformElement, Testing } from 'cdktf';
import { PaymentStack } from '../../src/app/payment-stack';
import { Template, testApp } from '../support/terraform';

const stack = new PaymentStack(testApp());
const template = new Template(stack);

test('Terraform and provider versions', () => {
  expect(template.json.terraform).toMatchObject({
    required_version: '>= 1.5',
    required_providers: {
      aws: { source: 'hashicorp/aws', version: '~> 5.0' },
      archive: { source: 'hashicorp/archive', version: '~> 2.7' },
      random: { source: 'hashicorp/random', version: '~> 3.7' },
    },
  });
});

test('the AWS provider: one region, and tags on every resource', () => {
  expect(template.json.provider).toMatchObject({
    aws: [
      {
        region: 'ap-southeast-1',
        default_tags: [
          {
            tags: {
              Environment: '${var.environment}',
              DataClassification: 'sensitive',
              Compliance: 'pci-dss',
              Owner: 'platform-team',
              ManagedBy: 'terraform',
            },
          },
        ],
      },
    ],
  });
});

test('the variables, with their types and defaults', () => {
  const described = { description: expect.stringMatching(/\w+/) as string };
  expect(template.json.variable).toEqual({
    environment: { type: 'string', default: 'dev', ...described },
    lambda_memory: { type: 'number', default: 256, ...described },
    sqs_visibility_timeout: { type: 'number', default: 360, ...described },
    dlq_retention_days: { type: 'number', default: 14, ...described },
    fraud_api_url: { type: 'string', default: 'https://fraud.invalid/check', ...described },
    reserve_concurrency: { type: 'bool', default: true, ...described },
  });
});

test('every variable is used', () => {
  const text = JSON.stringify(template.json);
  const names = Object.keys(template.json.variable as object);
  expect(names.filter((name) => !text.includes(`var.${name}`))).toEqual([]);
});

test('the state is kept outside the generated directory, at a relative path', () => {
  expect(template.json).toHaveProperty('terraform.backend', { local: { path: '../../../payment-pipeline.tfstate' } });
});

test('the configuration holds on another machine: it names no path of this one', () => {
  expect(JSON.stringify(stack.toTerraform())).not.toContain(process.cwd());
});

test('logical ids are the construct path, each once', () => {
  const elements = stack.node.findAll().filter((node) => TerraformElement.isTerraformElement(node));
  const ids = elements.map(({ friendlyUniqueId }) => friendlyUniqueId);
  expect(ids).toEqual(expect.arrayContaining(['payments_payment_queue', 'payments_payment_processor_role']));
  expect(ids.filter((id) => !/^[a-z][a-z_]*$/.test(id))).toEqual([]);
  expect(new Set(ids).size).toBe(ids.length);
});

test('as HCL it says the same, without what Terraform warns of', () => {
  const hcl = String(Testing.synthHcl(stack, true));
  expect(hcl).toContain('required_version = ">= 1.5"');
  expect(hcl).toContain('resource "aws_sqs_queue" "payments_payment_queue"');
  expect(hcl).toContain('"maxReceiveCount" = 3');
  expect(hcl).toContain('depends_on = [\naws_iam_role_policy.payments_payment_processor_policy,\n]');
});

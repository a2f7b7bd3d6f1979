import { TerraformElement } from 'cdktf';
import { withoutTraces } from '../../src/app/without-traces';
import { PaymentStack } from '../../src/app/payment-stack';
import { SYNTHESIS_VARIABLES } from '../../src/app/synthesis-variables';
import { evaluate } from '../../tools/kit/stacks/evaluate';
import { danglingReferences, referencesOf, type StackJson } from '../../tools/kit/stacks/references';
import { readTemplate } from '../../tools/kit/stacks/stacks';
import { templateOf, testApp } from '../../tools/kit/stacks/synthesize';
import { statementOf, type Template } from '../../tools/kit/stacks/template';

const stack = withoutTraces(() => new PaymentStack(testApp()));
const template = templateOf(stack);

const CALLER: Readonly<Record<string, string>> = {
  arn: 'arn:aws-us-gov:iam::123456789012:user/somebody',
  account_id: '123456789012',
};

test.each(['s3', 'sqs', 'dynamodb'])(
  'the deploying principal administers the key for %s; without one, every principal that IAM allows',
  (key) => {
    const { principals } = statementOf(template, `payments_encryption_${key}_key_policy`, 'DeploymentUser');
    const administrator = (deployer: string) =>
      evaluate(principals![0]!.identifiers[0]!, (path) =>
        path.join('.') === 'var.deployment_principal_arn' ? deployer : CALLER[path.at(-1)!],
      );

    const { default: nobody } = (template.json.variable as Record<string, { default?: string }>)
      .deployment_principal_arn!;
    expect(administrator(nobody!)).toBe('arn:aws-us-gov:iam::123456789012:root');
    expect(administrator('arn:aws:iam::123456789012:role/deployer')).toBe('arn:aws:iam::123456789012:role/deployer');
  },
);

test('its profile is chosen at synthesis: Terraform cannot decide it', () => {
  const protects = (of: Template) =>
    of.resource('aws_dynamodb_table', 'payments_payment_table').deletion_protection_enabled;
  const production = readTemplate('production');
  expect([protects(template), protects(production)]).toEqual([false, true]);
});

test('every variable is used, and nothing is referred to that there is not', () => {
  const used = referencesOf({ ...template.json, variable: {} });
  const declared = Object.keys(template.json.variable as object)
    .filter((name) => !(name in SYNTHESIS_VARIABLES))
    .map((name) => `var.${name}`);
  expect(used).toEqual(expect.arrayContaining(declared));
  expect(danglingReferences(template.json as unknown as StackJson)).toEqual([]);
});

// Terraform plans a call without a reference as a constant in JSON, and as nothing in HCL.
test('each expression of a resource refers to something', () => {
  const expressions = JSON.stringify(template.json.resource).match(/"\$\{(?:[^"\\]|\\.)*\}"/g)!;
  expect(expressions.filter((text) => referencesOf(JSON.parse(text) as string).length === 0)).toEqual([]);
});

test('the configuration holds on another machine: it names no path of this one', () => {
  expect(JSON.stringify(stack.toTerraform())).not.toContain(process.cwd());
});

test('logical ids are the construct path, each once', () => {
  const elements = stack.node.findAll().filter((node) => TerraformElement.isTerraformElement(node));
  const ids = elements.map(({ friendlyUniqueId }) => friendlyUniqueId);
  const addresses = elements.flatMap((element) =>
    'terraformResourceType' in element ? [`${String(element.terraformResourceType)}.${element.friendlyUniqueId}`] : [],
  );
  expect(ids).toEqual(expect.arrayContaining(['payments_payment_queue', 'payments_network_private_subnet_1']));
  expect(ids.filter((id) => !/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(id))).toEqual([]);
  expect(new Set(addresses).size).toBe(addresses.length);
});

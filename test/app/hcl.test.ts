import { Testing } from 'cdktf';
import { withoutTraces } from '../../src/app/without-traces';
import { correctHcl, PaymentStack } from '../../src/app/payment-stack';
import type { ProfileName } from '../../src/infrastructure/profile';
import { valuesOfHcl, valuesOfJson } from '../../tools/kit/stacks/hcl-values';
import { readTemplate } from '../../tools/kit/stacks/stacks';
import { testApp } from '../../tools/kit/stacks/synthesize';

const hclOf = (profile: ProfileName) =>
  withoutTraces(() => String(Testing.synthHcl(new PaymentStack(testApp(), profile), true)));
const hcl = hclOf('dev');

const json = readTemplate('deployed').json as unknown as {
  readonly variable: Record<string, { readonly default?: unknown }>;
} & Record<'resource' | 'data' | 'output', Record<string, object>>;

const HEAD = /^(?:terraform|(?:variable|provider|output) "\w+"|(?:resource|data) "\w+" "\w+") \{$/gm;

const BLOCK = /^(resource|data) "(\w+)" "(\w+)" \{$[^]*?(?=^(?:resource|data|output|provider|variable) "|(?![^]))/gm;

const heads = [...hcl.matchAll(HEAD)];
const blocks = new Map(heads.map((head, n) => [head[0].replace(' {', ''), hcl.slice(head.index, heads[n + 1]?.index)]));

/** The text of a block; cdktf indents nothing. */
function blockOf(head: string): string {
  const block = blocks.get(head);
  if (block === undefined) throw new Error(`There is no ${head}.`);
  return block;
}

test('it has what the JSON has, under the same addresses', () => {
  const addresses = [
    ...(['resource', 'data'] as const).flatMap((kind) =>
      Object.entries(json[kind]).flatMap(([type, byId]) => Object.keys(byId).map((id) => `${kind} "${type}" "${id}"`)),
    ),
    ...(['variable', 'output'] as const).flatMap((kind) => Object.keys(json[kind]).map((name) => `${kind} "${name}"`)),
  ];
  expect([...blocks.keys()].filter((head) => !/^(terraform|provider)/.test(head)).sort()).toEqual(addresses.sort());
});

test('the required version is an argument', () => {
  expect(blockOf('terraform')).toContain('\n  required_version = ">= 1.5"\n');
});

test('dependencies of a resource are written without quotes', () => {
  expect(blockOf('resource "aws_lambda_event_source_mapping" "payments_payment_processor_event_source"')).toContain(
    'depends_on = [\naws_iam_role_policy.payments_payment_processor_policy,\naws_',
  );
  expect(hcl).not.toMatch(/depends_on = \[[^\]]*"/);
});

test('conditions of a resource or data source are blocks: Terraform takes no list of them', () => {
  expect(blockOf('data "aws_availability_zones" "available"')).toMatch(
    /^lifecycle \{\n +postcondition \{\ncondition = ".*"\nerror_message = ".*"\n\}\n\}$/m,
  );
});

test('functions keep their arguments', () => {
  expect(blockOf('resource "aws_sqs_queue" "payments_payment_queue"')).toContain('"maxReceiveCount" = 3})}"');
});

test('conditions keep their quotes and escapes', () => {
  expect(blockOf('variable "alert_email"')).toContain(
    String.raw`condition = "${'$'}{can(regex("^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$", var.alert_email))}"`,
  );
  expect(blockOf('variable "fraud_api_url"').match(/validation \{/g)).toHaveLength(2);
});

test.each(Object.entries(json.variable))(
  '%s has its default: without one Terraform asks for a value',
  (name, variable) => {
    const [, rendered] = /^default = (.*)$/m.exec(blockOf(`variable "${name}"`)) ?? [];
    expect(rendered).toBe(JSON.stringify(variable.default));
  },
);

test('principals and conditions of every policy are blocks: Terraform takes no list of them', () => {
  expect(hcl.match(/^(principals|condition) \{$/gm)?.length).toBeGreaterThan(20);
  expect(hcl.match(/^(principals|condition) = \[$/gm) ?? []).toEqual([]);
});

test('what needs no correction stays as it is', () => {
  const text = 'locals {\n  a = [\n"depends",\n]\n}\n';
  expect(correctHcl(text, '>= 1.5')).toBe(text);
});

describe.each([
  ['deployed', hcl],
  ['production', hclOf('production')],
] as const)('the HCL of the %s stack', (name, hcl) => {
  test('has a value for every value of the JSON, and no other, block by block', () => {
    const { json } = readTemplate(name);
    const inJson = (['resource', 'data'] as const).flatMap((kind) =>
      Object.entries(json[kind]).flatMap(([type, byId]) =>
        Object.entries(byId).map(([id, block]) => [`${kind}.${type}.${id}`, valuesOfJson(block)]),
      ),
    );
    const inHcl = [...hcl.matchAll(BLOCK)].map(([text, kind, type, id]) => [
      `${kind}.${type}.${id}`,
      valuesOfHcl(text),
    ]);

    expect(Object.fromEntries(inHcl)).toEqual(Object.fromEntries(inJson));
  });
});

test('a value that differs is seen, and so is one that is elsewhere', () => {
  const hcl = 'resource "a" "b" {\nname = "x"\ntags = {\nname = "y"\n}\nrule {\nports = [\n1,\n2\n]\n}\n}\n';

  expect(valuesOfHcl(hcl)).toEqual(valuesOfJson({ name: 'x', tags: { name: 'y' }, rule: [{ ports: [1, 2] }] }));
  expect(valuesOfHcl(hcl)).not.toEqual(valuesOfJson({ name: 'x', tags: { name: 'z' }, rule: [{ ports: [1, 2] }] }));
  expect(valuesOfHcl(hcl)).not.toEqual(valuesOfJson({ name: 'y', tags: { name: 'x' }, rule: [{ ports: [1, 2] }] }));
  expect(valuesOfHcl(hcl)).not.toEqual(valuesOfJson({ name: 'x', tags: { name: 'y' }, rule: [{ ports: [1] }] }));
});

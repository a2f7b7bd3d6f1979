import { Fn, LocalBackend, TerraformOutput, TerraformStack, TerraformVariable, Testing } from 'cdktf';
import fc from 'fast-check';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withoutTraces } from '../../src/app/without-traces';
import { escapeText, escapeTexts } from '../../src/infrastructure/token-expression';
import { evaluate } from '../../tools/kit/stacks/evaluate';
import { newDirectory } from '../../tools/kit/new-directory';
import { testApp } from '../../tools/kit/stacks/synthesize';

const ALPHABET = ['$', '%', '{', '}', '"', '\\', '\n', '\r', '~', '&', '#', '/', 'a', 'é', '€', '😀', 'EOF'];
const texts = fc.string({ unit: fc.constantFrom(...ALPHABET), maxLength: 14 });

const VALUE = 'of a variable';

/** cdktf's HCL takes an output's value for an expression if it begins like one. */
const NO_EXPRESSION = 'is ';

/** Texts as outputs of a stack, one alone, one around a variable, and one in a function. */
function stackOf(given: readonly string[]): TerraformStack {
  const stack = new TerraformStack(testApp(), 'test');
  new LocalBackend(stack, {});
  const variable = new TerraformVariable(stack, 'variable', { default: VALUE }).stringValue;
  const output = (id: string, value: string) => new TerraformOutput(stack, id, { value, staticId: true });
  given.forEach((text, n) => {
    output(`alone_${n}`, escapeText(`${NO_EXPRESSION}${text}`));
    output(`around_${n}`, escapeText(`${NO_EXPRESSION}${text}${variable}${text}`));
    output(`in_function_${n}`, Fn.join('', [escapeText(`${text}${variable}${text}`)]));
  });
  return stack;
}

function expectedOf(given: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    given.flatMap((text, n) => [
      [`alone_${n}`, `${NO_EXPRESSION}${text}`],
      [`around_${n}`, `${NO_EXPRESSION}${text}${VALUE}${text}`],
      [`in_function_${n}`, `${text}${VALUE}${text}`],
    ]),
  );
}

test('any text is read as it was given, alone and beside a variable', () => {
  fc.assert(
    fc.property(fc.array(texts, { minLength: 1, maxLength: 5 }), (given) => {
      const { output } = JSON.parse(withoutTraces(() => Testing.synth(stackOf(given)))) as {
        output: Record<string, { value: string }>;
      };
      const wanted = Object.entries(expectedOf(given)).filter(([id]) => !id.startsWith('in_function'));
      for (const [id, text] of wanted) expect([id, evaluate(output[id]!.value, () => VALUE)]).toEqual([id, text]);
    }),
  );
});

test('what Terraform reads as itself stays as it is', () => {
  const plain = fc.string({ unit: fc.constantFrom('$', '%', '}', 'a', ' ', '/', '?', 'é'), maxLength: 20 });
  fc.assert(fc.property(plain, (text) => expect(escapeText(text)).toBe(text)));
});

test('texts in lists and objects are escaped; other values and class instances are unchanged', () => {
  const construct = new TerraformStack(testApp(), 'test');
  const token = Fn.abs(1) as unknown;
  const { list, deep, ...others } = escapeTexts({
    list: ['${a}', 1],
    deep: { text: '%{b}' },
    construct,
    token,
    none: null,
    not: undefined,
    number: 7,
  });
  expect([list, deep]).toEqual([['$${a}', 1], { text: '%%{b}' }]);
  expect(others).toEqual({ construct, token, none: null, not: undefined, number: 7 });
  expect(others.construct).toBe(construct);
});

const TERRAFORM = process.env.TERRAFORM_BINARY ?? 'terraform';

/** A configuration's outputs, evaluated by Terraform itself. */
function outputsOf(file: string, configuration: string): Record<string, string> {
  const directory = newDirectory();
  writeFileSync(join(directory, file), configuration);
  const terraform = (...args: string[]): string => {
    const { status, stdout, stderr } = spawnSync(TERRAFORM, args, {
      cwd: directory,
      encoding: 'utf8',
      env: { ...process.env, CHECKPOINT_DISABLE: '1' },
    });
    if (status !== 0) throw new Error(`${stdout}${stderr}`);
    return stdout;
  };
  terraform('init', '-input=false');
  terraform('plan', '-input=false', '-out=plan');
  const { planned_values } = JSON.parse(terraform('show', '-json', 'plan')) as {
    planned_values: { outputs: Record<string, { value: string }> };
  };
  return Object.fromEntries(Object.entries(planned_values.outputs).map(([id, { value }]) => [id, value]));
}

// Where Terraform is not at hand, as `projen test` does without it, what it says is evaluated above alone.
const withTerraform = spawnSync(TERRAFORM, ['version']).status === 0 ? test : test.skip;

const SAMPLE = [
  ...[
    '${x}',
    '%{x}',
    '$${x}',
    '$$$${x}',
    '%%{x}',
    '$',
    '$$',
    '%',
    '"',
    '$"',
    '\\',
    '\\"',
    '\n',
    'a\r\nb',
    '${"x"}',
    '{"a": "${b}"}',
  ],
  ...fc.sample(texts, { numRuns: 150, seed: 1 }),
];

withTerraform.each([
  ['JSON', 'cdk.tf.json', () => Testing.synth(stackOf(SAMPLE))],
  ['HCL', 'cdk.tf', () => String(Testing.synthHcl(stackOf(SAMPLE)))],
])('Terraform reads texts in %s as they were given', (_form, file, synthesize) => {
  expect(outputsOf(file, withoutTraces(synthesize))).toEqual(expectedOf(SAMPLE));
});

import { Testing } from 'cdktf';
import { PaymentStack } from '../../src/app/payment-stack';
import type { ProfileName } from '../../src/infrastructure/profile';
import { valuesOfHcl, valuesOfJson } from '../../tools/kit/stacks/hcl-values';
import { templateOf, testApp, withoutTraces } from '../../tools/kit/stacks/synthesize';

const BLOCK = /^(resource|data) "(\w+)" "(\w+)" \{$[^]*?(?=^(?:resource|data|output|provider|variable) "|(?![^]))/gm;

describe.each<ProfileName>(['dev', 'production'])('the HCL of the %s profile', (profile) => {
  const stack = withoutTraces(() => new PaymentStack(testApp(), profile));
  const hcl = withoutTraces(() => String(Testing.synthHcl(stack, true)));
  const { json } = templateOf(stack);

  test('has a value for every value of the JSON, and no other, block by block', () => {
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

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { synthesizeProduction } from '../../../tools/scan/production-stack';
import { ScannedStack } from '../../../tools/scan/scanned-stack';
import { readStack } from '../../../tools/terraform/stack-file';
import { newDirectory } from '../../../tools/kit/new-directory';
import { CONFIGURATIONS } from '../../../tools/kit/stacks/configurations';
import { readTemplate } from '../../../tools/kit/stacks/stacks';

const directory = synthesizeProduction(newDirectory());

test('the pipeline as production deploys it, with values instead of variables', () => {
  const text = readFileSync(join(directory, 'cdk.tf.json'), 'utf8');

  expect(text).toContain('lambda-payment-processor-production');
  expect(text).not.toContain('${var.');
});

test('it has every type of resource that a pipeline may have', () => {
  const types = (stack: object) => Object.keys((stack as { readonly resource: object }).resource);
  const names = (Object.keys(CONFIGURATIONS) as (keyof typeof CONFIGURATIONS)[]).filter(
    (name) => !name.startsWith('roles'),
  );
  const possible = new Set(names.flatMap((name) => types(readTemplate(name).json)));
  expect([...possible].filter((type) => !types(readStack(directory)).includes(type))).toEqual([]);
});

test('checkov reads all of it', () => {
  expect(ScannedStack.read(directory).unreadPolicies()).toEqual([]);
  expect(readStack(directory)).not.toHaveProperty('terraform.required_version');
});

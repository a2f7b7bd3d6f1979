import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { synthesizeProduction } from '../../../tools/scan/production-stack';
import { ScannedStack } from '../../../tools/scan/scanned-stack';
import { readStack } from '../../../tools/terraform/stack-file';
import { newDirectory } from '../../../tools/kit/new-directory';

const directory = synthesizeProduction(newDirectory());

test('the pipeline as production deploys it, with values instead of variables', () => {
  const text = readFileSync(join(directory, 'cdk.tf.json'), 'utf8');

  expect(text).toContain('lambda-payment-processor-production');
  expect(text).not.toContain('${var.');
});

test('checkov reads all of it', () => {
  expect(ScannedStack.read(directory).unreadPolicies()).toEqual([]);
  expect(readStack(directory)).not.toHaveProperty('terraform.required_version');
});

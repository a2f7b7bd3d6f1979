import { readFileSync } from 'node:fs';
import { join } from 'node:path';
// A type only: swc removes the import. Jest still counts it as a dependency, so `--onlyChanged` runs the readers when src changes.
import { type CONFIGURATIONS, type EXAMPLES } from './configurations';
import { StackGraph } from './stack-graph';
import { Template } from './template';

/** tools/kit/lanes/build.ts writes the stacks here before the suites run. */
export const STACKS_DIRECTORY = join(__dirname, '../../../node_modules/.cache/stacks');

export const API_KEY_SECRET_ARN = 'arn:aws:secretsmanager:ap-southeast-1:123456789012:secret:fraud-api-key-AbCdEf';
export const API_KEY_KMS_KEY_ARN = 'arn:aws:kms:ap-southeast-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab';

/** The endpoint service of a fraud API behind PrivateLink. */
export const PRIVATE_SERVICE = 'com.amazonaws.vpce.ap-southeast-1.vpce-svc-0123456789abcdef0';

type StackName = keyof typeof CONFIGURATIONS | `example-${keyof typeof EXAMPLES}`;

export function readTemplate(name: StackName): Template {
  return new Template(JSON.parse(readFileSync(join(STACKS_DIRECTORY, `${name}.json`), 'utf8')) as Template['json']);
}

export function readGraph(name: StackName): StackGraph {
  return new StackGraph(readTemplate(name).json);
}

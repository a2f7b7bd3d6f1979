import { readFileSync } from 'node:fs';
import { join } from 'node:path';
// jest reruns the readers of a stack when its sources change, because of this import, of which nothing is left at run time.
import { type CONFIGURATIONS } from './configurations';
import { StackGraph } from './stack-graph';
import { Template } from './template';

/** Where the stacks are written before the suites run (tools/kit/lanes/build.ts). */
export const STACKS_DIRECTORY = join(__dirname, '../../../node_modules/.cache/stacks');

export const API_KEY_SECRET_ARN = 'arn:aws:secretsmanager:ap-southeast-1:123456789012:secret:fraud-api-key-AbCdEf';
export const API_KEY_KMS_KEY_ARN = 'arn:aws:kms:ap-southeast-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab';

/** Of a fraud API behind PrivateLink. */
export const PRIVATE_SERVICE = 'com.amazonaws.vpce.ap-southeast-1.vpce-svc-0123456789abcdef0';

export function readTemplate(name: keyof typeof CONFIGURATIONS): Template {
  return new Template(JSON.parse(readFileSync(join(STACKS_DIRECTORY, `${name}.json`), 'utf8')) as Template['json']);
}

export function readGraph(name: keyof typeof CONFIGURATIONS): StackGraph {
  return new StackGraph(readTemplate(name).json);
}

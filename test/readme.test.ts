import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ModuleKind, transpileModule } from 'typescript';
import * as main from '../src/index';
import { synthesize } from './support/terraform';

const README = readFileSync(join(__dirname, '../README.md'), 'utf8');

/** The page's TypeScript, one block after the other as a reader would write them. */
const source = [...README.matchAll(/```ts\n(.*?)```/gs)].map(([, code]) => code).join('\n');

test('the examples of the README do what it says', () => {
  const { outputText } = transpileModule(source, { compilerOptions: { module: ModuleKind.CommonJS } });
  const template = synthesize((stack) => {
    const clientRole = new IamRole(stack, 'client', { assumeRolePolicy: '{}' });
    const required = (name: string) => {
      expect(name).toBe('cdktf-payment-pipeline');
      return main;
    };
    new Function('require', 'exports', 'clientRole', outputText).call(stack, required, {}, clientRole);
  });

  const { aws_lambda_function, aws_vpc, aws_iam_role_policy } = template.json.resource;
  expect(Object.keys(aws_lambda_function!)).toEqual(expect.arrayContaining(['payments_payment_processor', 'payouts_payment_processor']));
  expect(Object.keys(aws_vpc!)).toEqual(['payments_network_vpc']);
  expect(Object.keys(aws_iam_role_policy!)).toContain('payments_send_payments_client');
  expect(Object.keys(template.json.output as object)).toContain('payments_payment_queue_url');
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as archive from '@cdktf/provider-archive/lib/provider';
import * as iamRole from '@cdktf/provider-aws/lib/iam-role';
import * as aws from '@cdktf/provider-aws/lib/provider';
import * as random from '@cdktf/provider-random/lib/provider';
import * as cdktf from 'cdktf';
import { ModuleKind, transpileModule } from 'typescript';
import * as main from '../src/index';
import { peerDependencies } from '../package.json';
import { newDirectory } from '../tools/kit/new-directory';
import { readmeProgram, README_PACKAGES } from '../tools/kit/readme';
import { withoutTraces } from '../tools/kit/stacks/synthesize';

const outdir = newDirectory();

const PACKAGES: Readonly<Record<string, unknown>> = {
  '@cdktf/provider-archive/lib/provider/index.js': archive,
  '@cdktf/provider-aws/lib/iam-role': iamRole,
  '@cdktf/provider-aws/lib/provider/index.js': aws,
  '@cdktf/provider-random/lib/provider/index.js': random,
  cdktf: {
    ...cdktf,
    App: class extends cdktf.App {
      constructor() {
        super({ outdir });
      }
    },
  },
  'cdktf-payment-pipeline': main,
};

const CLIENT_ROLE = `const clientRole = new (require('@cdktf/provider-aws/lib/iam-role').IamRole)(stack, 'client', { assumeRolePolicy: '{}' });`;

test('the examples of the README do what it says', () => {
  const { outputText } = transpileModule(readmeProgram(CLIENT_ROLE), {
    compilerOptions: { module: ModuleKind.CommonJS },
  });
  const load = (name: string) => PACKAGES[name];
  withoutTraces(() => {
    new Function('require', 'exports', outputText)(load, {});
  });

  const { resource, output } = JSON.parse(readFileSync(join(outdir, 'stacks/payments/cdk.tf.json'), 'utf8')) as Record<
    string,
    Record<string, object>
  >;
  const ids = (type: string) => Object.keys(resource![type]!).map((id) => id.replace(/_[0-9A-F]{8}$/, ''));
  expect(ids('aws_lambda_function')).toEqual(
    expect.arrayContaining(['payments_payment_processor', 'payouts_payment_processor']),
  );
  expect(ids('aws_vpc')).toEqual(['payments_network_vpc']);
  expect(ids('aws_iam_role_policy')).toContain('payments_send_payments_client');
  expect(Object.keys(output!)).toContain('payments_payment_queue_url');
});

test('what it says is to be installed are the package and its peers', () => {
  const ranges = README_PACKAGES.slice(1).map((name) => name.replace(/@(?=[\d.]+$)/, '@^'));
  const asked = Object.entries(peerDependencies).map(([name, range]) => `${name}@${range}`);
  expect(README_PACKAGES[0]).toBe('cdktf-payment-pipeline');
  expect(asked.sort().map((peer) => ranges.some((range) => peer.startsWith(range)))).toEqual(asked.map(() => true));
  expect(ranges).toHaveLength(asked.length);
});

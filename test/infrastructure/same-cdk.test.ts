import { TerraformStack } from 'cdktf';
import { GitHubDeployRoles, PaymentPipeline } from '../../src/index';
import { REPOSITORY, STATE_BUCKET } from '../../tools/kit/stacks/deploy-roles';
import { someProps } from '../../tools/kit/stacks/pipeline-props';
import { testApp } from '../../tools/kit/stacks/synthesize';

/** A stack as the package `cdktn` makes it. jsii writes the package's name into its classes. */
class TerrainStack extends TerraformStack {}
Object.defineProperty(TerrainStack, Symbol.for('jsii.rtti'), {
  value: { fqn: 'cdktn.TerraformStack', version: '0.24.0' },
});

/** As a user's. */
class PaymentsStack extends TerrainStack {}

test.each<[string, (stack: TerraformStack) => unknown]>([
  ['PaymentPipeline', (stack) => new PaymentPipeline(stack, 'payments', someProps())],
  [
    'GitHubDeployRoles',
    (stack) => new GitHubDeployRoles(stack, 'github', { repository: REPOSITORY, stateBucket: STATE_BUCKET }),
  ],
])('%s of CDKTF refuses a stack of CDK Terrain in one sentence', (_, create) => {
  expect(() => create(new PaymentsStack(testApp(), 'test'))).toThrow(
    /all of CDK Terrain, and here are both \(cdktf 0\.21\.0, cdktn 0\.24\.0\): /,
  );
});

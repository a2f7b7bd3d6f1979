import { LambdaFunction } from '@cdktf/provider-aws/lib/lambda-function';
import { LAMBDA_RUNTIMES } from '../../src/contract/deployed-settings';
import { synthesizePipeline } from '../../tools/kit/stacks/synthesize';

/** Its bindings give each resource the version of the provider that they were generated from. */
function withProvider(providerVersion: string): void {
  Object.defineProperty(LambdaFunction.prototype, 'terraformGeneratorMetadata', {
    configurable: true,
    get: () => ({ providerName: 'aws', providerVersion }),
    set: () => undefined,
  });
}

let warnings: unknown[];

beforeEach(() => {
  warnings = [];
  jest.spyOn(process, 'emitWarning').mockImplementation((warning) => warnings.push(warning));
});

afterEach(() => {
  jest.restoreAllMocks();
  delete (LambdaFunction.prototype as { terraformGeneratorMetadata?: unknown }).terraformGeneratorMetadata;
});

test.each(LAMBDA_RUNTIMES)('both functions run on %s', (lambdaRuntime) => {
  const { json } = synthesizePipeline({ lambdaRuntime });
  const functions = Object.values(json.resource.aws_lambda_function ?? {});
  expect(functions.map(({ runtime }) => runtime)).toEqual([lambdaRuntime, lambdaRuntime]);
});

test('AWS provider 5 refuses nodejs24.x, and one warning says so', () => {
  synthesizePipeline({ lambdaRuntime: 'nodejs24.x' });
  expect(warnings).toEqual([
    expect.stringMatching(/^lambdaRuntime is 'nodejs24\.x', which AWS provider 5\.\d+\.\d+ refuses: /),
  ]);
});

test.each([
  ['6.18.0', 1],
  ['6.19.0', 0],
  ['6.100.0', 0],
  ['10.0.0', 0],
])('AWS provider %s: %d warnings', (version, count) => {
  withProvider(version);
  synthesizePipeline({ lambdaRuntime: 'nodejs24.x' });
  expect(warnings).toHaveLength(count);
});

test('nodejs22.x needs no warning', () => {
  synthesizePipeline();
  expect(warnings).toEqual([]);
});

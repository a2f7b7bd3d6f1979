import { pageText } from '../../tools/kit/documents';
import { customizedFiles, INSTALLED, OWN_STACK_FILES, PROPS_ERROR } from '../../tools/kit/own-stack';
import { README_PACKAGES } from '../../tools/kit/readme';
import { idsOf, runStackProgram } from '../../tools/kit/stack-program';

test('the first stack has the resources that the page counts', () => {
  const types = Object.values(runStackProgram(OWN_STACK_FILES, 'main.ts')!.resource);
  const all = types.flatMap((resources) => Object.keys(resources)).length;
  expect(pageText('docs/tutorials/your-own-stack.md')).toContain(`${all} resources of ${types.length} types`);
});

test('the customized stack has two pipelines that share a network, a role that may send, and an alarm', () => {
  const stack = runStackProgram(customizedFiles(), 'main.ts');
  expect(idsOf(stack, 'aws_lambda_function')).toEqual(
    expect.arrayContaining(['payments_payment_processor', 'payouts_payment_processor']),
  );
  expect(idsOf(stack, 'aws_vpc')).toEqual(['payments_network_vpc']);
  expect(idsOf(stack, 'aws_iam_role_policy')).toContain('payments_send_payments_sender');
  expect(stack!.resource.aws_cloudwatch_metric_alarm).toHaveProperty('circuit_opened.alarm_actions', [
    expect.stringMatching(/^\$\{aws_sns_topic\.payments_alerting_topic_\w+\.arn\}$/),
  ]);
  expect(JSON.stringify(stack)).toContain('"reserved_concurrent_executions":80');
});

test('the test of the stack passes on the customized one, and fails on the first', () => {
  const jest = { expect, test: (_title: string, body: () => void) => body() };
  const runTest = (files: typeof OWN_STACK_FILES) => runStackProgram(files, 'stack.test.ts', { '@jest/globals': jest });
  expect(() => runTest(customizedFiles())).not.toThrow();
  expect(() => runTest(OWN_STACK_FILES)).toThrow(/ON_FAILED_PAYMENT/);
});

test('bad props throw the error that the page shows', () => {
  const stack = customizedFiles()['stack.ts']!.replace('maxConcurrency: 80', 'maxConcurrency: 1, lambdaMemory: 64');
  const [, message = ''] = PROPS_ERROR.trim().split(/^PaymentPipelinePropsError: /);
  expect(() => runStackProgram({ ...OWN_STACK_FILES, 'stack.ts': stack }, 'main.ts')).toThrow(message);
  expect(message).toContain('\n- ');
});

test('its reader installs what the README says, and tools with it', () => {
  expect(INSTALLED.slice(0, README_PACKAGES.length)).toEqual(README_PACKAGES);
  expect(INSTALLED.slice(README_PACKAGES.length).join(' ')).toBe(
    'typescript@5 tsx@4 @types/node@22 jest@30 ts-jest@29 vitest@4',
  );
});

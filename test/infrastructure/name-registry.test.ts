import { TerraformStack, TerraformVariable } from 'cdktf';
import { PaymentPipeline } from '../../src';
import { type LooseProps, refusedFaults } from '../../tools/kit/stacks/pipeline-faults';
import { otherProps, someProps } from '../../tools/kit/stacks/pipeline-props';
import { synthesize, testApp, withoutTraces } from '../../tools/kit/stacks/synthesize';

describe('beside a pipeline of environment "dev" and queue "cards"', () => {
  const stack = new TerraformStack(testApp(), 'test');
  withoutTraces(() => new PaymentPipeline(stack, 'payments', someProps({ queueName: 'cards' })));

  /** What is said against the names of one more pipeline, which another fault keeps from being made. */
  const faultsOf = (props: LooseProps) => {
    const id = `pipeline_${stack.node.children.length}`;
    return refusedFaults(stack, id, { ...otherProps(), ...props, lambdaMemory: 1 }).filter(
      (fault) => !fault.startsWith('lambdaMemory'),
    );
  };

  test('another environment and another queue clash with nothing', () => {
    expect(faultsOf({ environment: 'dev-2', queueName: 'cards2' })).toEqual([]);
  });

  test('the same environment and the same queue are two faults', () => {
    expect(faultsOf({ environment: 'dev', queueName: 'cards' })).toEqual([
      `environment is 'dev', but must not be that of "test/payments": it is in the resources' names`,
      `queueName is 'cards', but must not be that of "test/payments", nor its dead-letter queue's`,
    ]);
  });

  test('a default clashes with the same value given', () => {
    expect(faultsOf({ environment: undefined })).toEqual([expect.stringMatching(/^environment is 'dev'/)]);
  });

  test("a payment queue of the name of the other's dead-letter queue is refused", () => {
    expect(faultsOf({ queueName: 'cards-dlq' })).toEqual([expect.stringMatching(/^queueName is 'cards-dlq'/)]);
  });

  test('a pipeline that was refused claims no name', () => {
    const names = { environment: 'staging', queueName: 'staging' };
    faultsOf(names);
    expect(faultsOf(names)).toEqual([]);
  });
});

test("a dead-letter queue of the name of another's payment queue is refused", () => {
  const stack = new TerraformStack(testApp(), 'test');
  withoutTraces(() => new PaymentPipeline(stack, 'payments', someProps({ queueName: 'cards-dlq' })));
  const faults = refusedFaults(stack, 'payouts', { ...otherProps({ queueName: 'cards' }) });
  expect(faults).toEqual([expect.stringMatching(/^queueName is 'cards'/)]);
});

test('two stacks may have the same names: they may deploy to two accounts', () => {
  const app = testApp();
  withoutTraces(() => {
    for (const id of ['one', 'other']) new PaymentPipeline(new TerraformStack(app, id), 'payments', someProps());
  });
});

test('one variable that is read twice is one name, and is told as Terraform has it', () => {
  synthesize((stack) => {
    const variable = new TerraformVariable(stack, 'environment', {});
    new PaymentPipeline(stack, 'one', someProps({ environment: variable.stringValue }));
    expect(refusedFaults(stack, 'other', { ...otherProps({ environment: variable.stringValue }) })).toEqual([
      `environment is '\${var.environment}', but must not be that of "test/one": it is in the resources' names`,
    ]);
  });
});

test('names that only Terraform knows are passed over', () => {
  synthesize((stack) => {
    const variable = (name: string) => new TerraformVariable(stack, name, {}).stringValue;
    for (const id of ['one', 'other']) {
      new PaymentPipeline(
        stack,
        id,
        someProps({ environment: variable(`${id}_environment`), queueName: variable(`${id}_queue`) }),
      );
    }
  });
});

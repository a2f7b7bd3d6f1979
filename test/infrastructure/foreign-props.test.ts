import { Lazy, TerraformVariable } from 'cdktf';
import { FraudApi, PaymentPipeline } from '../../src';
import { type PipelineRow, PROPS } from '../../src/infrastructure/prop-definitions';
import type { InstanceRule } from '../../src/infrastructure/prop-rules';
import { faultsOf, refusedFaults } from '../../tools/kit/stacks/pipeline-faults';
import { someProps } from '../../tools/kit/stacks/pipeline-props';
import { synthesize } from '../../tools/kit/stacks/synthesize';

/** The props that take what only this package makes, and their rules. */
const PROPS_OF_OURS = Object.entries<PipelineRow>(PROPS).flatMap(([prop, { rule }]): [string, InstanceRule][] =>
  rule !== undefined && 'classes' in rule ? [[prop, rule as InstanceRule]] : [],
);

/** A value for each of these props, made by a second copy of the package. */
function madeByCopy(): Record<string, unknown> {
  let made: Record<string, unknown> = {};
  jest.isolateModules(() => {
    const copy = jest.requireActual<typeof import('../../src')>('../../src');
    const kit = jest.requireActual<typeof import('../../tools/kit/stacks/synthesize')>(
      '../../tools/kit/stacks/synthesize',
    );
    kit.synthesize((stack) => {
      const fraudApi = copy.FraudApi.url('https://fraud.example/check');
      made = { fraudApi, ...new copy.PaymentPipeline(stack, 'payments', { ...someProps(), fraudApi }) };
    });
  });
  return made;
}

const copies = madeByCopy();

test('what only this package makes is the fraud API and each shared child', () => {
  expect(PROPS_OF_OURS.map(([prop]) => prop).sort()).toEqual([
    'alerting',
    'audit',
    'encryption',
    'fraudApi',
    'network',
  ]);
});

describe.each(PROPS_OF_OURS)('%s', (prop, { wanted }) => {
  /** A property of another pipeline that this prop does not take. */
  const other = prop === 'encryption' ? 'audit' : 'encryption';

  test.each<[what: string, value: unknown, shown: string]>([
    ['a plain object', {}, '{}'],
    ['null', null, 'null'],
    ['a text', 'payments', "'payments'"],
    ['a list', [], '[]'],
    ['a class', FraudApi, '[class FraudApi]'],
  ])('%s is refused', (_what, value, shown) => {
    expect(faultsOf({ [prop]: value })).toEqual(expect.arrayContaining([`${prop} is ${shown}, but must be ${wanted}`]));
  });

  test("another child, another copy's, and a token are refused, in a line", () => {
    synthesize((stack) => {
      const payments = new PaymentPipeline(stack, 'payments', someProps());
      const faultOf = (value: unknown) => {
        const props = { ...someProps(), environment: 'Other', queueName: 'other', [prop]: value };
        return refusedFaults(stack, `other_${stack.node.children.length}`, props).filter((fault) =>
          fault.startsWith(`${prop} `),
        );
      };
      const name = `${other[0]!.toUpperCase()}${other.slice(1)}`;
      expect(faultOf(payments[other])).toEqual([
        `${prop} is the ${name} "test/payments/${other}", but must be ${wanted}`,
      ]);
      expect(faultOf(new TerraformVariable(stack, 'given', {}))).toEqual([
        `${prop} is the TerraformVariable "test/given", but must be ${wanted}`,
      ]);
      const copied =
        prop === 'fraudApi'
          ? /^fraudApi is FraudApi \{/
          : new RegExp(`^${prop} is the \\w+ "test/payments/${prop}", but`);
      expect(faultOf(copies[prop])).toEqual([expect.stringMatching(copied)]);
      expect(faultOf(Lazy.anyValue({ produce: () => 1 }))).toHaveLength(1);
    });
  });
});

/** The props that the synthesis reads. */
const KNOWN_PROPS = Object.entries<PipelineRow>(PROPS).flatMap(([prop, { rule }]) =>
  rule?.refusesTokens === true && !('classes' in rule) ? [prop] : [],
);

test('the synthesis reads profile, alarms and what makes other resources', () => {
  expect(KNOWN_PROPS.sort()).toEqual(['alarms', 'auditLock', 'dataEvents', 'outcomes', 'profile']);
});

test.each(KNOWN_PROPS)('%s takes no token', (prop) => {
  for (const token of [Lazy.stringValue({ produce: () => 'dev' }), Lazy.anyValue({ produce: () => ({}) })])
    expect(faultsOf({ [prop]: token })).toEqual([expect.stringMatching(new RegExp(`^${prop} is .* but must be`, 's'))]);
});

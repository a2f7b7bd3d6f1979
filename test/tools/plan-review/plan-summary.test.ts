import { changesNothing } from '../../../tools/plan-review/plan-summary';
import { readPlanFile } from '../../../tools/plan-review/plan-file';
import {
  A_QUEUE,
  configuredAs,
  UNKNOWN,
  summary,
  planJson,
  type ChangeSaid,
  type PlanSaid,
} from '../../../tools/plan-review/fixtures/plans';
test('a sensitive value is in what a plan does only as a hash', () => {
  const said = summary({
    changes: [
      { ...A_QUEUE, after: { name: 'hunter2-name', list: ['hunter2-list'] }, sensitive: { name: true, list: [true] } },
    ],
    outputs: { o: { actions: ['create'], after: 'hunter2-output', after_unknown: false, after_sensitive: true } },
    variables: { key: 'hunter2-variable' },
    sensitiveVariables: ['key'],
  });

  expect(JSON.stringify(said)).not.toContain('hunter2');
  expect(JSON.stringify(said).match(/\$sensitive/g)).toHaveLength(4 + 1); // and the provider's settings
});

test('an expression of a sensitive value is hidden, too', () => {
  const said = summary({
    changes: [
      {
        actions: ['create'],
        after: {},
        unknown: { key: true },
        sensitive: { key: true },
        configured: { key: { constant_value: 'hunter2-${a.b}' } },
      },
    ],
  });

  expect(JSON.stringify(said)).not.toContain('hunter2');
});

test.each<[string, ChangeSaid[], boolean]>([
  ['nothing', [], true],
  ['what is only read', [{ address: 'data.aws_region.r', mode: 'data', actions: ['read'], after: {} }], true],
  ['a resource', [A_QUEUE], false],
])('%s is nothing to change, or is', (_what, changes, expected) => {
  expect(changesNothing(summary({ changes }))).toBe(expected);
});

describe('a plan that cannot be compared is refused', () => {
  test.each<[string, string, RegExp]>([
    ['no JSON', 'Error: x', /This is no plan as "terraform show -json"/],
    ['a state', '{"format_version": "1.0"}', /no plan .*\(configuration: /],
    ['a form that is not known', planJson({ more: { format_version: '2.0' } }), /no plan .*\(format_version: /],
    ['one that failed half way', planJson({ more: { errored: true } }), /failed half way/],
  ])('%s', (_what, json, sentence) => {
    expect(() => readPlanFile(json)).toThrow(sentence);
  });

  test.each<[string, PlanSaid, RegExp]>([
    [
      'for a local value',
      configuredAs({ constant_value: '${local.x}', references: ['local.x'] }),
      /aws_lambda_function\.f cannot be compared: it depends on local\.x/,
    ],
    [
      'for a module',
      { changes: [{ ...UNKNOWN, address: 'module.m.aws_lambda_function.f' }], more: withoutConfiguration() },
      /module\.m\.aws_lambda_function\.f cannot be compared/,
    ],
  ])('%s', (_what, said, sentence) => {
    expect(() => summary(said)).toThrow(sentence);
  });
});

function withoutConfiguration() {
  return { configuration: { root_module: {} } };
}

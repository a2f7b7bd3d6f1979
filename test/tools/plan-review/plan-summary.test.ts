import { changesNothing, differencesBetween, digestOf } from '../../../tools/plan-review/plan-summary';
import { readPlanFile } from '../../../tools/plan-review/plan-file';
import {
  A_QUEUE,
  digest,
  summary,
  planJson,
  type ChangeSaid,
  type PlanSaid,
} from '../../../tools/plan-review/fixtures/plans';

const ANOTHER: ChangeSaid = {
  address: 'aws_sns_topic.t',
  actions: ['create'],
  after: { name: 'alerts', tags: { a: '1', b: '2' } },
};
const UPDATE: ChangeSaid = { before: { name: 'q', delay: 0, size: 1 }, after: { name: 'q', delay: 5, size: 1 } };
const GONE: ChangeSaid = { ...A_QUEUE, actions: ['delete'], before: { name: 'q' }, after: null };
const UNKNOWN: ChangeSaid = {
  address: 'aws_lambda_function.f',
  actions: ['create'],
  after: { environment: [{}] },
  unknown: { arn: true, environment: [{ variables: true }] },
  configured: {
    environment: [
      {
        variables: {
          constant_value: { URL: '${aws_sqs_queue.q.url}' },
          references: ['aws_sqs_queue.q.url', 'aws_sqs_queue.q'],
        },
      },
    ],
  },
};

const configuredAs = (variables: unknown): PlanSaid => ({
  changes: [{ ...UNKNOWN, configured: { environment: [{ variables }] } }],
});

describe('the digest is the same', () => {
  test.each<[string, PlanSaid, PlanSaid]>([
    ['for the order of resources', { changes: [A_QUEUE, ANOTHER] }, { changes: [ANOTHER, A_QUEUE] }],
    [
      'for the order of keys',
      { changes: [ANOTHER] },
      { changes: [{ ...ANOTHER, after: { tags: { b: '2', a: '1' }, name: 'alerts' } }] },
    ],
    ['for null and not set', {}, { changes: [{ ...A_QUEUE, after: { name: 'payments', policy: null } }] }],
    [
      'for what stays as it is',
      { changes: [UPDATE] },
      { changes: [{ ...UPDATE, before: { ...UPDATE.before, size: 2 }, after: { ...UPDATE.after, size: 2 } }] },
    ],
    [
      'for resources without a change',
      {},
      { changes: [A_QUEUE, { address: 'aws_vpc.v', actions: ['no-op'], before: { a: 1 }, after: { a: 1 } }] },
    ],
    ['for outputs without a change', {}, { outputs: { o: { actions: ['no-op'], before: 1, after: 1 } } }],
    [
      'for another time, another Terraform and drift that is not undone',
      {},
      { more: { timestamp: '2027', terraform_version: '1.12.0', resource_drift: [{}], prior_state: {} } },
    ],
    [
      'for the order of references, where nothing else is known',
      configuredAs({ references: ['a.b', 'a'] }),
      configuredAs({ references: ['a', 'a.b', 'a'] }),
    ],
  ])('%s', (_what, one, other) => {
    expect(digest(other)).toBe(digest(one));
  });
});

describe('the digest is another', () => {
  test.each<[string, PlanSaid, PlanSaid]>([
    ['for another value', {}, { changes: [{ ...A_QUEUE, after: { name: 'other' } }] }],
    ['for one more resource', {}, { changes: [A_QUEUE, ANOTHER] }],
    ['for the same change of another resource', {}, { changes: [{ ...A_QUEUE, address: 'aws_sqs_queue.r' }] }],
    ['for another action', { changes: [UPDATE] }, { changes: [{ ...UPDATE, actions: ['delete', 'create'] }] }],
    [
      'for another order of actions',
      { changes: [{ ...UPDATE, actions: ['create', 'delete'] }] },
      { changes: [{ ...UPDATE, actions: ['delete', 'create'] }] },
    ],
    [
      'for another value before',
      { changes: [UPDATE] },
      { changes: [{ ...UPDATE, before: { ...UPDATE.before, delay: 1 } }] },
    ],
    ['for another order of a list', { changes: [{ after: { l: [1, 2] } }] }, { changes: [{ after: { l: [2, 1] } }] }],
    ['for what is unknown now', {}, { changes: [{ ...A_QUEUE, after: {}, unknown: { name: true } }] }],
    [
      'for another reason of the replacement',
      { changes: [{ ...UPDATE, more: { replace_paths: [['name']] } }] },
      { changes: [{ ...UPDATE, more: { replace_paths: [['delay']] } }] },
    ],
    [
      'for what a replacement is made with, though it was so before',
      { changes: [replacing({ a: 1, b: 1 }, { a: 2, b: 1 })] },
      { changes: [replacing({ a: 1, b: 2 }, { a: 2, b: 2 })] },
    ],
    [
      'for a move',
      { changes: [{ actions: ['no-op'] }] },
      { changes: [{ actions: ['no-op'], more: { previous_address: 'aws_sqs_queue.old' } }] },
    ],
    [
      'for an import',
      { changes: [{ actions: ['no-op'] }] },
      { changes: [{ actions: ['no-op'], more: { importing: { id: 'q' } } }] },
    ],
    [
      'for other code',
      { changes: [{ before: { source_code_hash: 'a' }, after: { source_code_hash: 'b' } }] },
      { changes: [{ before: { source_code_hash: 'a' }, after: { source_code_hash: 'c' } }] },
    ],
    [
      'for another output',
      { outputs: { o: { actions: ['create'], after: 1, after_unknown: false } } },
      { outputs: { o: { actions: ['create'], after: 2, after_unknown: false } } },
    ],
    ['for another region', {}, { region: 'elsewhere' }],
    ['for another of the providers, of which one is in another region', by('aws'), by('aws.elsewhere')],
    ['for another variable, as it may be in what is unknown', { variables: { url: 'a' } }, { variables: { url: 'b' } }],
    [
      'for another sensitive value',
      { changes: [{ ...A_QUEUE, sensitive: { name: true } }] },
      { changes: [{ ...A_QUEUE, after: { name: 'x' }, sensitive: { name: true } }] },
    ],
    [
      'for another expression of what is unknown',
      { changes: [UNKNOWN] },
      configuredAs({ constant_value: { URL: '${aws_sqs_queue.dlq.url}' } }),
    ],
    [
      'for another text around the same reference',
      configuredAs({ constant_value: '${a.b}-x', references: ['a.b'] }),
      configuredAs({ constant_value: '${a.b}-y', references: ['a.b'] }),
    ],
    [
      'for a provisioner of what is made',
      { changes: [A_QUEUE] },
      inConfiguration(A_QUEUE, { provisioners: [{ type: 'local-exec' }] }),
    ],
    [
      'for a provisioner of what is destroyed',
      { changes: [GONE] },
      inConfiguration(GONE, { provisioners: [{ type: 'local-exec' }] }),
    ],
    ['for another expression of an unknown output', unknownOutput('${a.b}'), unknownOutput('${a.c}')],
  ])('%s', (_what, one, other) => {
    expect(digest(other)).not.toBe(digest(one));
  });
});

function replacing(before: Record<string, number>, after: Record<string, number>): ChangeSaid {
  return { actions: ['delete', 'create'], before, after };
}

function unknownOutput(text: string): PlanSaid {
  return {
    outputs: { o: { actions: ['create'], after_unknown: true } },
    configuredOutputs: { o: { expression: { constant_value: text } } },
  };
}

function by(provider: string): PlanSaid {
  return inConfiguration(A_QUEUE, { provider_config_key: provider });
}

/** A plan of one change, whose block has fields other than arguments. */
function inConfiguration(change: ChangeSaid, fields: object): PlanSaid {
  const plan = JSON.parse(planJson({ changes: [change] })) as {
    configuration: { root_module: { resources: object[] } };
  };
  Object.assign(plan.configuration.root_module.resources[0]!, fields);
  return { more: plan };
}

test('the digest says which one it is', () => {
  expect(digest()).toMatch(/^sha256:[0-9a-f]{64}$/);
});

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

test('an expression of what is sensitive is hidden, too', () => {
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

test('an indexed resource is known by its block', () => {
  const indexed = (text: string) =>
    summary({
      changes: [
        { ...UNKNOWN, address: 'aws_lambda_function.f["a.b"]', configured: { environment: { constant_value: text } } },
      ],
    });

  expect(digestOf(indexed('${a.b}'))).not.toBe(digestOf(indexed('${a.c}')));
});

const TWO_VALUES = { before: { delay: 0, key: 'old' }, after: { delay: 5, key: 'new' } };

function differences(reviewed: PlanSaid, now: PlanSaid): string[] {
  return differencesBetween(summary(reviewed), summary(now));
}

test('plans that do the same do not differ', () => {
  expect(differences({}, {})).toEqual([]);
});

test.each<[string, PlanSaid, PlanSaid, string]>([
  [
    'a value',
    { changes: [TWO_VALUES] },
    { changes: [{ ...TWO_VALUES, after: { ...TWO_VALUES.after, delay: 30 } }] },
    'aws_sqs_queue.q, after.delay: 5 when reviewed, 30 now',
  ],
  [
    'a value before',
    { changes: [TWO_VALUES] },
    { changes: [{ ...TWO_VALUES, before: { ...TWO_VALUES.before, delay: 9 } }] },
    'aws_sqs_queue.q, before.delay: 0 when reviewed, 9 now',
  ],
  [
    'a value that was known',
    {},
    { changes: [{ ...A_QUEUE, after: {}, unknown: { name: true } }] },
    'aws_sqs_queue.q, after.name: "payments" when reviewed, "(known after apply)" now',
  ],
  ['a resource more', { changes: [] }, {}, 'aws_sqs_queue.q: create now, and was not in the reviewed plan'],
  [
    'a resource less',
    { changes: [{ ...A_QUEUE, actions: ['delete', 'create'] }] },
    { changes: [] },
    'aws_sqs_queue.q: delete and create when reviewed, and is not in the plan now',
  ],
  [
    'an output',
    { outputs: {} },
    { outputs: { o: { actions: ['update'], before: 1, after: 2 } } },
    'output o: update now, and was not in the reviewed plan',
  ],
  ['a variable', { variables: { url: 'a' } }, { variables: { url: 'b' } }, 'variable url: "a" when reviewed, "b" now'],
  [
    'the settings of a provider, of which none is shown',
    { region: 'here' },
    { region: 'there' },
    'configuration of the provider aws: is another now',
  ],
  [
    'a part of a document',
    policy('a'),
    policy('b'),
    'aws_sqs_queue.q, after.policy.Statement.0.Sid: "a" when reviewed, "b" now',
  ],
])('%s', (_what, reviewed, now, line) => {
  expect(differences(reviewed, now)).toEqual([line]);
});

function policy(Sid: string): PlanSaid {
  return {
    changes: [{ actions: ['create'], after: { policy: JSON.stringify({ Statement: [{ Sid, Effect: 'Allow' }] }) } }],
  };
}

test('plans that differ never do so without a word', () => {
  const written = (indent: number): PlanSaid => ({
    changes: [{ actions: ['create'], after: { policy: JSON.stringify({ Statement: [] }, null, indent) } }],
  });

  expect(differences(written(0), written(2))).toEqual([
    'a document within a value is written otherwise, and says the same',
  ]);
});

test('a sensitive value differs without being shown, and without its hash', () => {
  const [line, ...more] = differences(
    { changes: [{ ...TWO_VALUES, sensitive: { key: true } }] },
    { changes: [{ ...TWO_VALUES, after: { ...TWO_VALUES.after, key: 'newer' }, sensitive: { key: true } }] },
  );

  expect([line, more]).toEqual(['aws_sqs_queue.q, after.key: "(sensitive)" when reviewed, "(sensitive)" now', []]);
});

test('a long value is cut', () => {
  const [line] = differences({}, { changes: [{ ...A_QUEUE, after: { name: 'x'.repeat(10_000) } }] });

  expect(line).toMatch(/^aws_sqs_queue\.q, after\.name: "payments" when reviewed, "x{299}… now$/);
});

test('an account stays masked, wherever a long value is cut', () => {
  const named = (length: number): PlanSaid => ({
    changes: [{ ...A_QUEUE, after: { name: `${'x'.repeat(length)}:123456789012:q` } }],
  });

  const lines = Array.from({ length: 20 }, (_, n) => differences({}, named(280 + n))).flat();

  expect(lines).toHaveLength(20);
  expect(lines.filter((line) => /\d/.test(line))).toEqual([]);
});

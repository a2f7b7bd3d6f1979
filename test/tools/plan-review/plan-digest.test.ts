import { digestOf } from '../../../tools/plan-review/plan-summary';
import {
  A_QUEUE,
  configuredAs,
  UNKNOWN,
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

/** A plan of one change, whose block says something in addition to its arguments. */
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

test('an indexed resource is known by its block', () => {
  const indexed = (text: string) =>
    summary({
      changes: [
        { ...UNKNOWN, address: 'aws_lambda_function.f["a.b"]', configured: { environment: { constant_value: text } } },
      ],
    });

  expect(digestOf(indexed('${a.b}'))).not.toBe(digestOf(indexed('${a.c}')));
});

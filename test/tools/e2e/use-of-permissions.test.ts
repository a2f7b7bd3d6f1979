import { granted, inWords, madeAs, useOf } from '../../../tools/e2e/payments/use-of-permissions';

const TABLE = 'arn:aws:dynamodb:eu-west-1:123456789012:table/payments';
const ADDRESSES = new Map([
  [TABLE, 'aws_dynamodb_table.t'],
  [`${TABLE}/stream`, 'aws_dynamodb_table.s'],
]);

const read = { action: 'dynamodb:GetItem', on: 'aws_dynamodb_table.t' };
const query = { action: 'dynamodb:Query', on: 'aws_dynamodb_table.t/index/by-time' };
const trace = { action: 'xray:PutTraceSegments', on: '*' };

const TRACES = { because: "traces: Lambda's daemon sends them", actions: ['xray:PutTraceSegments'], on: ['*'] };

test('what a policy grants: each action on each resource, by address; what it denies is no grant', () => {
  const statements = [
    { Effect: 'Allow', Action: ['dynamodb:GetItem', 'dynamodb:Query'], Resource: [TABLE, `${TABLE}/index/by-time`] },
    { Effect: 'Deny', Action: 'dynamodb:Scan', Resource: TABLE },
    { Effect: 'Allow', Action: 'xray:PutTraceSegments', Resource: '*' },
  ] as const;

  expect(granted(statements as never, ADDRESSES)).toEqual([
    read,
    { ...read, on: query.on },
    { ...query, on: read.on },
    query,
    trace,
  ]);
});

test("a role's calls are those of its sessions", () => {
  const call = (by: string) => ({ by: `arn:aws:sts::123456789012:${by}`, action: read.action, on: TABLE });

  expect(
    madeAs('role', [call('assumed-role/role/e2e'), call('assumed-role/role-2/e2e'), call('user/role')], ADDRESSES),
  ).toEqual([read]);
});

test('the longest address counts: what belongs to a resource may be one itself', () => {
  expect(granted([{ Effect: 'Allow', Action: 'a:B', Resource: `${TABLE}/stream` }], ADDRESSES)).toEqual([
    { action: 'a:B', on: 'aws_dynamodb_table.s' },
  ]);
});

describe('the use of granted permissions', () => {
  test('used, unused for a reason, or needless', () => {
    expect(useOf([read, query, trace], [read, read], [TRACES])).toEqual({
      used: [read],
      unused: [{ because: TRACES.because, permissions: [trace] }],
      needless: [query],
    });
  });

  test.each([
    ['another action', { ...query, action: 'dynamodb:Scan' }],
    ['another resource', { ...query, on: 'aws_dynamodb_table.t' }],
  ])('is no call of %s', (_what, call) => {
    expect(useOf([query], [call], []).needless).toEqual([query]);
  });

  test('needs no reason, and none is printed', () => {
    expect(useOf([trace], [trace], [TRACES])).toEqual({ used: [trace], unused: [], needless: [] });
  });
});

test('rights in words are those on each resource', () => {
  expect(inWords([read, trace, { ...read, action: 'dynamodb:PutItem' }])).toBe(
    'dynamodb:GetItem, dynamodb:PutItem on aws_dynamodb_table.t; xray:PutTraceSegments on *',
  );
});

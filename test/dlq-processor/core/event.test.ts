import { InvalidEventError, readEvent } from '../../../src/dlq-processor/core/event';

const ACTOR = 'arn:aws:sts::123456789012:assumed-role/payments-operator/alice@example.com';

/** The faults of the event. */
function faults(event: unknown): readonly string[] {
  try {
    readEvent(event);
  } catch (error) {
    if (error instanceof InvalidEventError) return error.faults;
    throw error;
  }
  throw new Error('The event was accepted.');
}

test.each([undefined, null, {}, { action: 'analyze' }, { dryRun: false, reason: 'a look', actor: ACTOR }])(
  '%j asks for an analysis',
  (event) => {
    expect(readEvent(event)).toEqual({ action: 'analyze', limit: 10_000, dryRun: false });
  },
);

test.each([1, 100_000])('a limit of %d is kept', (limit) => {
  for (const action of ['analyze', 'redrive']) expect(readEvent({ action, limit })).toMatchObject({ action, limit });
});

test('a redrive without options, and with all', () => {
  expect(readEvent({ action: 'redrive' })).toStrictEqual({ action: 'redrive', limit: 10_000, dryRun: false });
  const event = {
    action: 'redrive',
    dryRun: true,
    limit: 5,
    transactionIds: ['tx-1', 'tx-1'],
    accountIds: ['account-1'],
    reason: 'repaired',
    actor: ACTOR,
  };
  expect(readEvent(event)).toEqual({ ...event, transactionIds: new Set(['tx-1']), accountIds: new Set(['account-1']) });
});

test('a discard has a reason', () => {
  const event = { action: 'discard', reason: 'the customer paid otherwise' };
  expect(readEvent(event)).toEqual({ ...event, limit: 10_000, dryRun: false });
  expect(faults({ action: 'discard' })).toEqual(['discard needs a reason: say why the payments are given up']);
});

test('a resolution has ids, a decision, a reason and an actor', () => {
  const event = {
    action: 'resolve',
    transactionIds: ['tx-1'],
    decision: 'decline',
    reason: 'a stolen card',
    actor: ACTOR,
  };
  expect(readEvent(event)).toEqual({ ...event, transactionIds: new Set(['tx-1']), limit: 10_000, dryRun: false });
  expect(faults({ action: 'resolve', accountIds: ['account-1'] })).toEqual([
    'accountIds does not apply to resolve: leave it out',
    'resolve needs transactionIds: name the payments',
    'resolve needs decision: say approve or decline',
    'resolve needs a reason: say why',
    'resolve needs actor: say who decides',
  ]);
});

test('a measurement has no options, and a decision is for a resolution alone', () => {
  expect(readEvent({ action: 'measure' })).toStrictEqual({ action: 'measure' });
  for (const action of ['measure', 'analyze', 'redrive'])
    expect(faults({ action, decision: 'approve' })[0]).toContain(`decision does not apply to ${action}`);
  expect(faults({ action: 'measure', transactionIds: ['tx-1'] })).toHaveLength(1);
});

test.each([
  ACTOR,
  'alice',
  'the reconciliation job',
  'arn:aws:iam::123456789012:root',
  'arn:aws:iam::123456789012:user/division/alice',
  'arn:aws-us-gov:sts::123456789012:federated-user/alice',
  'arn:aws-cn:sts::123456789012:assumed-role/AWSReservedSSO_operator_0123456789abcdef/alice',
])('%s is an actor', (actor) => {
  expect(readEvent({ action: 'redrive', actor })).toMatchObject({ actor });
});

test.each(['analyze', 5, true, [], [{ action: 'analyze' }]])('%j is not an object', (event) => {
  expect(faults(event)).toEqual(['it must be an object']);
});

test.each([
  ['action', ['Analyze', '', null, 1, ['analyze']], 'must be one of analyze, redrive, discard, resolve, measure'],
  ['decision', ['Approve', 'review', '', null, 1], 'must be one of approve, decline'],
  ['dryRun', ['true', 0, null], 'must be true or false'],
  ['limit', [0, -1, 100_001, 1.5, '10', null, [10]], 'must be a whole number from 1 to 100000'],
  ...['reason', 'actor'].map((field): [string, unknown[], string] => [
    field,
    ['', '  ', 7, null, 'x'.repeat(257), 'card 4111 1111 1111 1111', '\ud800'],
    'must be a text of 1 to 256 characters without a card number',
  ]),
])('%s is not %j: it %s', (field, values, rule) => {
  for (const value of values)
    expect(faults({ ...(field === 'decision' && { action: 'resolve' }), [field]: value })).toContain(
      `${field} ${rule}`,
    );
});

test.each(['transactionIds', 'accountIds'])(
  '%s must be a list of texts, and is for other actions than analyze',
  (field) => {
    for (const value of ['tx-1', [], [''], ['tx-1', 2], null, { 0: 'tx-1' }]) {
      expect(faults({ action: 'redrive', [field]: value })).toEqual([
        `${field} must be a list of non-empty texts, with one at least`,
      ]);
    }
    for (const action of ['analyze', undefined]) {
      expect(faults({ action, [field]: ['tx-1'] })).toEqual([
        `${field} does not apply to analyze, which counts every failed payment: leave it out`,
      ]);
    }
  },
);

test('every fault is named at once, each once, and no value', () => {
  const event: unknown = JSON.parse(
    `{"action":"4111-a","dryRun":"4111","limit":411100,"limits":1,"__proto__":{"limit":4111},"constructor":1,
      "account-4111":1,"account-4112":1,"4111-account":1,"transactionIds":[4111,4111],"reason":4111}`,
  );
  const named = [
    'limits is none of its fields',
    '__proto__ is none of its fields',
    'constructor is none of its fields',
    'a name that is not shown here is none of its fields',
    'action must be one of analyze, redrive, discard, resolve, measure',
    'dryRun must be true or false',
    'limit must be a whole number from 1 to 100000',
    'transactionIds must be a list of non-empty texts, with one at least',
    'reason must be a text of 1 to 256 characters without a card number',
  ];
  expect(faults(event)).toEqual(named);
  expect(() => readEvent(event)).toThrow(expect.objectContaining({ name: 'InvalidEventError' }) as Error);
  expect(() => readEvent(event)).toThrow(
    `The event is refused, nothing was done: ${named.join('; ')}. Its fields are action, dryRun, limit, transactionIds, ` +
      'accountIds, reason, decision, actor; send, for example, {"action":"redrive","limit":100,"dryRun":true}.',
  );
});

import { DeadLetterWorld } from '../../../tools/kit/cores/dead-letter-world';
import { failures, NOON, type SomeFailures } from '../../../tools/kit/cores/failures';
import { hashOf } from '../../../tools/kit/cores/telemetry';

let world: DeadLetterWorld;
beforeEach(() => {
  world = new DeadLetterWorld();
  world.clock.advance(NOON - world.clock.now());
});

function fail(...some: readonly SomeFailures[]): void {
  world.index.push(...failures(...some));
}

describe('the alert', () => {
  beforeEach(() => {
    fail({ count: 200, accounts: 30, release: 'bad' });
    world.approvals = ['good', 'good', 'good'];
  });

  test('names the pattern and what to do, and no account', async () => {
    expect(await world.analyze()).toMatchObject({
      patterns: [{ kind: 'bad_release', subject: 'bad', failed: 200, accounts: 30 }],
      alerted: ['bad_release'],
    });
    expect(world.alerts).toEqual([{ subject: 'Failed payments: bad release', text: expect.any(String) as string }]);
    const { text } = world.alerts[0]!;
    expect(text).toContain(
      'bad_release (bad): 200 failed payments of 30 accounts, from 2026-01-02T12:00:00.000Z to 2026-01-02T12:19:54.000Z.',
    );
    expect(text).toContain('Roll the release back');
    expect(text).not.toContain('account-');
  });

  test('is published once within an hour, then again', async () => {
    await world.analyze();
    world.clock.advance(3_599_000);
    expect(await world.analyze()).toMatchObject({ patterns: [{ kind: 'bad_release' }], alerted: [] });
    expect(world.alerts).toHaveLength(1);
    world.clock.advance(2_000);
    expect(await world.analyze()).toMatchObject({ alerted: ['bad_release'] });
  });

  test('names only new patterns', async () => {
    await world.analyze();
    fail({ count: 50, code: 'FRAUD_CHECK_REFUSED', release: 'good', from: 120 });
    world.approvals = Array.from({ length: 100 }, () => 'good');
    expect(await world.analyze()).toMatchObject({
      alerted: ['new_refusal'],
      patterns: [{ kind: 'new_refusal' }, { kind: 'bad_release' }],
    });
    expect(world.alerts[1]!.text).not.toContain('bad_release');
  });

  test('names a pattern of the same kind with another subject', async () => {
    await world.analyze();
    fail({ count: 200, accounts: 30, release: 'bad, too', from: 120 });
    expect(await world.analyze()).toMatchObject({
      alerted: ['bad_release'],
      patterns: [{ subject: 'bad, too' }, { subject: 'bad' }],
    });
    expect(world.alerts).toHaveLength(2);
  });

  test('is one, however many patterns', async () => {
    fail({ count: 50, code: 'FRAUD_CHECK_REFUSED', release: 'good', from: 120 });
    world.approvals = Array.from({ length: 100 }, () => 'good');
    expect(await world.analyze()).toMatchObject({ alerted: ['new_refusal', 'bad_release'] });
    expect(world.alerts.map(({ subject }) => subject)).toEqual([
      'Failed payments: the fraud API refuses what it used to take and 1 more',
    ]);
    // A paragraph for each pattern, and one that says where the details are.
    const paragraphs = world.alerts[0]!.text.split('\n\n');
    expect(paragraphs.map((paragraph) => paragraph.split(' ')[0])).toEqual(['new_refusal', 'bad_release', 'Details:']);
    expect(paragraphs[2]).toContain('{"action":"analyze"}');
  });

  test('is published once by two analyses at the same time', async () => {
    await Promise.all([world.analyze(), world.analyze()]);
    expect(world.alerts).toHaveLength(1);
  });

  test('that the topic refuses does not fail the analysis, and is due again three minutes later', async () => {
    world.fail('publish');
    expect(await world.analyze()).toMatchObject({
      failedPayments: 200,
      alerted: [],
      alertError: expect.stringContaining('The alert topic could not publish: Throttled') as string,
    });
    world.clock.advance(181_000);
    expect(await world.analyze()).toMatchObject({ alerted: ['bad_release'] });
  });

  test('a dry run publishes none, and stores none', async () => {
    expect(await world.analyze({ dryRun: true })).toMatchObject({ patterns: [{ kind: 'bad_release' }], alerted: [] });
    expect(world.alerts).toEqual([]);
    expect(await world.analyze()).toMatchObject({ alerted: ['bad_release'] });
  });
});

test.each<[what: string, prepare: () => void, subject: RegExp, text: string, ending: RegExp]>([
  [
    'of one account',
    () => {
      fail({ count: 5, account: 'alice' });
    },
    /one account/,
    `poison_account (${hashOf('alice')}): 5 failed payments of 1 account, from 2026-01-02T12:00:00.000Z to 2026-01-02T12:00:24.000Z.`,
    /For example: transaction tx-\d+$/,
  ],
  [
    'of an outage',
    () => {
      fail({ count: 10 });
      world.approvals = Array.from({ length: 10 }, () => 'release-1');
    },
    /outage/,
    'outage (FRAUD_CHECK_UNAVAILABLE): 10 failed payments of 10 accounts',
    /For example: transaction tx-\d+$/,
  ],
  [
    'of invalid messages',
    () => {
      for (const group of ['a', 'b', 'c']) world.bury({ body: 'not JSON', group }, 'INVALID_JSON');
    },
    /invalid messages/,
    'unreadable_messages (dead-letter queue): 3 in a sample of the dead-letter queue.\nFind the client',
    /message ids\.$/,
  ],
])('the alert %s counts what failed, and names what it is', async (_, prepare, subject, text, ending) => {
  prepare();
  await world.analyze();
  const [alert] = world.alerts;
  expect(alert!.subject).toMatch(subject);
  expect(alert!.text).toContain(text);
  expect(alert!.text.split('\n\n')[0]).toMatch(ending);
});

test("an error that is not the topic's fails the analysis", async () => {
  fail({ count: 5, account: 'alice' });
  world.beforeNext('publish', () => {
    throw new TypeError('a fault of the program');
  });
  await expect(world.analyze()).rejects.toThrow('a fault of the program');
});

test('an alert that fails is logged by its service and code', async () => {
  fail({ count: 5, account: 'alice' });
  world.fail('publish');
  await world.analyze();
  expect(world.logs).toEqual([{ event: expect.any(String) as string, error_code: 'alert topic: Throttled' }]);
});

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { colours } from '../../src/cli/escaped-text';
import { byStatus, heldPayment, identityOf, type PaymentRecord } from '../../src/contract';
import { analyze } from '../../src/ops/analyze';
import { DynamoDbPayments } from '../../src/ops/dynamodb-payments';
import { findHeldAccounts, type HeldRow, renderHeldAccounts } from '../../src/ops/held-accounts';
import type { Services } from '../../src/ops/services';
import { renderSnapshot } from '../../src/ops/snapshot-view';
import { type Tick, viewFor } from '../../src/ops/watch-view';
import { anEntry, aPayment, aRecord } from '../../tools/kit/payments/payments';
import { body, ScriptedServer } from '../../tools/kit/scripted-server';
import { terminalOf } from '../../tools/kit/ops/ops-bench';

const LOOK = { full: false, colours: colours(false), width: 80 };
const NOW = Date.UTC(2026, 0, 10);
const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000];
const ROW: HeldRow = { account: '…4711', since: '2026-01-02T03:01:00.000Z', waiting: 1, blocker: null };

describe('the table of held accounts', () => {
  test.each([
    [59_999, '0 min ago'],
    [119 * MINUTE, '119 min ago'],
    [2 * HOUR, '2 h ago'],
    [2 * DAY - 1, '47 h ago'],
    [2 * DAY, '2 days ago'],
    [4 * DAY - 1, '3 days ago'],
    [-5 * MINUTE, '0 min ago'], // by the clock of another machine
  ])('of %i ms says %s', (age, expected) => {
    const row = { ...ROW, since: new Date(NOW - age).toISOString() };
    expect(String(renderHeldAccounts(1, false, [row], LOOK, '', NOW))).toContain(` ${expected} `);
  });

  test.each([
    [0, false, [], ' (-1)', /^No account is held \(-1\)\.$/],
    [1, false, [ROW], '', /^1 account is held\.\n┌/],
    [2, false, [], '', /^2 accounts are held\.$/], // each was lifted meanwhile
    [10_000, true, [ROW], '', /^10000 or more accounts are held\.\n┌/],
  ])('of %i accounts (more: %s)', (count, more, rows, change, expected) => {
    expect(String(renderHeldAccounts(count, more, rows, LOOK, change, NOW))).toMatch(expected);
  });

  test('an analysis without time for it says so', async () => {
    const found = {
      byFailureCode: {},
      byRelease: {},
      byAge: {},
      byAccount: [],
      sample: null,
      patterns: [],
      alerted: [],
      more: false,
      deadLetters: null,
      heldAccounts: null,
    };
    const { text } = await analyze(
      {},
      { dlqProcessor: { invoke: () => Promise.resolve(found) } } as unknown as Services,
      LOOK,
    );
    expect(String(text)).toContain('Held accounts: no time was left to look.');
  });
});

describe('the payment that a held account waits for', () => {
  const payment = aPayment({ transaction_id: 'tx-1', account_id: 'account-4711' });
  const find = async (records: readonly PaymentRecord[], entries = [heldPayment(identityOf(payment), '1')]) => {
    const payments = {
      heldAccounts: () =>
        Promise.resolve({ count: 1, more: false, oldest: [{ account_id: 'account-4711', since: ROW.since }] }),
      held: () => Promise.resolve(entries),
      read: (id: string) => Promise.resolve(records.find(({ transaction_id }) => transaction_id === id)),
    };
    return (await findHeldAccounts({ payments: payments as unknown as Services['payments'] })).longest;
  };

  test.each<[string, PaymentRecord[]]>([
    ['that has no record', []],
    ['whose transaction id belongs to another payment', [aRecord({ ...payment, account_id: 'account-9999' })]],
    [
      'that was discarded',
      [
        aRecord(payment, {
          payment_status: 'FAILED',
          failure_code: 'DISCARDED',
          history: [anEntry(), anEntry({ status: 'FAILED', reason: 'cancelled' })],
        }),
      ],
    ],
  ])('is no payment %s', async (_which, records) => {
    expect(await find(records)).toEqual([
      { account_id: 'account-4711', since: ROW.since, waiting: 1, waits_for: null },
    ]);
  });

  test('no earlier failure of a payment in the queue is shown', async () => {
    const redriven = aRecord(payment, { failure_code: 'FRAUD_CHECK_UNAVAILABLE' });
    expect(await find([redriven])).toMatchObject([{ waits_for: { transaction_id: 'tx-1', state: 'on its way' } }]);
    expect((await find([redriven]))[0]!.waits_for).not.toHaveProperty('failure_code');
  });

  test('a hold that has lost its last entry since the index was read is left out', async () => {
    expect(await find([], [])).toEqual([]);
  });
});

describe('the status index', () => {
  let table: ScriptedServer;
  let payments: DynamoDbPayments;
  beforeAll(async () => {
    table = new ScriptedServer();
    await table.start();
    const client = new DynamoDBClient({
      region: 'eu-west-1',
      endpoint: new URL(table.url).origin,
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    });
    payments = new DynamoDbPayments(client, 'payments', { region: 'eu-west-1', foundBy: '' });
  });
  afterAll(() => table.stop());
  const requests = () => table.requests.map((request) => JSON.parse(request.body) as Record<string, unknown>);

  test('is read page by page, each from the end of the one before; the ten oldest are of all pages', async () => {
    const item = (n: number) => ({ transaction_id: { S: `hold#account-${n}` }, timestamp: { S: ROW.since } });
    const end = { transaction_id: { S: 'hold#account-7' } };
    const pages = [
      [1, 2, 3, 4, 5, 6, 7],
      [8, 9, 10, 11, 12],
    ].map((numbers) => numbers.map(item));
    table.answers(
      body(JSON.stringify({ Count: 7, Items: pages[0], LastEvaluatedKey: end })),
      body(JSON.stringify({ Count: 5, Items: pages[1] })),
    );
    const { count, more, oldest } = await payments.heldAccounts();

    expect({ count, more }).toEqual({ count: 12, more: false });
    expect(oldest.map(({ account_id }) => account_id)).toEqual(
      [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((n) => `account-${n}`),
    );
    expect(requests()).toMatchObject([{ Limit: 10_001 }, { Limit: 9_994, ExclusiveStartKey: end }]);
    expect(requests()[0]).not.toHaveProperty('ExclusiveStartKey');
  });

  test.each([
    [10_000, false],
    [10_001, true],
  ])('with %i held accounts, that there are more is %s', async (Count, more) => {
    table.answers(body(JSON.stringify({ Count, Items: [] })));
    expect(await payments.heldAccounts()).toEqual({ count: 10_000, more, oldest: [] });
  });

  test('holds and records are read as they are now', async () => {
    table.answers(body('{}'));
    await payments.held('account-1');
    await payments.read('tx-1');
    expect(requests()).toMatchObject([
      { Key: { transaction_id: { S: 'hold#account-1' } }, ConsistentRead: true },
      { Key: { transaction_id: { S: 'tx-1' } }, ConsistentRead: true },
    ]);
  });
});

describe('watch', () => {
  const longest = [
    {
      account_id: 'account-4711',
      since: ROW.since,
      waiting: 2,
      waits_for: { transaction_id: 'tx-1', state: 'failed', failure_code: 'FRAUD_CHECK_REFUSED' },
    },
  ] as const;
  const NONE = { count: 0, more: false };
  const tick = (held: Partial<Tick['held_accounts']> = {}): Tick => ({
    at: '2026-01-10T00:00:00.000Z',
    place: 'payments in eu-west-1',
    queues: [],
    functions: [],
    alarms: [],
    failures: [],
    payments: byStatus(() => NONE),
    held_accounts: { count: 1, more: false, longest, ...held },
  });
  const writtenAt = (rows: number | undefined, json: boolean, ...ticks: readonly Tick[]) => {
    const terminal = terminalOf(rows === undefined ? {} : { rows });
    const view = viewFor({ interval: 1, json }, LOOK, terminal);
    ticks.forEach((one, index) => {
      view.show(one, ticks[index - 1]);
    });
    return terminal.stdout.text;
  };

  test('at a terminal shows them, without account numbers, and how many have come or gone', () => {
    const screen = writtenAt(60, false, tick(), tick({ count: 3 }));
    expect(screen).toMatch(/\n1 account is held\.\n[^]*…4711 [^]*│ tx-1 [^]*failed: FRAUD_CHECK_REFUSED /);
    expect(screen).toContain('\n3 accounts are held (+2).\n');
    expect(screen).not.toContain('account-4711');
  });

  test('of more than can be counted says no change', () => {
    expect(String(renderSnapshot(tick({ count: 10_000, more: true }), LOOK, tick({ count: 9_999 })))).toContain(
      '\n10000 or more accounts are held.\n',
    );
  });

  test.each([
    [{ count: 0 }, '0 accounts held'],
    [{ count: 1 }, '1 account held'],
    [{ count: 3 }, '3 accounts held'],
    [{ count: 10_000, more: true }, '10000 or more accounts held'],
  ])('as a line, with %j, says %s', (held, expected) => {
    expect(writtenAt(undefined, false, tick(held))).toContain(`; ${expected}; `);
  });

  test('for scripts names the payment that each waits for, without account numbers', () => {
    const { held_accounts } = JSON.parse(writtenAt(undefined, true, tick())) as Tick;
    expect(held_accounts).toEqual({ count: 1, more: false, longest: [{ ...longest[0], account_id: '…4711' }] });
  });

  test('fits the window of each snapshot', () => {
    const terminal = terminalOf({ rows: 60 });
    const view = viewFor({ interval: 1 }, LOOK, terminal);
    const waits_for = { transaction_id: 'x'.repeat(64), state: 'parked' } as const;
    const one = tick({ longest: [{ ...longest[0], waits_for }] });
    view.show(one, undefined);
    expect(terminal.stdout.text).toContain(`│ 2        │ ${'x'.repeat(64)} │`);
    const before = terminal.stdout.text.length;
    Object.assign(terminal.stdout, { columns: 80 });
    view.show(one, undefined);
    expect(terminal.stdout.text.slice(before)).toMatch(new RegExp(`│ Waits for: +│\\n│ ${'x'.repeat(64)} +│`));
  });
});

test('the blocker of a held account is escaped', () => {
  const row = {
    ...ROW,
    since: '\u001b[2J',
    blocker: { id: 'a\u001b[2J', state: 'failed', failureCode: '\u202e' },
  } as const;
  expect(String(renderHeldAccounts(1, false, [row], LOOK))).toMatch(/\\x1b\[2J[^]*a\\x1b\[2J[^]*failed: \\u202e/);
});

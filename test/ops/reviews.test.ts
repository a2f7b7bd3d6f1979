import { EventEmitter } from 'node:events';
import { writeFileSync } from 'node:fs';
import type { PaymentRecord } from '../../src/contract';
import { anEntry, aPayment, aRecord, type RecordChanges } from '../../tools/kit/payments/payments';
import { hashOf } from '../../tools/kit/cores/telemetry';
import { fileOf, OpsBench } from '../../tools/kit/ops/ops-bench';

let bench: OpsBench;
beforeAll(async () => {
  bench = await OpsBench.start();
});
afterAll(() => bench.close());
beforeEach(() => {
  bench.lambda.events.length = 0;
  bench.lambda.onTheWay = (event) => event;
});

/** Who acts, as the emulator's STS tells it. */
const ACTOR = 'arn:aws:iam::000000000000:root';
const REASON = ['--reason', 'the client was called'];

let serial = 0;
async function inReview(hoursAgo: number, account_id = 'account-4711', more: RecordChanges = {}): Promise<string> {
  const transaction_id = `tx-${++serial}`;
  const at = new Date(Date.now() - hoursAgo * 3_600_000).toISOString();
  const record = aRecord(aPayment({ transaction_id, account_id, amount: 125_000 }), {
    payment_status: 'REVIEW',
    timestamp: at,
    fraud: { decision: 'review', score: 0.71, reasons: ['new beneficiary', 'unusual amount'] },
    history: [anEntry(), anEntry({ status: 'REVIEW', at })],
    ...more,
  });
  await bench.pipeline.put([{ ...record }]);
  return transaction_id;
}

const recordOf = async (id: string) => (await bench.pipeline.record(id)) as unknown as PaymentRecord;
const statusOf = async (id: string) => (await recordOf(id)).payment_status;

test('nothing is in review: one sentence', async () => {
  expect(await bench.run('review')).toMatchObject({ code: 0, stdout: 'No payment is in REVIEW.\n', stderr: '' });
});

describe('three payments in review', () => {
  let ids: string[];
  beforeAll(async () => {
    ids = [await inReview(1), await inReview(30), await inReview(5, 'account-9999')];
  });
  afterAll(() => bench.run('approve', ...ids, ...REASON, '--yes'));

  test('the longest waiting is the first, with what a decision needs, in 80 columns', async () => {
    const { code, stdout } = await bench.run('review');
    expect(code).toBe(0);
    expect([...stdout.matchAll(/│ (tx-\d+) /g)].map(([, id]) => id)).toEqual([ids[1], ids[2], ids[0]]);
    expect(stdout).toMatch(
      /1 d 6 h +│ tx-\d+ +│ …4711 +│ 125000 EUR +│ 0\.71 +│\n│ Reasons: new beneficiary, unusual amount +│/,
    );
    expect(stdout).toContain('3 in all.');
    expect(stdout).not.toContain('account-');
    expect(
      Math.max(
        ...stdout
          .split('\n')
          .filter((line) => /^[┌│├└]/.test(line))
          .map((line) => line.length),
      ),
    ).toBeLessThanOrEqual(80);
  });

  test.each([
    ['its number', 'account-9999'],
    ['its hash', hashOf('account-9999')],
  ])('those of an account, by %s', async (_, account) => {
    const { stdout } = await bench.run('review', '--account', account, '--json');
    expect(JSON.parse(stdout)).toEqual({
      in_review: [
        {
          transaction_id: ids[2],
          since: (await recordOf(ids[2]!)).timestamp,
          waits_seconds: expect.closeTo(5 * 3_600, -2) as number,
          account_id: '…9999',
          account_hash: hashOf('account-9999'),
          amount: 125_000,
          currency: 'EUR',
          score: 0.71,
          reasons: ['new beneficiary', 'unusual amount'],
        },
      ],
      more: false,
    });
  });

  test('beyond the limit there are more', async () => {
    const { stdout } = await bench.run('review', '--limit', '2');
    expect(stdout).toContain('The 2 that have waited longest, and there are more');
  });
});

test.each([
  ['approve', 'APPROVED', 'approved'],
  ['decline', 'DECLINED', 'declined'],
])(
  'a person who says yes to %s decides, and the history has the reason and the caller of AWS',
  async (command, status, done) => {
    const id = await inReview(1);
    const { code, stdout, stderr } = await bench.runAt({ typed: 'yes\n' }, command, id, ...REASON);

    expect(code).toBe(0);
    expect(stderr).toMatch(new RegExp(`would be ${done} +│ 1 +│ ${id} `));
    expect(stderr).toMatch(
      /1 payment of payments in ap-southeast-1, as arn:aws:iam::000000000000:root\? This is final\./,
    );
    expect(stdout).toContain(`Done: 1 payment ${done}, as ${ACTOR}.`);
    const { payment_status, history, fraud } = await recordOf(id);
    expect({ payment_status, fraud }).toMatchObject({ payment_status: status, fraud: { decision: 'review' } });
    expect(history.at(-1)).toMatchObject({ status, reason: 'the client was called', actor: ACTOR });
    expect((await bench.run('payment', id)).stdout).toContain(ACTOR);
  },
);

test('a person who says no, and a dry run, decide nothing', async () => {
  const id = await inReview(1);
  const refused = await bench.runAt({ typed: 'no\n' }, 'approve', id, ...REASON);
  expect(refused).toMatchObject({ code: 1, stdout: 'Nothing was changed.\n' });
  const dry = await bench.run('approve', id, ...REASON, '--dry-run', '--json');
  expect(dry.code).toBe(0);
  expect(JSON.parse(dry.stdout)).toMatchObject({ dryRun: true, resolved: 1, ids: { resolved: [id] } });
  expect(await statusOf(id)).toBe('REVIEW');
});

test('what is left is named, and the exit code says so; the same command again is done', async () => {
  const [one, two] = [await inReview(1), await inReview(1)];
  const failed = await inReview(1, 'account-1', { payment_status: 'FAILED' });
  await bench.run('decline', two, ...REASON, '--yes');
  const file = fileOf('');
  writeFileSync(file, `${one}\n${two}\n${failed}\nunknown-1\n`);
  const { code, stdout } = await bench.run('approve', '--ids-from', file, ...REASON, '--yes');

  expect(code).toBe(1);
  expect(stdout).toMatch(new RegExp(`approved +│ 1 +│ ${one} `));
  expect(stdout).toMatch(new RegExp(`left: decided otherwise before +│ 1 +│ ${two} `));
  expect(stdout).toMatch(new RegExp(`left: not in review +│ 1 +│ ${failed} `));
  expect(stdout).toMatch(/left: unknown +│ 1 +│ unknown-1 /);
  expect(stdout).toContain(
    `Done: 1 payment approved, as ${ACTOR}. 1 left: decided otherwise before; 1 left: not in review; 1 left: unknown.`,
  );
  expect(await statusOf(two)).toBe('DECLINED');
  const again = await bench.run('approve', one, ...REASON, '--yes');
  expect(again).toMatchObject({ code: 0, stdout: 'Nothing to approve. Nothing was changed. 1 decided so before.\n' });
  expect(again.stderr).toMatch(/decided so before +│ 1 /);
  const contrary = await bench.run('approve', two, ...REASON, '--yes');
  const stays = 'Nothing to approve. Nothing was changed. 1 left: decided otherwise before.\n';
  expect(contrary).toMatchObject({ code: 1, stdout: stays });
});

test('when Ctrl-C ends it, the same command continues', async () => {
  const [id, signals] = [await inReview(1), new EventEmitter()];
  bench.lambda.onTheWay = (event) => {
    if (event.dryRun === true) return event;
    signals.emit('SIGINT');
    throw new Error('The call never arrives.');
  };
  const interrupted = await bench.runAt({ typed: 'yes\n', signals }, 'approve', id, ...REASON);
  expect(interrupted.code).toBe(130);
  expect(interrupted.stdout).toContain('Interrupted. For certain: 0 payments approved.');
  bench.lambda.onTheWay = (event) => event;
  expect((await bench.run('approve', id, ...REASON, '--yes')).code).toBe(0);
});

test.each([
  ['no id', ['approve', ...REASON], 'Name the payments: approve ID..., or --ids-from FILE.'],
  ['no reason', ['approve', 'tx-1', '--yes'], "Required option '--reason <text>' not specified."],
  ['a text that is no id', ['decline', 'tx 1', ...REASON, '--yes'], '"tx 1" is no transaction id'],
  ['nobody to ask', ['decline', 'tx-1', ...REASON], 'decline changes payments, and there is no terminal to ask at'],
  ['ids from the input and a question', ['approve', '--ids-from', '-', ...REASON], 'The ids come from the input'],
])('%s: nothing is called', async (_, args, sentence) => {
  const { code, stderr } = await bench.run(...args);
  expect({ code, events: bench.lambda.events }).toEqual({ code: 2, events: [] });
  expect(stderr).toContain(sentence);
});

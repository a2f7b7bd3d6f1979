import { createAccountHash, type PaymentRecord } from '../../../src/contract';
import {
  failurePatterns,
  MOST_DEAD_LETTERS,
  MOST_PAYMENTS,
  pageDeadLetters,
  pagePayments,
} from '../../../tools/page/payments';

const hash = createAccountHash('key');
const never = () => undefined;

function record(id: string, fields: Partial<PaymentRecord> = {}): PaymentRecord {
  const at = '2026-01-05T09:00:00.000Z';
  return {
    transaction_id: id,
    account_id: 'account-4711',
    amount: 918_273,
    currency: 'EUR',
    beneficiary_id: 'beneficiary-secret',
    requested_at: at,
    reference: 'reference-secret',
    metadata: { note: 'metadata-secret' },
    timestamp: at,
    payment_status: 'APPROVED',
    fraud: { decision: 'approve', score: 0.1, reasons: ['reason-secret'] },
    fingerprint: 'fingerprint-secret',
    attempts: 1,
    sequence_number: '1',
    history: [{ status: 'PROCESSING', at, attempt: 1, request_id: '12345678-secret', release_id: 'release' }],
    release_id: 'release',
    ...fields,
  } as PaymentRecord;
}

function failed(id: string, fields: Partial<PaymentRecord> = {}): PaymentRecord {
  const { fraud, ...rest } = record(id, {
    payment_status: 'FAILED',
    failure_code: 'FRAUD_CHECK_REFUSED',
    ...fields,
  } as Partial<PaymentRecord>) as PaymentRecord & { fraud: unknown };
  return rest as PaymentRecord;
}

test('a payment has nothing that the logs would not hold, but for the end of its account', () => {
  const page = JSON.stringify(pagePayments([record('p-1'), failed('p-2')], never, hash));

  for (const secret of ['account-4711', '918273', 'EUR', 'secret']) expect(page).not.toContain(secret);
  expect(page).toContain(hash('account-4711'));
  expect(page).toContain('…4711');
});

test('the payment that was sent last is first', () => {
  const times: Record<string, number> = { a: 30, b: 10, c: 20 };
  const page = pagePayments(
    ['a', 'b', 'c'].map((id) => record(id)),
    ({ transaction_id }) => times[transaction_id],
    hash,
  );

  expect(page.map(({ id }) => id)).toEqual(['a', 'c', 'b']);
});

test('of too many payments it has the failed ones, then the latest', () => {
  const of = (account: string, count: number, day: string, status = record) =>
    Array.from({ length: count }, (_, index) =>
      status(`${account}-${index}`, { account_id: account, timestamp: `2026-01-${day}T09:00:00.000Z` }),
    );
  const page = pagePayments(
    [...of('failed', 3, '01', failed), ...of('old', MOST_PAYMENTS, '02'), ...of('new', MOST_PAYMENTS - 3, '03')],
    never,
    hash,
  );

  expect(page).toHaveLength(MOST_PAYMENTS);
  expect(new Set(page.map(({ account }) => account))).toEqual(new Set([hash('failed'), hash('new')]));
});

describe('a dead letter', () => {
  const letter = { messageId: 'm-1', transactionId: 'p-1' };

  test('of a failed payment is redriven by its id', () => {
    const [page] = pageDeadLetters([{ ...letter, failureCode: 'FRAUD_CHECK_REFUSED' }], [failed('p-1')], hash);

    expect(page).toMatchObject({
      code: 'FRAUD_CHECK_REFUSED',
      account: hash('account-4711'),
      command: 'redrive --id=p-1',
    });
  });

  test('of an invalid or a conflicting message is discarded by its message id, and is of no account', () => {
    const [invalid] = pageDeadLetters([{ messageId: 'm-1', failureCode: 'INVALID_JSON' }], [], hash);
    const [conflicting] = pageDeadLetters(
      [{ ...letter, failureCode: 'CONFLICTING_TRANSACTION' }],
      [record('p-1')],
      hash,
    );

    for (const page of [invalid, conflicting]) {
      expect(page!.command).toMatch(/^discard --id=m-1 /);
      expect(page).not.toHaveProperty('account');
    }
  });

  test('that only waits says so', () => {
    expect(pageDeadLetters([{ ...letter, parkedBehind: 'p-0' }], [record('p-1')], hash)).toMatchObject([
      { code: 'PARKED' },
    ]);
  });
});

test('of too many dead letters it has some of each cause', () => {
  const of = (failureCode: string, count: number) =>
    Array.from({ length: count }, (_, index) => ({ messageId: `${failureCode}-${index}`, failureCode }));
  const page = pageDeadLetters([...of('INVALID_JSON', MOST_DEAD_LETTERS), ...of('toString', 2)], [], hash);

  expect(page).toHaveLength(MOST_DEAD_LETTERS);
  expect(page.filter(({ code }) => code === 'toString')).toMatchObject(
    Array(2).fill({ meaning: expect.any(String) as string }),
  );
});

test('the analysis of the DLQ processor names what to do', () => {
  const records = Array.from({ length: 12 }, (_, index) =>
    failed(`p-${index}`, {
      account_id: `account-${index % 6}`,
      failure_code: 'FRAUD_CHECK_UNAVAILABLE',
    } as Partial<PaymentRecord>),
  );
  const approved = Array.from({ length: 12 }, (_, index) => record(`a-${index}`));

  expect(failurePatterns([...records, ...approved], 0, hash, Date.now())).toMatchObject([
    { kind: 'outage', failed: 12 },
  ]);
});

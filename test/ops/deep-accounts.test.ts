import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { accountsAbove } from '../../src/ops/deep-accounts';
import { payment } from '../../tools/kit/payments/black-box-payments';
import { newDirectory } from '../../tools/kit/new-directory';
import { fileOf } from '../../tools/kit/ops/ops-bench';

const fileWith = (accounts: readonly string[]) =>
  fileOf(accounts.map((account_id) => JSON.stringify(payment({ account_id }))).join('\n'));
const times = (count: number, account: string) => Array.from({ length: count }, () => account);

test('accounts above the limit, the one with the most payments first, with the line of the first', async () => {
  const file = fileWith([...times(4, 'a'), 'b', ...times(6, 'c'), ...times(3, 'd'), 'a']);
  expect(await accountsAbove(3, file)).toEqual([
    { line: 6, payments: 6 },
    { line: 1, payments: 5 },
  ]);
  expect(await accountsAbove(6, file)).toEqual([]);
});

test('a file of more accounts than are counted at the same time: the account with most of the payments is found', async () => {
  const others = Array.from({ length: 60 }, (_, index) => `other-${index}`);
  const file = fileWith(others.flatMap((other) => [other, ...times(4, 'deep')]));
  const [deep, ...more] = await accountsAbove(100, file, 10);
  expect(more).toEqual([]);
  expect(deep!.payments).toBeGreaterThan(240 - 60 / 10 - 1);
  expect(deep!.payments).toBeLessThan(240); // counted down, so the others did not all have room
});

test('a file that is not there is left to the sending; a pipe, which can be read only once, is not read', async () => {
  expect(await accountsAbove(1, '/none.jsonl')).toEqual([]);
  const pipe = join(newDirectory(), 'pipe');
  execFileSync('mkfifo', [pipe]);
  expect(await accountsAbove(1, pipe)).toEqual([]);
});

test('the shortest payment is not taken for too small a file', async () => {
  const line =
    '{"schema_version":1,"transaction_id":"a","account_id":"b","amount":1,"currency":"EUR","beneficiary_id":"c","requested_at":"2026-01-01T00:00:00Z"}';
  expect(await accountsAbove(200, fileOf(times(201, line).join('\n')))).toEqual([{ line: 1, payments: 201 }]);
});

import { outcomeOf, type PaymentOutcome, type PaymentRecord } from '../../../../src/contract';
import { accepted, evidenceOf, recordOf } from '../../../../tools/demo/fixtures/evidence-builder';
import { judge } from '../../../../tools/demo/verification/claims';

const records = [0, 1].map((position) => recordOf(accepted(position), 'PROCESSING', 'APPROVED'));
const [first, second] = records.map((record) => outcomeOf(record as never)) as [PaymentOutcome, PaymentOutcome];
const claimOf = (outcomes: readonly PaymentOutcome[] | undefined, of: readonly PaymentRecord[] = records) =>
  judge(evidenceOf({ records: of, outcomes })).find(({ name }) => name === 'outcomes_published');

test('a run without outcomes claims nothing about them', () => {
  expect(claimOf(undefined)).toBeUndefined();
});

test.each<[string, readonly PaymentOutcome[]]>([
  ['once each', [first, second]],
  ['and again later, the same', [first, second, first]],
])('outcomes in the order of the account: %s', (_name, outcomes) => {
  expect(claimOf(outcomes)?.holds).toBe(true);
});

test.each<[string, readonly PaymentOutcome[], string]>([
  ['one is missing', [first], '1 missing'],
  ['one is of no record', [first, second, { ...second, attempt: 7 }], '1 without a record'],
  ['one is another', [first, { ...second, amount: 1 }], '1 missing'],
  ['a repetition is another', [first, second, { ...first, amount: 1 }], '1 changed'],
  ['they are the other way round', [second, first], '1 pairs out of order'],
])('found: %s', (_name, outcomes, seen) => {
  expect(claimOf(outcomes)).toMatchObject({ holds: false, seen: expect.stringContaining(seen) as string });
});

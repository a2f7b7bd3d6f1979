import { sampleModel } from '../../../tools/page/fixtures/sample-model';
import { filtered, fragmentOf, laneOf, NOTHING_CHOSEN, stateOf } from '../../../tools/page/view-state';

const { payments } = sampleModel({ payments: 200 });

describe('the address has the choices of the reader', () => {
  test.each([
    NOTHING_CHOSEN,
    { ...NOTHING_CHOSEN, payment: 'p-1' },
    {
      ...NOTHING_CHOSEN,
      account: 'a1b2',
      status: ['FAILED', 'REVIEW'],
      failure: 'CARD_NUMBER',
      search: 'a & b=c #1,2',
    },
  ])('%j', (state) => {
    expect(stateOf(fragmentOf(state))).toEqual(state);
  });

  test('nothing chosen is no fragment', () => {
    expect(fragmentOf(NOTHING_CHOSEN)).toBe('');
  });

  test.each(['', '#', '#%', '#unknown=1&', '#status=,,'])('%j chooses nothing', (fragment) => {
    expect(stateOf(fragment)).toEqual(NOTHING_CHOSEN);
  });
});

describe('filters', () => {
  const ids = (state: Partial<typeof NOTHING_CHOSEN> & { account?: string; failure?: string }) =>
    filtered(payments, { ...NOTHING_CHOSEN, ...state });

  test('by status, by any of several', () => {
    expect(ids({ status: ['FAILED', 'REVIEW'] })).toEqual(
      payments.filter(({ status }) => status === 'FAILED' || status === 'REVIEW'),
    );
  });

  test('by account and failure together', () => {
    const failed = payments.find(({ status }) => status === 'FAILED')!;
    const found = ids({ account: failed.account, failure: failed.failure!.code });

    expect(found).toContain(failed);
    expect(
      found.every(({ account, failure }) => account === failed.account && failure?.code === failed.failure!.code),
    ).toBe(true);
  });

  test.each([
    ['a part of the id, whatever its case', 'PAY-0017', 'pay-00170'],
    ['spaces around it', '  pay-00021 ', 'pay-00021'],
  ])('by %s', (_what, search, id) => {
    expect(ids({ search }).map((payment) => payment.id)).toContain(id);
  });
});

test("a lane has the account's payments in the order of their sequence numbers, whatever their length", () => {
  const [one] = payments;
  const sequences = ['9', '18871234567890123456', '18871234567890123455', '10'];
  const lane = sequences.map((sequence) => ({ ...one!, id: sequence, sequence }));

  expect(laneOf([...lane, { ...one!, account: 'another' }], one!.account).map(({ id }) => id)).toEqual([
    '9',
    '10',
    '18871234567890123455',
    '18871234567890123456',
  ]);
});

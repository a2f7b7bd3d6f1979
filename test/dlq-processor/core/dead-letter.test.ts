import type { FailureCode } from '../../../src/contract';
import { DeadLetterWorld } from '../../../tools/kit/cores/dead-letter-world';
import { anEntry, aPayment, aRecord } from '../../../tools/kit/payments/payments';

let world: DeadLetterWorld;
beforeEach(() => {
  world = new DeadLetterWorld();
});

test.each<FailureCode>(['INVALID_JSON', 'INVALID_PAYMENT', 'CARD_NUMBER', 'MESSAGE_GROUP_MISMATCH'])(
  'a copy that was quarantined as %s is never sent again, though its body looks like a payment',
  async (code) => {
    const letter = world.bury(aPayment(), code);
    expect(await world.redrive()).toMatchObject({
      redriven: 0,
      left: { unreadable: 1 },
      leftIds: { unreadable: [letter] },
    });
    expect(await world.redrive({ transactionIds: [letter] })).toMatchObject({ redriven: 0, left: { unreadable: 1 } });
  },
);

test('a failed payment whose record has no failure code, as earlier versions wrote it, is redriven with the others', async () => {
  world.records.put(
    aRecord(aPayment(), { payment_status: 'FAILED', history: [anEntry(), anEntry({ status: 'FAILED' })] }),
  );
  world.bury(aPayment());
  expect(await world.redrive()).toMatchObject({ redriven: 1, left: { wouldFailAgain: 0 } });
  expect(world.record('tx-1').history.at(-1)).toMatchObject({
    status: 'PROCESSING',
    reason: 'redriven after an unknown failure',
  });
});

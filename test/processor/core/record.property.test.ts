import fc from 'fast-check';
import { fingerprint, messageOf } from '../../../src/contract';
import { payments, rewritten } from '../../../tools/kit/payments/arbitraries';
import { aMessage } from '../../../tools/kit/payments/payments';
import { decided, Processor, REFUSED } from '../../../tools/kit/cores/processor';

test('any accepted message and its fingerprint can be rebuilt from the record alone, with any outcome and any spelling of the body [G6]', async () => {
  const bodies = payments.chain((payment) => rewritten(payment).map((body) => ({ payment, body })));
  const ends = fc.constantFrom(decided('approve'), decided('review'), REFUSED);
  await fc.assert(
    fc.asyncProperty(bodies, ends, async ({ payment, body }, end) => {
      const processor = new Processor();
      processor.fraudApi.answer(payment.transaction_id, end);
      await processor.deliver(aMessage({ body, messageId: 'm1' }, { groupId: payment.account_id }));
      const record = processor.store.record(payment.transaction_id);
      expect(messageOf(record)).toEqual(payment);
      expect(record.fingerprint).toBe(fingerprint(payment));
    }),
  );
});

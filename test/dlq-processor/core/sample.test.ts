import { DeadLetterWorld } from '../../../tools/kit/cores/dead-letter-world';
import { aPayment } from '../../../tools/kit/payments/payments';

test('a sample is never larger than the queue was, though more messages have come meanwhile and a receive brings many accounts at once', async () => {
  const world = new DeadLetterWorld();
  const bury = (count: number, from: string) => {
    for (let n = 1; n <= count; n++)
      world.bury(aPayment({ transaction_id: `${from}-${n}`, account_id: `${from}-${n}` }));
  };
  bury(3, 'before');
  world.beforeNext('receive', () => {
    bury(7, 'meanwhile');
  });
  const { sample } = await world.analyze();

  expect(sample).toMatchObject({ messages: 3, counts: { unrecorded: 3 } });
  expect(world.hidden).toEqual([]);
});

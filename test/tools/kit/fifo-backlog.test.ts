import { type EmbeddedAws, startEmbeddedAws } from '../../../tools/kit/embedded/aws';
import { bodies, SqsFifoQueue } from '../../../tools/kit/embedded/sqs-fifo-queue';

/** SQS Developer Guide, "Avoid large message backlogs with the same message group ID in Amazon SQS". */
describe('a backlog', () => {
  const WINDOW = 20;
  const READ = 10;
  let small: EmbeddedAws;
  beforeAll(async () => {
    small = await startEmbeddedAws('ap-southeast-1', { groupWindow: WINDOW });
  });
  afterAll(() => small.close());

  const backlogOf = async (count: number) => {
    const queue = await SqsFifoQueue.create(small);
    for (let index = 0; index < count; index++) await queue.send('deep', `deep${index}`);
    return queue;
  };

  test('of one account that leaves room in the first messages of the queue delays no other account [G9]', async () => {
    const queue = await backlogOf(WINDOW - 2);
    for (const body of ['a1', 'b1']) await queue.send(body[0]!, body);

    expect(bodies(await queue.receive(READ))).toContain('deep0');
    expect(bodies(await queue.receive(READ))).toEqual(['a1', 'b1']);
  });

  test('of one account that fills the first messages of the queue stops every other account until it is worked off [G9]', async () => {
    const queue = await backlogOf(WINDOW + 2);
    for (const body of ['a1', 'b1', 'b2']) await queue.send(body[0]!, body);

    const first = await queue.receive();
    expect(bodies(first)).toEqual(Array.from({ length: READ }, (_, index) => `deep${index}`));
    expect(await queue.receive()).toEqual([]);
    for (const message of first.slice(0, 2)) await queue.delete(message);
    expect(await queue.receive()).toEqual([]);
    await queue.delete(first[2]!);
    expect(bodies(await queue.receive())).toEqual(['a1']);
    await queue.delete(first[3]!);
    expect(bodies(await queue.receive())).toEqual(['b1', 'b2']); // the window tells which groups, not which messages
  });
});

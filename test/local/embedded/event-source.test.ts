import { eventOf, succeeded } from '../../../src/local/embedded/event-source';

const messages = [{ MessageId: 'a' }, { MessageId: 'b' }, { MessageId: 'c' }];
const failures = (...ids: string[]) => ({ batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })) });

test.each<[what: string, response: unknown, ids: string[]]>([
  ['no failures', failures(), ['a', 'b', 'c']],
  ['some failures', failures('b', 'c'), ['a']],
  ['no answer at all', undefined, ['a', 'b', 'c']],
  ['an empty answer', {}, ['a', 'b', 'c']],
  ['failures that are null', { batchItemFailures: null }, ['a', 'b', 'c']],
  ['an id that the batch lacks, which fails the whole batch', failures('a', 'x'), []],
])('%s', (_what, response, ids) => {
  expect(succeeded(messages, response).map(({ MessageId }) => MessageId)).toEqual(ids);
});

test("a message's attributes reach the function as Lambda writes them", () => {
  const [record] = eventOf([{ MessageId: 'a', MessageAttributes: { source_message_id: { DataType: 'String', StringValue: 'm1' } } }]).Records;
  expect(record!.messageAttributes).toEqual({ source_message_id: { dataType: 'String', stringValue: 'm1' } });
});

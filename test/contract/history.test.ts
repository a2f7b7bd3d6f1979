import { addEntry, type HistoryEntry, MOST_HISTORY_ENTRIES, type PaymentRecord } from '../../src/contract';
import { anEntry, aRecord, claims } from '../../tools/kit/payments/payments';

const ADDED = anEntry({ attempt: 1_000 });
const FAILURE = anEntry({ status: 'FAILED', attempt: 7 });
const REDRIVE = anEntry({ attempt: 8, reason: 'redriven' });

const shortenedHistory = (
  fields: Pick<PaymentRecord, 'history'> & { readonly history_omitted?: number },
  entry: HistoryEntry,
) => addEntry({ ...aRecord(), ...fields }, entry).shortenedHistory;
const HASHED = expect.stringMatching(/^[0-9a-f]{64}$/) as string;
/** The added entry continues the hash of what is left. */
const LAST = { ...ADDED, previous_hash: HASHED, hash: HASHED };

test('two hundred entries are kept, and a history of fewer is not shortened', () => {
  expect(MOST_HISTORY_ENTRIES).toBe(200);
  expect(shortenedHistory({ history: claims(199) }, ADDED)).toBeUndefined();
  expect(shortenedHistory({ history: claims(200) }, ADDED)?.history).toHaveLength(200);
});

test('the oldest claims behind the first entry go, and are counted with those that went before', () => {
  const history = claims(201);
  expect(shortenedHistory({ history }, ADDED)).toEqual({
    history: [history[0], ...history.slice(3), LAST],
    history_omitted: 2,
  });
  expect(shortenedHistory({ history, history_omitted: 5 }, ADDED)?.history_omitted).toBe(7);
});

test('failures and redrives go only when no claim is left to go, the oldest first', () => {
  const [first, last] = [anEntry(), anEntry({ attempt: 99 })];
  const kept: HistoryEntry[] = Array.from({ length: 198 }, (_, index) =>
    index % 2 === 0 ? { ...FAILURE, attempt: index } : { ...REDRIVE, attempt: index },
  );
  expect(shortenedHistory({ history: [first, ...kept, last] }, ADDED)?.history).toEqual([first, ...kept, LAST]);
  expect(shortenedHistory({ history: [first, ...kept, FAILURE] }, ADDED)?.history).toEqual([
    first,
    ...kept.slice(1),
    FAILURE,
    LAST,
  ]);
  const claim = anEntry({ attempt: 2 });
  expect(shortenedHistory({ history: [first, claim, ...kept, FAILURE] }, ADDED)).toEqual({
    history: [first, ...kept.slice(1), FAILURE, LAST],
    history_omitted: 2,
  });
});

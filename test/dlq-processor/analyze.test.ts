import { type Analysis, analyze, RESERVE_MS } from '../../src/dlq-processor/analyze';
import type { FailedPayments, FailedPaymentsPage, Position } from '../../src/dlq-processor/ports';

const DEADLINE = 900_000;
const DEPTH = { visible: 7, inFlight: 2 };

/** Failed payments that the index gives out in pages of at most so many. Time passes with each. */
class MemoryIndex implements FailedPayments {
  readonly sizes: number[] = [];
  now = 0;

  constructor(
    private readonly failureCodes: readonly (string | undefined)[],
    private readonly largestPage = Infinity,
    private readonly pageMs = 0,
  ) {}

  /** As DynamoDB does: a page that is full has a successor, even if that is empty. */
  page(size: number, from?: Position): Promise<FailedPaymentsPage> {
    this.sizes.push(size);
    this.now += this.pageMs;
    const begin = Number(from?.begin ?? 0);
    const end = begin + Math.min(size, this.largestPage);
    const next = end <= this.failureCodes.length ? { begin: end } : undefined;
    return Promise.resolve({ failureCodes: this.failureCodes.slice(begin, end), next });
  }
}

function run(index: MemoryIndex, limit = 10_000, now = 0): Promise<Analysis> {
  index.now = now;
  const deadLetterQueue = { depth: () => Promise.resolve(DEPTH) };
  const clock = { now: () => index.now };
  return analyze({ action: 'analyze', limit }, { failedPayments: index, deadLetterQueue, clock }, DEADLINE);
}

const same = (count: number) => Array.from({ length: count }, () => 'CONFLICTING_TRANSACTION');

test('failed payments are counted over all pages, in total and by failure code', async () => {
  const index = new MemoryIndex([...same(3), 'FRAUD_CHECK_REFUSED', undefined, ...same(2)], 2);
  expect(await run(index)).toEqual({
    action: 'analyze',
    failedPayments: 7,
    byFailureCode: { CONFLICTING_TRANSACTION: 5, FRAUD_CHECK_REFUSED: 1, UNKNOWN: 1 },
    deadLetters: DEPTH,
    more: false,
  });
});

test('nothing failed', async () => {
  expect(await run(new MemoryIndex([]))).toMatchObject({ failedPayments: 0, byFailureCode: {}, more: false });
});

test.each([
  { count: 5, limit: 4, failedPayments: 4, more: true },
  { count: 5, limit: 5, failedPayments: 5, more: false },
  { count: 5, limit: 6, failedPayments: 5, more: false },
  { count: 2_000, limit: 2_000, failedPayments: 2_000, more: false },
  { count: 2_001, limit: 2_000, failedPayments: 2_000, more: true },
])('of $count, at most $limit: $failedPayments counted, more: $more', async ({ count, limit, failedPayments, more }) => {
  for (const largestPage of [1, 5, Infinity]) {
    const analysis = await run(new MemoryIndex(same(count), largestPage), limit);
    expect(analysis).toMatchObject({ failedPayments, byFailureCode: { CONFLICTING_TRANSACTION: failedPayments }, more });
    expect(analysis.stoppedBy).toBe(more ? 'limit' : undefined);
  }
});

test('no page is larger than 1000, nor than what the limit leaves, and one', async () => {
  const index = new MemoryIndex(same(5_000));
  await run(index, 2_500);
  expect(index.sizes).toEqual([1_000, 1_000, 501]);
});

test('no page is begun in the last 15 seconds, and the answer says so', async () => {
  expect(RESERVE_MS).toBe(15_000);
  const slow = new MemoryIndex(same(5), 1, 1_000);
  expect(await run(slow, 100, DEADLINE - 17_500)).toMatchObject({ failedPayments: 3, more: true, stoppedBy: 'deadline', deadLetters: DEPTH });
});

test('the page that ends the list in time is no stop', async () => {
  const slow = new MemoryIndex(same(5), Infinity, 5_000);
  expect(await run(slow, 100, DEADLINE - 15_001)).toMatchObject({ failedPayments: 5, more: false });
});

test('without time nothing is asked, and nothing is made up', async () => {
  const index = new MemoryIndex(same(5));
  expect(await run(index, 100, DEADLINE - 15_000)).toEqual({
    action: 'analyze',
    failedPayments: 0,
    byFailureCode: {},
    deadLetters: null,
    more: true,
    stoppedBy: 'deadline',
  });
  expect(index.sizes).toEqual([]);
});

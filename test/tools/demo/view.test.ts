import { readable } from '../../../src/ops/table';
import { colours } from '../../../src/cli/escaped-text';
import { renderReport, renderTimeline } from '../../../tools/demo/view';
import { accepted, deadLetterOf, evidenceOf, recordOf } from '../../../tools/demo/fixtures/evidence-builder';
import type { Evidence } from '../../../tools/demo/verification/evidence';
import { makeReport } from '../../../tools/demo/verification/report';

function rendered(fields: Partial<Evidence>, { interrupted = false, width = 80, concurrency = 4 } = {}) {
  const run = { evidence: evidenceOf(fields), refusals: [], durationMs: 1_000, interrupted };
  const { report, claims } = makeReport(run);
  const look = { colours: colours(false), width };
  const result = {
    ...run,
    concurrency,
    fraudUrl: 'http://127.0.0.1:12345/check',
    stackFile: '/tmp/cdk.tf.json',
    logFile: '/tmp/functions.log',
    overridden: ['RETRY_WAITS_SECONDS=1,2 (deployed: 20 s and 31 minutes)'],
    functionErrors: 1,
  };
  return { report, text: String(readable(renderReport(result, report, claims, look), { isTTY: true }, look)) };
}

const [approved, conflicting] = [accepted(1), accepted(1, { amount: 7 })];
const withConflict = {
  accepted: [approved, conflicting],
  records: [recordOf(approved, 'PROCESSING', 'APPROVED')],
  deadLetters: [{ ...deadLetterOf(conflicting), failureCode: 'CONFLICTING_TRANSACTION' }],
};

test.each([60, 80, 100])('at a width of %i no line is longer, and the bars use what is left', (width) => {
  const lines = rendered(withConflict, { width }).text.split('\n');
  expect(lines.filter((line) => line.length > width)).toEqual([]);
  expect(Math.max(...lines.map((line) => line.length))).toBeGreaterThan(width - 5);
});

test('a conflicting payment is named', () => {
  expect(rendered(withConflict).text).toMatch(/1 in the dead-letter queue as conflicting[^]*payment-1\n/);
});

test('the latency says how much of it is time in the queue', () => {
  const { report, text } = rendered(withConflict);
  expect(report).toMatchObject({ latency_ms: { p50: 11_000 }, queueing_ms: { p50: 10_000 } });
  expect(text).toMatch(/p50 11000 ms[^]*10000 ms\s+pass in the\s+queue/);
});

test('one process is one process', () => {
  expect(rendered(withConflict, { concurrency: 1 }).text).toMatch(/, 1 function process\n/);
});

test('a run that paid nothing shows no claim', () => {
  expect(rendered({}).text).not.toMatch(/claim/i);
});

test('an interrupted run says what is still queued, and calls none of it lost', () => {
  const [done, waiting] = [accepted(1), accepted(2)];
  const so_far = { accepted: [done, waiting], records: [recordOf(done, 'PROCESSING', 'APPROVED')], queued: 1 };
  const { report, text } = rendered(so_far, { interrupted: true });

  expect(text).toMatch(/^Interrupted: 1 still queued\.\n/);
  expect(text).toMatch(/… nothing_lost [^]*\(0 lost, 1\s+still queued\)/);
  expect(text).toContain('Only a run to the end shows nothing_lost.');
  expect(report).toMatchObject({ lost: 1, claims: { nothing_lost: false } });
  expect(rendered({ ...so_far, queued: 0 }, { interrupted: true }).text).toContain('Broken: nothing_lost.');
});

test("a payment's timeline says how much its history has lost, after the first entry", () => {
  const [short, long] = [accepted(1), accepted(2)];
  const records = [
    recordOf(short, 'PROCESSING', 'PROCESSING', 'APPROVED'),
    { ...recordOf(long, 'PROCESSING', 'APPROVED'), history_omitted: 300 },
  ];
  const [title, table] = renderTimeline(evidenceOf({ accepted: [short, long], records }), {
    colours: colours(false),
    width: 80,
  }).map(String);
  expect(title).toContain('payment-2');
  expect(table).toMatch(/PROCESSING[^]*300 entries of the history were left out[^]*APPROVED/);
});

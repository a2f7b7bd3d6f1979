import { makeReport } from '../../../../tools/demo/verification/report';
import { accepted, deadLetterOf, evidenceOf, recordOf } from '../../../../tools/demo/fixtures/evidence-builder';

test('the report counts payments once each, and refusals by reason', () => {
  const [first, second, again] = [accepted(1), accepted(2), accepted(3, { transaction_id: 'payment-1' })];
  const evidence = evidenceOf({
    accepted: [first, second, again],
    records: [recordOf(first, 'PROCESSING', 'DECLINED'), recordOf(second, 'PROCESSING', 'FAILED')],
    deadLetters: [deadLetterOf(second), deadLetterOf(second)],
    refusedForGood: new Set(['payment-2']),
  });

  const { report } = makeReport({
    evidence,
    refusals: ['INVALID_JSON', 'CARD_NUMBER', 'INVALID_JSON'],
    durationMs: 500,
    interrupted: false,
  });

  expect(report).toMatchObject({
    submitted: 6,
    accepted: 3,
    refused: 3,
    reasons: { INVALID_JSON: 2, CARD_NUMBER: 1 },
    approved: 0,
    declined: 1,
    review: 0,
    failed: 1,
    dead_lettered: 1,
    duplicates_ignored: 1,
    lost: 0,
    order_violations: 0,
    double_decisions: 0,
    stray_dead_letters: 0,
    duration_ms: 500,
    payments_per_second: 4,
  });
  expect(report.latency_ms).toEqual({ p50: 11_000, p95: 11_000, p99: 11_000, max: 11_000 });
});

test('an account decided backwards has a violation for each pair', () => {
  const sent = [1, 2, 3].map((position) => accepted(position));
  const backwards = sent.map((one) => recordOf({ ...one, position: 10 - one.position }, 'PROCESSING', 'APPROVED'));

  const { report } = makeReport({
    evidence: evidenceOf({ accepted: sent, records: backwards }),
    refusals: [],
    durationMs: 1,
    interrupted: false,
  });

  expect(report.order_violations).toBe(3);
});

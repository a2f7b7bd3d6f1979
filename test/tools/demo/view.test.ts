import { colours } from '../../../src/cli/escaped-text';
import { renderTimeline } from '../../../tools/demo/view';
import { accepted, evidenceOf, recordOf } from '../../../tools/demo/fixtures/evidence-builder';

test("a payment's timeline says how much its history has lost, after the first entry", () => {
  const [short, long] = [accepted(1), accepted(2)];
  const records = [
    recordOf(short, 'PROCESSING', 'PROCESSING', 'APPROVED'),
    { ...recordOf(long, 'PROCESSING', 'APPROVED'), history_omitted: 300 },
  ];
  const [title, table] = renderTimeline(evidenceOf({ accepted: [short, long], records }), colours(false)).map(String);
  expect(title).toContain('payment-2');
  expect(table).toMatch(/PROCESSING[^]*300 entries of the history were left out[^]*APPROVED/);
});

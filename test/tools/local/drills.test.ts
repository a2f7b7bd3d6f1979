import { pageText } from '../../../tools/kit/documents';
import { drillsTable } from '../../../tools/documents/drills';
import { withGenerated } from '../../../tools/documents/generated';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { STACK_FILE } from '../../../tools/demo/fixtures/demo-run';
import { recordFaults } from '../../../src/contract';
import { ALARMS_WITHOUT_DRILL, DRILLS } from '../../../tools/local/drills';
import { forgottenReview } from '../../../tools/local/forgotten-review';

const ROOT = join(__dirname, '../../..');
const stack = JSON.parse(readFileSync(STACK_FILE, 'utf8')) as {
  resource: { aws_cloudwatch_metric_alarm: Record<string, { alarm_name: string }> };
};
/** Without the environment. */
const deployed = Object.values(stack.resource.aws_cloudwatch_metric_alarm).map(({ alarm_name }) =>
  alarm_name.replace(/-\$\{.*$/, ''),
);

test('every deployed alarm rings in a drill, or a note says why not; no other is named', () => {
  const drilled = Object.values(DRILLS).flatMap(({ alarms }) => alarms);
  expect([...new Set([...drilled, ...Object.keys(ALARMS_WITHOUT_DRILL)])].sort()).toEqual([...deployed].sort());
  expect(Object.keys(ALARMS_WITHOUT_DRILL).filter((alarm) => drilled.includes(alarm))).toEqual([]);
});

test.each(Object.entries(DRILLS))('the runbook of the drill %s exists, with its section', (_name, { runbook }) => {
  const [page = '', section] = runbook.split('#');
  expect(existsSync(join(ROOT, page))).toBe(true);
  if (section !== undefined)
    expect(readFileSync(join(ROOT, page), 'utf8').toLowerCase()).toMatch(new RegExp(`^#+ ${section}`, 'm'));
});

test('the record of a forgotten review proves itself, as one of the payment processor does', () => {
  const record = forgottenReview('2026-01-02T03:00:00.000Z');
  expect(record).toMatchObject({ payment_status: 'REVIEW', timestamp: '2026-01-02T03:00:00.000Z', attempts: 1 });
  expect(record.history.map(({ status, hash }) => [status, typeof hash])).toEqual([
    ['PROCESSING', 'string'],
    ['REVIEW', 'string'],
  ]);
  expect(recordFaults(record)).toEqual([]);
});

test('the page of drills has them; `npx projen documents -- drills` writes it', () => {
  const page = pageText('docs/how-to/practise-an-incident.md');
  expect(withGenerated(page, 'drills', drillsTable())).toBe(page);
});

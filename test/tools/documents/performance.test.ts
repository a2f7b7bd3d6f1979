import { readMeasured } from '../../../tools/bench/measured';
import { withGenerated } from '../../../tools/documents/generated';
import { measuredChart, measuredTable } from '../../../tools/documents/performance';
import { pageText } from '../../../tools/kit/documents';

const PAGE = pageText('docs/explanation/performance.md');

test('the page and its chart show the measured run', () => {
  expect(withGenerated(PAGE, 'performance', measuredTable(readMeasured()))).toBe(PAGE);
  expect(measuredChart(readMeasured())).toBe(pageText('docs/images/performance.svg'));
});

test('the measured run has at least five rounds of each comparison', () => {
  const { comparisons, rounds } = readMeasured();
  expect(rounds).toBeGreaterThanOrEqual(5);
  expect(comparisons.map(({ ratios }) => ratios.length)).toEqual(comparisons.map(() => rounds));
});

import { MetricSums } from '../../../tools/kit/embedded/metric-sums';

const emf = (values: Record<string, number | number[]>) =>
  JSON.stringify({
    _aws: {
      CloudWatchMetrics: [{ Namespace: 'n', Metrics: Object.keys(values).map((Name) => ({ Name, Unit: 'Count' })) }],
    },
    service: 'processor',
    ...values,
  });

test('values and lists of values are summed over all lines', () => {
  const sums = new MetricSums();
  sums.add(emf({ Processed: [1, 1, 1], Failed: 2 }));
  sums.add(emf({ Processed: 1 }));

  expect(sums.sum('Processed')).toBe(4);
  expect(sums.sum('Failed')).toBe(2);
  expect(sums.sum('Unheard')).toBe(0);
});

test('other lines, and a line that was cut off, count nothing', () => {
  const sums = new MetricSums();
  sums.add('{"level":"INFO","Processed":1}');
  sums.add(emf({ Processed: 1 }).slice(0, -5));

  expect(sums.sum('Processed')).toBe(0);
});

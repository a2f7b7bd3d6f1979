import { emfData } from '../../../../tools/kit/cloudwatch/emf';

const emf = (values: Record<string, number | number[]>) =>
  JSON.stringify({
    _aws: {
      Timestamp: 1_000,
      CloudWatchMetrics: [
        {
          Namespace: 'n',
          Dimensions: [['service']],
          Metrics: Object.keys(values).map((Name) => ({ Name, Unit: 'Count' })),
        },
      ],
    },
    service: 'processor',
    ...values,
  });

test('each value of a line is one of its metric, with its dimensions and time', () => {
  const metric = { namespace: 'n', dimensions: { service: 'processor' }, unit: 'Count', at: 1_000 };
  expect(emfData(emf({ Processed: [1, 2], Failed: 3 }))).toEqual([
    { ...metric, metricName: 'Processed', value: 1 },
    { ...metric, metricName: 'Processed', value: 2 },
    { ...metric, metricName: 'Failed', value: 3 },
  ]);
});

test('other lines, and a line that was cut off, have no values', () => {
  expect(emfData('{"level":"INFO","Processed":1}')).toEqual([]);
  expect(emfData(emf({ Processed: 1 }).slice(0, -5))).toEqual([]);
});

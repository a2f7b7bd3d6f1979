import { ALARMS } from '../../../src/infrastructure/monitoring/monitoring';
import { arrivalsIn } from '../../../src/infrastructure/monitoring/metric';
import { evaluateMath } from '../../../tools/kit/cloudwatch/metric-math';

/** A value for each period; undefined where the metric has none. */
type Series = readonly (number | undefined)[];

/** Of three periods of five minutes: the last value is the one that the alarm judges. */
interface Periods {
  readonly sent?: Series;
  readonly waiting?: Series;
  readonly inflight?: Series;
}

const { threshold } = ALARMS.find(({ purpose }) => purpose === 'sqs-dlq-growth')!;

function rings({
  sent = [0, 0, 0],
  waiting = [0, 0, 0],
  inflight = [undefined, undefined, undefined],
}: Periods): boolean {
  const metrics = { sent, waiting, inflight };
  const result = evaluateMath(arrivalsIn('dlq').expression, {
    seriesOf: (id) =>
      new Map(metrics[id as keyof Periods].flatMap((value, at) => (value === undefined ? [] : [[at, value]]))),
    metricIds: Object.keys(metrics),
    period: 0.001,
    range: { from: 0, to: sent.length },
  });
  return result.get(sent.length - 1)! > threshold;
}

const none = undefined;

test.each<[string, Periods]>([
  ['copies from the payment processor', { sent: [0, 0, 20], waiting: [0, 0, 20] }],
  ['messages that SQS moves, which it does not count as sent', { waiting: [3, 3, 23] }],
  ['the first messages of a queue that was idle for hours', { sent: [none, none, none], waiting: [none, none, 11] }],
  ['copies while more are redriven', { sent: [0, 0, 20], waiting: [500, 500, 60], inflight: [none, 10, 10] }],
  ['messages that SQS moves after a redrive', { waiting: [500, 0, 20], inflight: [300, none, none] }],
])('the alarm on the growth of the dead-letter queue rings for %s', (_, periods) => {
  expect(rings(periods)).toBe(true);
});

test.each<[string, Periods]>([
  ['dead letters that stay', { waiting: [500, 500, 500] }],
  ['a redrive or discard of them', { waiting: [500, 500, 20], inflight: [none, none, 400] }],
  ['those that a run hides', { waiting: [500, 500, 500], inflight: [none, none, 500] }],
  ['those that it hid for a whole period, and returns', { waiting: [500, 0, 500], inflight: [500, 500, none] }],
  ['those that it returns in the middle of a period', { waiting: [500, 0, 500], inflight: [500, 500, 500] }],
  ['ten new ones', { sent: [0, 0, 10], waiting: [0, 0, 10] }],
  ['metrics of the last period that are not there yet', { waiting: [500, 500, none] }],
])('and not for %s', (_, periods) => {
  expect(rings(periods)).toBe(false);
});

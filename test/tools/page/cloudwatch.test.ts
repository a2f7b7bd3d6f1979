import type { EmbeddedCloudWatch } from '../../../tools/kit/cloudwatch/embedded-cloudwatch';
import { MOST_CHANGES, observe } from '../../../tools/page/cloudwatch';

const RETURNED = { isReturned: true, reads: { statistic: 'Sum', metricName: 'M' } };

/** A CloudWatch with an alarm that has changed so often. */
function withChanges(count: number): EmbeddedCloudWatch {
  const history = Array.from({ length: count }, (_, at) => {
    const [from, to] = at % 2 === 0 ? ['OK', 'ALARM'] : ['ALARM', 'OK'];
    return { at, from, to, reason: `${at}`, mail: { subject: `${to} ${at}`, body: '' } };
  });
  const definition = {
    name: 'a',
    description: '',
    comparison: 'GreaterThanThreshold',
    threshold: 1,
    queries: [RETURNED],
  };
  return {
    tick: () => undefined,
    clock: { start: 0, now: () => count, scale: 1 },
    alarms: [{ definition, history, state: 'OK' }],
    widgets: () => [],
  } as unknown as EmbeddedCloudWatch;
}

test.each([
  [3, 3, 'The run began.'],
  [1_001, MOST_CHANGES, 'Earlier changes are left out.'],
])('of %i changes of an alarm and their emails a page has the latest %i', (count, kept, reason) => {
  const [alarm] = observe(withChanges(count)).alarms;

  expect(alarm!.mails).toHaveLength(kept);
  expect(alarm!.mails.at(-1)!.subject).toContain(`${count - 1}`);
  const [start, first] = alarm!.history;
  expect(start).toMatchObject({ reason });
  expect(start!.state).not.toBe(first!.state);
});

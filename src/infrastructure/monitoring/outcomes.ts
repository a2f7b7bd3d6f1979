import type { SnsTopic } from '@cdktf/provider-aws/lib/sns-topic';
import type { AlarmDefinition } from './alarm';
import { graph, type Widget } from './dashboard';
import { listSubscribers } from './first-command';
import { topicMetric } from './metric';

/** The alarm on outcomes that SNS has, and a subscriber does not. */
export const OUTCOME_ALARMS: readonly AlarmDefinition[] = [
  {
    purpose: 'sns-outcomes-undelivered',
    meaning:
      'SNS could not deliver an outcome to a subscribed queue. It is in the dead-letter queue of the subscription, or lost to the subscriber. A policy of ' +
      'the queue, or of its key, is the usual cause.',
    firstCommand: listSubscribers,
    // https://docs.aws.amazon.com/sns/latest/dg/sns-monitoring-using-cloudwatch.html
    watches: ({ outcomeTopic }) => topicMetric(outcomeTopic!.name, 'NumberOfNotificationsFailed', 'Sum'),
    threshold: 0,
    isNeeded: ({ outcomes }) => outcomes === 'topic',
  },
];

export function deliveriesOf({ name }: SnsTopic): Widget {
  return graph('Outcomes: deliveries to subscribers', [
    topicMetric(name, 'NumberOfNotificationsDelivered', 'Sum'),
    { ...topicMetric(name, 'NumberOfNotificationsFailed', 'Sum'), yAxis: 'right' },
  ]);
}

import assert from 'node:assert/strict';
import { DescribeAlarmsCommand, GetDashboardCommand, type MetricAlarm } from '@aws-sdk/client-cloudwatch';
import { METRICS } from '../../../src/contract/metrics';
import { only, type Assertion, type Deployed } from './assertion';
import { topicArn } from './alerting';
import { DASHBOARD, DEAD_LETTER_QUEUE, PROCESSOR, QUEUE } from './names';

type Asked = readonly [
  namespace: string,
  metric: string,
  statistic: string,
  comparison: string,
  threshold: number,
  period: number,
  periods: number,
  dimensions: Readonly<Record<string, string>>,
];

const ABOVE = 'GreaterThanThreshold';
const SECURITY = 'PaymentPipelineSecurity-dev';
const PROCESSORS = { FunctionName: PROCESSOR };

/** Alarms on one metric. */
const SINGLE: Readonly<Record<string, Asked>> = {
  'sqs-queue-depth': [
    'AWS/SQS',
    'ApproximateNumberOfMessagesVisible',
    'Maximum',
    ABOVE,
    1_000,
    300,
    2,
    { QueueName: QUEUE },
  ],
  'sqs-oldest-message-age': [
    'AWS/SQS',
    'ApproximateAgeOfOldestMessage',
    'Maximum',
    ABOVE,
    900,
    300,
    1,
    { QueueName: QUEUE },
  ],
  'sqs-dlq-messages': [
    'AWS/SQS',
    'ApproximateNumberOfMessagesVisible',
    'Maximum',
    ABOVE,
    0,
    60,
    1,
    { QueueName: DEAD_LETTER_QUEUE },
  ],
  'sqs-dlq-growth': ['AWS/SQS', 'NumberOfMessagesSent', 'Sum', ABOVE, 10, 300, 1, { QueueName: DEAD_LETTER_QUEUE }],
  'sqs-dlq-oldest-message-age': [
    'AWS/SQS',
    'ApproximateAgeOfOldestMessage',
    'Maximum',
    ABOVE,
    967_680,
    300,
    1,
    { QueueName: DEAD_LETTER_QUEUE },
  ],
  'lambda-concurrency': [
    'AWS/Lambda',
    'ConcurrentExecutions',
    'Maximum',
    'GreaterThanOrEqualToThreshold',
    45,
    300,
    1,
    PROCESSORS,
  ],
  'lambda-throttles': ['AWS/Lambda', 'Throttles', 'Sum', ABOVE, 0, 300, 1, PROCESSORS],
  'security-key-disabled': [SECURITY, 'KeysDisabled', 'Sum', ABOVE, 0, 300, 1, {}],
  'security-root-use': [SECURITY, 'RootAccountUses', 'Sum', ABOVE, 0, 300, 1, {}],
  'security-trail-change': [SECURITY, 'TrailChanges', 'Sum', ABOVE, 0, 300, 1, {}],
};

/** Alarms on the share of one metric in another. */
const SHARES: Readonly<Record<string, readonly [namespace: string, part: string, whole: string]>> = {
  'lambda-error-rate': ['AWS/Lambda', 'Errors', 'Invocations'],
  'payments-failed': ['PaymentPipeline', METRICS.failed, METRICS.processed],
};

/** The alarm on the messages of the payment queue, whether they wait or are in flight. */
const BACKLOG = 'sqs-queue-backlog';

export const ALARMS: readonly string[] = [...Object.keys(SINGLE), ...Object.keys(SHARES), BACKLOG];
export const alarmName = (alarm: string) => `alarm-${alarm}-dev`;

export async function alarms({ aws }: Deployed): Promise<MetricAlarm[]> {
  const { MetricAlarms = [] } = await aws.cloudwatch.send(new DescribeAlarmsCommand({}));
  return MetricAlarms;
}

function aboutAlarm(
  alarm: string,
  what: string,
  check: (found: MetricAlarm, deployed: Deployed) => Promise<void> | void,
): Assertion {
  return {
    type: 'aws_cloudwatch_metric_alarm',
    what: `${alarmName(alarm)} ${what}`,
    check: async (deployed) => {
      const found = (await alarms(deployed)).filter(({ AlarmName }) => AlarmName === alarmName(alarm));
      await check(only(found, alarmName(alarm)), deployed);
    },
  };
}

const singleAssertions = Object.entries(SINGLE).map(([alarm, asked]) =>
  aboutAlarm(alarm, `watches ${asked[1]}`, (found) => {
    const {
      Namespace,
      MetricName,
      Statistic,
      ComparisonOperator,
      Threshold,
      Period,
      EvaluationPeriods,
      Dimensions = [],
    } = found;
    const dimensions = Object.fromEntries(Dimensions.map(({ Name = '', Value }) => [Name, Value]));
    assert.deepEqual(
      [Namespace, MetricName, Statistic, ComparisonOperator, Threshold, Period, EvaluationPeriods, dimensions],
      asked,
    );
  }),
);

const shareAssertions = Object.entries(SHARES).map(([alarm, [namespace, part, whole]]) =>
  aboutAlarm(
    alarm,
    `watches whether ${part} are above 1 % of ${whole}`,
    ({ Metrics = [], Threshold, ComparisonOperator }) => {
      assert.deepEqual([Threshold, ComparisonOperator], [1, ABOVE]);
      const stats = Metrics.flatMap(({ MetricStat }) => MetricStat ?? []);
      const read = stats.map(({ Metric, Stat }) => [Metric?.Namespace, Metric?.MetricName, Stat]);
      assert.deepEqual(
        read.sort(),
        [
          [namespace, part, 'Sum'],
          [namespace, whole, 'Sum'],
        ].sort(),
      );
      const returned = only(
        Metrics.filter(({ Expression }) => Expression !== undefined),
        'expression',
      );
      assert.equal(returned.Expression, 'IF(whole > 0, 100 * part / whole, 0)');
    },
  ),
);

const backlogAssertion = aboutAlarm(
  BACKLOG,
  'watches the messages that wait and those in flight',
  ({ Metrics = [], Threshold, ComparisonOperator }) => {
    assert.deepEqual([Threshold, ComparisonOperator], [60_000, ABOVE]);
    const read = Metrics.flatMap(({ Id, MetricStat }) =>
      MetricStat === undefined ? [] : [[Id, MetricStat.Metric?.MetricName, MetricStat.Stat]],
    );
    const asked = [
      ['inflight', 'ApproximateNumberOfMessagesNotVisible', 'Maximum'],
      ['waiting', 'ApproximateNumberOfMessagesVisible', 'Maximum'],
    ];
    assert.deepEqual(read.sort(), asked);
    assert.equal(
      only(
        Metrics.filter(({ Expression }) => Expression !== undefined),
        'expression',
      ).Expression,
      'waiting + FILL(inflight, 0)',
    );
  },
);

const actionAssertions = ALARMS.flatMap((alarm) => [
  aboutAlarm(
    alarm,
    'tells the topic when it goes off and when it is over',
    async ({ ActionsEnabled, AlarmActions, OKActions }, deployed) => {
      const topic = await topicArn(deployed);
      assert.deepEqual([ActionsEnabled, AlarmActions, OKActions], [true, [topic], [topic]]);
    },
  ),
  aboutAlarm(
    alarm,
    'says what to do first, and takes silence permanently',
    ({ AlarmDescription, TreatMissingData }) => {
      assert.match(AlarmDescription ?? '', /\. First run: aws .+ -- Then follow docs\/operations\.md#alarm-/);
      assert.equal(TreatMissingData, 'notBreaching');
    },
  ),
]);

interface DashboardBody {
  readonly widgets: readonly {
    readonly properties?: { readonly metrics?: unknown; readonly alarms?: readonly string[] };
  }[];
}

async function dashboard({ aws }: Deployed): Promise<DashboardBody> {
  const { DashboardBody: body } = await aws.cloudwatch.send(new GetDashboardCommand({ DashboardName: DASHBOARD }));
  return JSON.parse(body ?? '') as DashboardBody;
}

function aboutDashboard(
  what: string,
  check: (found: DashboardBody, deployed: Deployed) => Promise<void> | void,
): Assertion {
  return {
    type: 'aws_cloudwatch_dashboard',
    what,
    check: async (deployed) => check(await dashboard(deployed), deployed),
  };
}

export const alarmAssertions: readonly Assertion[] = [
  {
    type: 'aws_cloudwatch_metric_alarm',
    what: 'these and no others',
    check: async (deployed) => {
      const names = (await alarms(deployed)).map(({ AlarmName }) => AlarmName);
      assert.deepEqual(names.sort(), ALARMS.map(alarmName).sort());
    },
  },
  ...singleAssertions,
  ...shareAssertions,
  backlogAssertion,
  ...actionAssertions,
  aboutDashboard('draws every metric that the functions write', ({ widgets }) => {
    const drawn = JSON.stringify(widgets.map(({ properties }) => properties?.metrics));
    assert.deepEqual(
      Object.values(METRICS).filter((metric) => !drawn.includes(`"${metric}"`)),
      [],
    );
  }),
  aboutDashboard('draws the queues, the functions and the table', ({ widgets }) => {
    const drawn = JSON.stringify(widgets);
    const named = ['AWS/SQS', 'AWS/Lambda', 'AWS/DynamoDB', QUEUE, DEAD_LETTER_QUEUE, PROCESSOR, 'payment-status-dev'];
    assert.deepEqual(
      named.filter((name) => !drawn.includes(name)),
      [],
    );
  }),
  aboutDashboard('shows the state of every alarm', async ({ widgets }, deployed) => {
    const shown = widgets.flatMap(({ properties }) => properties?.alarms ?? []);
    assert.deepEqual([...shown].sort(), (await alarms(deployed)).map(({ AlarmArn }) => AlarmArn!).sort());
  }),
];

import assert from 'node:assert/strict';
import { DescribeLogGroupsCommand, DescribeMetricFiltersCommand, type LogGroup } from '@aws-sdk/client-cloudwatch-logs';
import { only, type Assertion, type Deployed } from './assertion';
import { keyArn } from './keys';
import { DLQ_PROCESSOR_LOG_GROUP, FLOW_LOG_GROUP, PROCESSOR_LOG_GROUP, TRAIL_LOG_GROUP } from './names';

export const LOG_GROUPS: readonly ((deployed: Deployed) => string)[] = [
  () => TRAIL_LOG_GROUP,
  () => FLOW_LOG_GROUP,
  () => PROCESSOR_LOG_GROUP,
  () => DLQ_PROCESSOR_LOG_GROUP,
  ({ region, account }) => `sns/${region}/${account}/sns-payment-alerts-dev`,
  ({ region, account }) => `sns/${region}/${account}/sns-payment-alerts-dev/Failure`,
];

/** Metric, and what its filter looks for. */
const FILTERS = {
  'metric-filter-key-disabled-dev': ['KeysDisabled', ['DisableKey', 'ScheduleKeyDeletion']],
  'metric-filter-root-use-dev': ['RootAccountUses', ['userIdentity.type = Root', 'invokedBy NOT EXISTS']],
  'metric-filter-trail-change-dev': [
    'TrailChanges',
    ['UpdateTrail', 'DeleteTrail', 'StopLogging', 'PutEventSelectors'],
  ],
} as const;

export async function logGroup({ aws }: Deployed, name: string): Promise<LogGroup> {
  const { logGroups = [] } = await aws.logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: name }));
  return only(
    logGroups.filter(({ logGroupName }) => logGroupName === name),
    `log group ${name}`,
  );
}

const groupAssertions = LOG_GROUPS.flatMap((nameFor): Assertion[] => {
  const type = 'aws_cloudwatch_log_group';
  const title = nameFor({ region: 'REGION', account: 'ACCOUNT' } as Deployed);
  return [
    {
      type,
      what: `${title} keeps a day`,
      check: async (deployed) => {
        assert.equal((await logGroup(deployed, nameFor(deployed))).retentionInDays, 1);
      },
    },
    {
      type,
      what: `${title} is encrypted with the pipeline's own key`,
      check: async (deployed) => {
        assert.equal((await logGroup(deployed, nameFor(deployed))).kmsKeyId, await keyArn(deployed, 'dynamodb'));
      },
    },
  ];
});

const filterAssertions = Object.entries(FILTERS).map(([name, [metric, parts]]): Assertion => ({
  type: 'aws_cloudwatch_log_metric_filter',
  what: `${name} counts ${metric} in the trail's log`,
  check: async ({ aws }) => {
    const { metricFilters } = await aws.logs.send(
      new DescribeMetricFiltersCommand({ logGroupName: TRAIL_LOG_GROUP, filterNamePrefix: name }),
    );
    const { filterPattern, metricTransformations } = only(metricFilters, `filter ${name}`);
    const { metricName, metricNamespace, metricValue } = only(metricTransformations, 'transformation');
    assert.deepEqual([metricName, metricNamespace, metricValue], [metric, 'PaymentPipelineSecurity-dev', '1']);
    for (const part of parts)
      assert.ok(filterPattern?.includes(part), `"${String(filterPattern)}" should look for ${part}`);
  },
}));

export const logAssertions: readonly Assertion[] = [...groupAssertions, ...filterAssertions];

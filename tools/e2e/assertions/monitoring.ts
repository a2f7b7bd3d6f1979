import { DescribeTrailsCommand, GetEventSelectorsCommand } from '@aws-sdk/client-cloudtrail';
import { DescribeAlarmsCommand, type Dimension, GetDashboardCommand } from '@aws-sdk/client-cloudwatch';
import { DescribeLogGroupsCommand, DescribeMetricFiltersCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DescribeRuleCommand, ListTargetsByRuleCommand } from '@aws-sdk/client-eventbridge';
import { only } from './assertion';
import { type Reader, textOf } from './reader';

const dimensionsOf = (dimensions: readonly Dimension[] | undefined) =>
  Object.fromEntries((dimensions ?? []).map(({ Name = '', Value }) => [Name, Value]));

/** Readers of CloudWatch, its logs, EventBridge and CloudTrail. */
export const monitoring: Readonly<Record<string, Reader>> = {
  aws_cloudwatch_metric_alarm: async (asked, { aws }) => {
    const AlarmNames = [textOf(asked, 'alarm_name')];
    const { MetricAlarms } = await aws.cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames }));
    const alarm = only(MetricAlarms, AlarmNames[0]!);
    return {
      alarm_name: alarm.AlarmName,
      alarm_description: alarm.AlarmDescription,
      alarm_actions: alarm.ActionsEnabled === true ? alarm.AlarmActions : [],
      ok_actions: alarm.ActionsEnabled === true ? alarm.OKActions : [],
      comparison_operator: alarm.ComparisonOperator,
      threshold: alarm.Threshold,
      evaluation_periods: alarm.EvaluationPeriods,
      treat_missing_data: alarm.TreatMissingData,
      namespace: alarm.Namespace,
      metric_name: alarm.MetricName,
      statistic: alarm.Statistic,
      period: alarm.Period,
      dimensions: dimensionsOf(alarm.Dimensions),
      metric_query: alarm.Metrics?.map(({ Id, Label, Expression, ReturnData, MetricStat }) => ({
        id: Id,
        label: Label,
        expression: Expression,
        return_data: Expression && ReturnData,
        metric: MetricStat && {
          namespace: MetricStat.Metric?.Namespace,
          metric_name: MetricStat.Metric?.MetricName,
          dimensions: dimensionsOf(MetricStat.Metric?.Dimensions),
          stat: MetricStat.Stat,
          period: MetricStat.Period,
        },
      })),
    };
  },

  aws_cloudwatch_composite_alarm: async (asked, { aws }) => {
    const AlarmNames = [textOf(asked, 'alarm_name')];
    const found = await aws.cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames, AlarmTypes: ['CompositeAlarm'] }));
    const alarm = only(found.CompositeAlarms, AlarmNames[0]!);
    return {
      alarm_name: alarm.AlarmName,
      alarm_description: alarm.AlarmDescription,
      alarm_rule: alarm.AlarmRule,
      alarm_actions: alarm.ActionsEnabled === true ? alarm.AlarmActions : [],
      ok_actions: alarm.ActionsEnabled === true ? alarm.OKActions : [],
      actions_suppressor: {
        alarm: alarm.ActionsSuppressor,
        wait_period: alarm.ActionsSuppressorWaitPeriod,
        extension_period: alarm.ActionsSuppressorExtensionPeriod,
      },
    };
  },

  aws_cloudwatch_event_rule: async (asked, { aws }) => {
    const rule = await aws.eventbridge.send(new DescribeRuleCommand({ Name: textOf(asked, 'name') }));
    return {
      name: rule.Name,
      description: rule.Description,
      event_pattern: rule.EventPattern,
      schedule_expression: rule.ScheduleExpression,
    };
  },

  aws_cloudwatch_event_target: async (asked, { aws }) => {
    const Rule = textOf(asked, 'rule');
    const target = only((await aws.eventbridge.send(new ListTargetsByRuleCommand({ Rule }))).Targets, Rule);
    return {
      rule: Rule,
      target_id: target.Id,
      arn: target.Arn,
      input: target.Input,
      input_transformer: target.InputTransformer && {
        input_paths: target.InputTransformer.InputPathsMap,
        input_template: target.InputTransformer.InputTemplate,
      },
    };
  },

  aws_cloudwatch_dashboard: async (asked, { aws }) => {
    const DashboardName = textOf(asked, 'dashboard_name');
    const found = await aws.cloudwatch.send(new GetDashboardCommand({ DashboardName }));
    return { dashboard_name: found.DashboardName, dashboard_body: found.DashboardBody };
  },

  aws_cloudwatch_log_group: async (asked, { aws }) => {
    const name = textOf(asked, 'name');
    const { logGroups = [] } = await aws.logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: name }));
    const group = logGroups.find(({ logGroupName }) => logGroupName === name);
    return { name: group?.logGroupName, retention_in_days: group?.retentionInDays, kms_key_id: group?.kmsKeyId };
  },

  aws_cloudwatch_log_metric_filter: async (asked, { aws }) => {
    const logGroupName = textOf(asked, 'log_group_name');
    const { metricFilters } = await aws.logs.send(
      new DescribeMetricFiltersCommand({ logGroupName, filterNamePrefix: textOf(asked, 'name') }),
    );
    const filter = only(metricFilters, 'metric filter');
    return {
      name: filter.filterName,
      log_group_name: filter.logGroupName,
      pattern: filter.filterPattern,
      metric_transformation: filter.metricTransformations?.map(({ metricName, metricNamespace, metricValue }) => ({
        name: metricName,
        namespace: metricNamespace,
        value: metricValue,
      })),
    };
  },

  aws_cloudtrail: async (asked, { aws }) => {
    const name = textOf(asked, 'name');
    const trail = only(
      (await aws.cloudtrail.send(new DescribeTrailsCommand({ trailNameList: [name] }))).trailList,
      'trail',
    );
    const { EventSelectors } = await aws.cloudtrail.send(new GetEventSelectorsCommand({ TrailName: trail.TrailARN }));
    return {
      name: trail.Name,
      s3_bucket_name: trail.S3BucketName,
      kms_key_id: trail.KmsKeyId,
      is_multi_region_trail: trail.IsMultiRegionTrail,
      include_global_service_events: trail.IncludeGlobalServiceEvents,
      enable_log_file_validation: trail.LogFileValidationEnabled,
      cloud_watch_logs_group_arn: trail.CloudWatchLogsLogGroupArn,
      cloud_watch_logs_role_arn: trail.CloudWatchLogsRoleArn,
      event_selector: EventSelectors?.map(({ ReadWriteType, IncludeManagementEvents }) => ({
        read_write_type: ReadWriteType,
        include_management_events: IncludeManagementEvents,
      })),
    };
  },
};

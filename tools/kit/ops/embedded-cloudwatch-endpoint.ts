import type { Alarm } from '../cloudwatch/alarm';
import type { EmbeddedCloudWatch } from '../cloudwatch/embedded-cloudwatch';
import { floor } from '../cloudwatch/metric-store';
import {
  CloudWatchEndpoint,
  type DescribeAlarmsInput,
  type GetMetricDataInput,
  type MetricDataResult,
} from './cloudwatch-endpoint';

/**
 * The endpoint of an embedded pipeline's CloudWatch. The states of its alarms are dated in pipeline time. A range of metric data is
 * counted back from now, because its client has the machine's time: the last five minutes are five minutes of pipeline time.
 */
export class EmbeddedCloudWatchEndpoint extends CloudWatchEndpoint {
  static start(cloudWatch: EmbeddedCloudWatch): Promise<EmbeddedCloudWatchEndpoint> {
    return new EmbeddedCloudWatchEndpoint(cloudWatch).listen();
  }

  private constructor(private readonly cloudWatch: EmbeddedCloudWatch) {
    super();
  }

  protected describeAlarms({ AlarmNames }: DescribeAlarmsInput): object[] {
    const { alarms } = this.cloudWatch;
    return alarms.filter(({ definition }) => AlarmNames?.includes(definition.name) ?? true).map(describe);
  }

  protected getMetricData({ StartTime, EndTime, ScanBy, MetricDataQueries }: GetMetricDataInput): MetricDataResult[] {
    const { clock, metrics } = this.cloudWatch;
    const ahead = clock.now() - clock.machineTime();
    return MetricDataQueries.map(({ Id, MetricStat: { Metric, Period, Stat } }) => {
      const { Namespace: namespace, MetricName: metricName, Dimensions = [] } = Metric;
      const dimensions = Object.fromEntries(Dimensions.map(({ Name, Value }) => [Name, Value]));
      const range = { from: floor(StartTime * 1_000 + ahead, Period * 1_000), to: EndTime * 1_000 + ahead };
      const points = metrics.points({ namespace, metricName, dimensions, statistic: Stat }, Period, range);
      if (ScanBy !== 'TimestampAscending') points.reverse(); // CloudWatch's default
      return {
        Id,
        StatusCode: 'Complete',
        Timestamps: points.map(({ at }) => (at - ahead) / 1_000),
        Values: points.map(({ value }) => value),
      };
    });
  }
}

function describe({ definition, state, since, history }: Alarm): object {
  const { arn, name, description, threshold, comparison, evaluationPeriods, actionsEnabled, actions } = definition;
  return {
    AlarmArn: arn,
    AlarmName: name,
    AlarmDescription: description,
    Threshold: threshold,
    ComparisonOperator: comparison,
    EvaluationPeriods: evaluationPeriods,
    ActionsEnabled: actionsEnabled,
    AlarmActions: actions.ALARM,
    OKActions: actions.OK,
    StateValue: state,
    StateReason: history.at(-1)?.reason,
    StateUpdatedTimestamp: since / 1_000,
  };
}

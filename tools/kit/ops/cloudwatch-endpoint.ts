import type { IncomingMessage, ServerResponse } from 'node:http';
import { bodyOf, LoopbackServer } from '../loopback-server';

export interface DescribeAlarmsInput {
  readonly AlarmNames?: readonly string[];
}

export interface GetMetricDataInput {
  /** Seconds since the epoch. */
  readonly StartTime: number;
  readonly EndTime: number;
  readonly ScanBy?: 'TimestampAscending' | 'TimestampDescending';
  readonly MetricDataQueries: readonly {
    readonly Id: string;
    readonly MetricStat: {
      readonly Metric: {
        readonly Namespace: string;
        readonly MetricName: string;
        readonly Dimensions?: readonly { readonly Name: string; readonly Value: string }[];
      };
      /** Seconds. */
      readonly Period: number;
      readonly Stat: string;
    };
  }[];
}

export interface MetricDataResult {
  readonly Id: string;
  readonly StatusCode: string;
  /** Seconds since the epoch. */
  readonly Timestamps?: readonly number[];
  readonly Values: readonly number[];
}

/** CloudWatch's DescribeAlarms and GetMetricData, of statistics, over HTTP: what it is asked is in the name of the call. */
export abstract class CloudWatchEndpoint extends LoopbackServer {
  protected abstract describeAlarms(input: DescribeAlarmsInput): readonly object[];
  protected abstract getMetricData(input: GetMetricDataInput): readonly MetricDataResult[];

  protected async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(request);
    const answer = String(request.headers['x-amz-target']).endsWith('DescribeAlarms')
      ? { MetricAlarms: this.describeAlarms(JSON.parse(body) as DescribeAlarmsInput) }
      : { MetricDataResults: this.getMetricData(JSON.parse(body) as GetMetricDataInput) };
    response.end(JSON.stringify(answer));
  }
}

/** An endpoint that answers what a test says. */
export class ScriptedCloudWatch extends CloudWatchEndpoint {
  alarms: object[] = [];
  /** Values, the latest first, by `<the dimension's value> <the metric's name>`. */
  values: Record<string, readonly number[]> = {};
  /** CloudWatch's own word for how it went with each metric. */
  metricStatus = 'Complete';

  static start(): Promise<ScriptedCloudWatch> {
    return new ScriptedCloudWatch().listen();
  }

  protected describeAlarms(): object[] {
    return this.alarms;
  }

  protected getMetricData({ MetricDataQueries }: GetMetricDataInput): MetricDataResult[] {
    return MetricDataQueries.map(({ Id, MetricStat: { Metric } }) => ({
      Id,
      StatusCode: this.metricStatus,
      Values: this.values[`${Metric.Dimensions![0]!.Value} ${Metric.MetricName}`] ?? [],
    }));
  }
}

import type { IncomingMessage, ServerResponse } from 'node:http';
import { bodyOf, LoopbackServer } from '../loopback-server';

interface Query {
  readonly Id: string;
  readonly MetricStat: {
    readonly Metric: { readonly MetricName: string; readonly Dimensions: readonly [{ readonly Value: string }] };
  };
}

/** CloudWatch's DescribeAlarms and GetMetricData over HTTP: what it is asked is in the name of the call. */
export class CloudWatchEndpoint extends LoopbackServer {
  alarms: object[] = [];
  /** Values, the latest first, by `<the dimension's value> <the metric's name>`. */
  values: Record<string, readonly number[]> = {};
  /** CloudWatch's own word for how it went with each metric. */
  metricStatus = 'Complete';

  static start(): Promise<CloudWatchEndpoint> {
    return new CloudWatchEndpoint().listen();
  }

  protected async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(request);
    if (String(request.headers['x-amz-target']).endsWith('DescribeAlarms')) {
      response.end(JSON.stringify({ MetricAlarms: this.alarms }));
      return;
    }
    const { MetricDataQueries } = JSON.parse(body) as { MetricDataQueries: readonly Query[] };
    const MetricDataResults = MetricDataQueries.map(({ Id, MetricStat: { Metric } }) => ({
      Id,
      StatusCode: this.metricStatus,
      Values: this.values[`${Metric.Dimensions[0].Value} ${Metric.MetricName}`] ?? [],
    }));
    response.end(JSON.stringify({ MetricDataResults }));
  }
}

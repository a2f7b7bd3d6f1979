import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Query {
  readonly Id: string;
  readonly MetricStat: { readonly Metric: { readonly MetricName: string; readonly Dimensions: readonly [{ readonly Value: string }] } };
}

/** CloudWatch's DescribeAlarms and GetMetricData over HTTP: what it is asked is in the name of the call. */
export class CloudWatchEndpoint {
  alarms: object[] = [];
  /** Values, the latest first, by `<the dimension's value> <the metric's name>`. */
  values: Record<string, readonly number[]> = {};
  /** CloudWatch's own word for how it went with each metric. */
  metricStatus = 'Complete';
  private readonly server = createServer((request, response) => void this.serve(request, response));

  static async start(): Promise<CloudWatchEndpoint> {
    const endpoint = new CloudWatchEndpoint();
    endpoint.server.listen(0, '127.0.0.1');
    await once(endpoint.server, 'listening');
    return endpoint;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = Buffer.concat((await request.toArray()) as Buffer[]).toString();
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

import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  FilterLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { awsCall, type Place } from './aws-call';
import type { ClientConfig } from './client-config';
import type { LoggedHash, PaymentLog } from './services';

const DAY_MS = 86_400_000;

/** Lines with this word name the hash of an entry. */
const FIELD = 'history_hash';

/**
 * The functions' log groups. FilterLogEvents costs nothing, and has no limit of lines; Logs Insights costs by the GB, and answers 10,000 lines a query.
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html
 */
export class CloudWatchPaymentLog implements PaymentLog {
  private readonly client: CloudWatchLogsClient;

  constructor(
    config: ClientConfig,
    private readonly functionNames: readonly string[],
    private readonly region: Place,
  ) {
    // An AWS account has some calls a second: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html
    this.client = new CloudWatchLogsClient({ ...config, maxAttempts: 8 });
  }

  async keptFrom(): Promise<number> {
    const groups = await Promise.all(this.groups.map((name) => this.keptFromOf(name)));
    return Math.max(...groups);
  }

  async *hashes(from: number, to: number): AsyncGenerator<readonly LoggedHash[]> {
    for (const logGroupName of this.groups) {
      let nextToken: string | undefined;
      do {
        const command = new FilterLogEventsCommand({
          logGroupName,
          startTime: from,
          endTime: to - 1,
          filterPattern: `"${FIELD}"`,
          nextToken,
        });
        const answer = await this.call(logGroupName, () => this.client.send(command));
        yield (answer.events ?? []).flatMap(({ message = '' }) => hashOf(message));
        ({ nextToken } = answer);
      } while (nextToken !== undefined);
    }
  }

  private get groups(): string[] {
    return this.functionNames.map((name) => `/aws/lambda/${name}`);
  }

  /** Lines from before it have gone: they are too old, or the group was made later. */
  private async keptFromOf(logGroupNamePrefix: string): Promise<number> {
    const command = new DescribeLogGroupsCommand({ logGroupNamePrefix });
    const { logGroups = [] } = await this.call(logGroupNamePrefix, () => this.client.send(command));
    const group = logGroups.find(({ logGroupName }) => logGroupName === logGroupNamePrefix);
    if (group === undefined) return Date.now();
    const { creationTime = 0, retentionInDays } = group;
    return Math.max(creationTime, retentionInDays === undefined ? 0 : Date.now() - retentionInDays * DAY_MS);
  }

  private call<T>(group: string, send: () => Promise<T>): Promise<T> {
    return awsCall(this.region, `log group ${group}`, send);
  }
}

function hashOf(message: string): LoggedHash[] {
  // A line of the function may be cut, or be no JSON.
  const [, transactionId] = /"transaction_id":"([\w.-]{1,64})"/.exec(message) ?? [];
  const [, hash] = /"history_hash":"([0-9a-f]{64})"/.exec(message) ?? [];
  return transactionId === undefined || hash === undefined ? [] : [{ transactionId, hash }];
}

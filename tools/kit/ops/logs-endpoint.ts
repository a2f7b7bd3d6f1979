import { existsSync, readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { bodyOf, LoopbackServer } from '../loopback-server';

/** As AWS's limit of a page, but reached by a test. */
const EVENTS_OF_A_PAGE = 25;

interface FilterLogEventsInput {
  readonly logGroupName: string;
  readonly startTime: number;
  readonly endTime: number;
  /** A quoted word. */
  readonly filterPattern: string;
  readonly nextToken?: string;
}

/**
 * CloudWatch Logs' FilterLogEvents and DescribeLogGroups over a file with the lines of all functions. The payment processor's group has all of them.
 * It has no other groups than the functions'.
 */
export class LogsEndpoint extends LoopbackServer {
  /** How the groups were made: ms since the epoch, and days. */
  group: { readonly creationTime: number; readonly retentionInDays?: number } = { creationTime: 0 };
  /** Removes lines. */
  keeps: (line: string) => boolean = () => true;

  constructor(
    private readonly logFile: string,
    private readonly paymentProcessor: string,
  ) {
    super();
  }

  protected async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const input = JSON.parse(await bodyOf(request)) as FilterLogEventsInput & { readonly logGroupNamePrefix?: string };
    response.setHeader('content-type', 'application/x-amz-json-1.1');
    if (input.logGroupNamePrefix?.startsWith('/aws/lambda/') === false) {
      response.writeHead(501).end(JSON.stringify({ __type: 'NotEmulated' }));
      return;
    }
    const answer = String(request.headers['x-amz-target']).endsWith('DescribeLogGroups')
      ? { logGroups: [{ logGroupName: input.logGroupNamePrefix, ...this.group }] }
      : this.filter(input);
    response.end(JSON.stringify(answer));
  }

  private filter({ logGroupName, startTime, endTime, filterPattern, nextToken = '0' }: FilterLogEventsInput) {
    if (!logGroupName.endsWith(`/${this.paymentProcessor}`)) return { events: [] };
    const word = filterPattern.replaceAll('"', '');
    const events = this.lines()
      .filter((line) => line.includes(word) && this.keeps(line))
      .map((message) => ({ message, timestamp: timeOf(message) }))
      .filter(({ timestamp }) => timestamp >= startTime && timestamp <= endTime);
    const end = Number(nextToken) + EVENTS_OF_A_PAGE;
    return { events: events.slice(Number(nextToken), end), ...(end < events.length && { nextToken: String(end) }) };
  }

  private lines(): string[] {
    return [`${this.logFile}.old`, this.logFile].flatMap((file) =>
      existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [],
    );
  }
}

/** When the function wrote the line. */
function timeOf(line: string): number {
  return Date.parse(/"timestamp":"([^"]+)"/.exec(line)?.[1] ?? '');
}

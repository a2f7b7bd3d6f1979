import {
  type CloudWatchLogsClient,
  CreateLogStreamCommand,
  type InputLogEvent,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';

/** What a function prints, on its way into its log group. */
export class FunctionLog {
  private readonly events: InputLogEvent[] = [];

  /** @param logs with the function's own role, as Lambda writes */
  constructor(
    private readonly logGroupName: string,
    private readonly logs: CloudWatchLogsClient,
  ) {}

  add(message: string): void {
    this.events.push({ message, timestamp: Date.now() });
  }

  /** Writes all lines so far into a stream. The emulator has no Lambda that would do it. */
  async writeTo(logStreamName: string, isWritten = (_line: string) => true): Promise<void> {
    const stream = { logGroupName: this.logGroupName, logStreamName };
    const logEvents = this.events.filter(({ message = '' }) => isWritten(message));
    await this.logs.send(new CreateLogStreamCommand(stream));
    await this.logs.send(new PutLogEventsCommand({ ...stream, logEvents }));
  }
}

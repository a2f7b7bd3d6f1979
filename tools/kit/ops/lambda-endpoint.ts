import type { IncomingMessage, ServerResponse } from 'node:http';
import { bodyOf, LoopbackServer } from '../loopback-server';

type Event = Readonly<Record<string, unknown>>;

/** Lambda's Invoke, GetFunctionConfiguration and other reads over HTTP, the first for one function, called by its name or ARN: the event goes to what stands behind it, as a test may have changed it. */
export class LambdaEndpoint extends LoopbackServer {
  readonly events: Event[] = [];
  /** Changes an event before the function gets it. A throw is an error of Lambda itself. */
  onTheWay: (event: Event) => Event = (event) => event;
  /** An error that the function answers with instead. */
  functionError: { errorType: string; errorMessage: string } | undefined;
  /** Configurations by the function's name. */
  configurations: Record<string, object> = {};
  /** Answers to further calls, by the path after the API's version, such as `functions/x/concurrency`. */
  reads: Readonly<Record<string, () => object>> = {};

  static start(functionName: string, invoke: (event: unknown) => Promise<unknown>): Promise<LambdaEndpoint> {
    return new LambdaEndpoint(functionName, invoke).listen();
  }

  private constructor(
    private readonly functionName: string,
    private readonly invoke: (event: unknown) => Promise<unknown>,
  ) {
    super();
  }

  protected async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(request);
    const [, configured] = /\/functions\/([\w-]+)\/configuration/.exec(request.url!) ?? [];
    if (configured !== undefined && configured in this.configurations) {
      response.writeHead(200).end(JSON.stringify(this.configurations[configured]));
      return;
    }
    const [, path = ''] = /^\/[\d-]+\/(.*?)\/?$/.exec(new URL(request.url!, this.url).pathname) ?? [];
    const read = this.reads[path];
    if (read !== undefined) {
      response.writeHead(200).end(JSON.stringify(read()));
      return;
    }
    if (!path.startsWith('functions/')) {
      fail(response, 501, 'NotEmulated');
      return;
    }
    if (!new RegExp(`[/:]${this.functionName}/invocations`).test(decodeURIComponent(request.url!))) {
      fail(response, 404, 'ResourceNotFoundException');
      return;
    }
    const event = JSON.parse(body) as Event;
    this.events.push(event);
    if (this.functionError !== undefined) {
      response.writeHead(200, { 'x-amz-function-error': 'Unhandled' }).end(JSON.stringify(this.functionError));
      return;
    }
    try {
      const answer = JSON.stringify(await this.invoke(this.onTheWay(event)));
      response.writeHead(200).end(answer);
    } catch {
      fail(response, 500, 'ServiceException');
    }
  }
}

function fail(response: ServerResponse, status: number, code: string): void {
  response.writeHead(status, { 'x-amzn-errortype': code }).end('{}');
}

import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

type Event = Readonly<Record<string, unknown>>;

/** Lambda's Invoke and GetFunctionConfiguration over HTTP, the former for one function, called by its name or ARN: the event goes to what stands behind it, as a test may have changed it. */
export class LambdaEndpoint {
  readonly events: Event[] = [];
  /** What becomes of an event on its way; throwing is an error of Lambda itself. */
  onTheWay: (event: Event) => Event = (event) => event;
  /** An error that the function answers with instead. */
  functionError: { errorType: string; errorMessage: string } | undefined;
  /** By the function's name. */
  configurations: Record<string, object> = {};
  private readonly server = createServer((request, response) => void this.serve(request, response));

  static async start(functionName: string, invoke: (event: unknown) => Promise<unknown>): Promise<LambdaEndpoint> {
    const endpoint = new LambdaEndpoint(functionName, invoke);
    endpoint.server.listen(0, '127.0.0.1');
    await once(endpoint.server, 'listening');
    return endpoint;
  }

  private constructor(
    private readonly functionName: string,
    private readonly invoke: (event: unknown) => Promise<unknown>,
  ) {}

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const [, configured] = /\/functions\/([\w-]+)\/configuration/.exec(request.url!) ?? [];
    if (configured !== undefined && configured in this.configurations) {
      response.writeHead(200).end(JSON.stringify(this.configurations[configured]));
      return;
    }
    if (!new RegExp(`[/:]${this.functionName}/invocations`).test(decodeURIComponent(request.url!))) return fail(response, 404, 'ResourceNotFoundException');
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

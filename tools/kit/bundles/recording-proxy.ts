import { createServer, type IncomingMessage, request as call, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface AwsCall {
  /** The operation's name, such as `SendMessage`. */
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** The call never arrives; it is done, but its answer is lost; or the service refuses it. */
export type Fault = 'unreachable' | 'answer lost' | 'refused';

/** Stands between the function and an AWS emulator: notes every call, and fails those that the test picks. */
export class RecordingProxy {
  readonly calls: AwsCall[] = [];
  /** Runs before a call is passed on. */
  before: ((call: AwsCall) => Promise<void>) | undefined;
  /** Long polls end at once, for tests that need no last word of an empty queue. */
  impatient = false;
  private fault: (call: AwsCall) => Fault | undefined = () => undefined;
  private readonly server = createServer((request, response) => void this.serve(request, response));

  private constructor(private readonly target: string) {}

  static async start(target: string): Promise<RecordingProxy> {
    const proxy = new RecordingProxy(target);
    await new Promise<void>((resolve) => proxy.server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Inputs of the calls of one operation. */
  inputs(operation: string): AwsCall['input'][] {
    return this.calls.filter((known) => known.operation === operation).map(({ input }) => input);
  }

  /** Fails the calls of one operation: the next one, or as many as said. */
  fail(operation: string, fault: Fault, times = 1, matching: (input: AwsCall['input']) => boolean = () => true): void {
    let left = times;
    this.fault = (aws) => (aws.operation === operation && matching(aws.input) && left-- > 0 ? fault : undefined);
  }

  /** No more faults. */
  heal(): void {
    this.fault = () => undefined;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const sent = Buffer.concat((await request.toArray()) as Buffer[]);
    const body = this.impatient
      ? Buffer.from(sent.toString().replace(/"WaitTimeSeconds":\d+/, '"WaitTimeSeconds":0'))
      : sent;
    const aws = callOf(request, body.toString());
    this.calls.push(aws);
    await this.before?.(aws);
    switch (this.fault(aws)) {
      case 'unreachable':
        request.socket.resetAndDestroy();
        return;
      case 'refused':
        response.writeHead(400, { 'content-type': 'application/x-amz-json-1.0' });
        response.end(JSON.stringify({ __type: 'com.amazonaws#AccessDeniedException', message: body.toString() }));
        return;
      case 'answer lost':
        this.forward(request, body, (answer) => answer.resume().once('end', () => request.socket.resetAndDestroy()));
        return;
      case undefined:
        this.forward(request, body, (answer) => answer.pipe(response.writeHead(answer.statusCode!, answer.headers)));
    }
  }

  private forward(
    { headers, method, socket }: IncomingMessage,
    body: Buffer,
    onAnswer: (answer: IncomingMessage) => void,
  ): void {
    const hangUp = () => {
      socket.destroy();
    }; // as the emulator did, when it is closed
    call(this.target, { method: method!, headers: { ...headers, 'content-length': body.length } }, onAnswer)
      .on('error', hangUp)
      .end(body);
  }
}

/** SNS still speaks forms; the others say JSON. */
function callOf({ headers }: IncomingMessage, body: string): AwsCall {
  const target = headers['x-amz-target'];
  if (typeof target === 'string')
    return { operation: target.split('.').pop()!, input: JSON.parse(body) as AwsCall['input'] };
  const input = Object.fromEntries(new URLSearchParams(body));
  return { operation: input.Action ?? 'none', input };
}

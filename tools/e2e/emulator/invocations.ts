import { once } from 'node:events';
import { createServer, type IncomingMessage, request as call, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FunctionProcess } from '../../kit/embedded/function-process';

/** Stands for Lambda before the emulator, which runs functions in Docker only: one function's Invoke runs what was deployed, all else passes through. */
export class Invocations {
  private readonly server = createServer((request, response) => {
    this.serve(request, response).catch(() => request.socket.destroy());
  });

  private constructor(
    private readonly emulator: string,
    private readonly functionName: string,
    private readonly process: FunctionProcess,
  ) {}

  static async start(emulator: string, functionName: string, process: FunctionProcess): Promise<Invocations> {
    const invocations = new Invocations(emulator, functionName, process);
    invocations.server.listen(0, '127.0.0.1');
    await once(invocations.server, 'listening');
    return invocations;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = Buffer.concat((await request.toArray()) as Buffer[]);
    if (new RegExp(`[/:]${this.functionName}/invocations$`).test(decodeURIComponent(request.url ?? ''))) {
      const event: unknown = body.length === 0 ? null : JSON.parse(body.toString()); // as Lambda does without an event
      const answer = await this.process.invoke(event);
      response.writeHead(200).end(JSON.stringify(answer));
      return;
    }
    const { method = 'GET', headers, url = '/' } = request;
    call(new URL(url, this.emulator), { method, headers }, (answer) =>
      answer.pipe(response.writeHead(answer.statusCode ?? 502, answer.headers)),
    )
      .on('error', () => request.socket.destroy())
      .end(body);
  }
}

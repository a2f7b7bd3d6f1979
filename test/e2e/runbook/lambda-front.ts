import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FunctionProcess } from '../../../src/local/embedded/function-process';

/** Lambda's API where the emulator would need Docker: invocations go to the function's process, everything else to the emulator. */
export interface LambdaFront {
  readonly endpoint: string;
  close(): Promise<void>;
}

export async function startLambdaFront(emulator: string, functionName: string, process: FunctionProcess): Promise<LambdaFront> {
  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    const body = Buffer.concat((await request.toArray()) as Buffer[]);
    if (request.url!.endsWith(`/functions/${functionName}/invocations`)) {
      const event: unknown = body.length === 0 ? null : JSON.parse(body.toString()); // Lambda passes no event on as none
      response.end(JSON.stringify(await process.invoke(event)));
      return;
    }
    const headers = Object.entries(request.headers).filter(([name]) => !['host', 'connection', 'content-length', 'expect'].includes(name));
    const answer = await fetch(`${emulator}${request.url!}`, {
      method: request.method!,
      headers: Object.fromEntries(headers) as Record<string, string>,
      ...(body.length > 0 && { body }),
    });
    const type = answer.headers.get('content-type');
    response.writeHead(answer.status, type === null ? {} : { 'content-type': type }).end(Buffer.from(await answer.arrayBuffer()));
  };
  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => response.writeHead(500).end(JSON.stringify({ message: String(error) })));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

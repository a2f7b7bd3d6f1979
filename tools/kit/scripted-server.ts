import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ReceivedRequest {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export type Answer = (response: ServerResponse) => void;

/** STS's answer to GetCallerIdentity. */
const CALLER =
  '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>' +
  '<Arn>arn:aws:iam::000000000000:user/alice</Arn></GetCallerIdentityResult></GetCallerIdentityResponse>';

/**
 * An HTTP server on loopback that answers by its script, whose last line is repeated. Outside of the script it tells as STS who the caller is, unless
 * the script itself is STS's.
 */
export class ScriptedServer {
  readonly requests: ReceivedRequest[] = [];
  private script: Answer[] = [];
  private readonly server = createServer((request, response) => void this.serve(request, response));

  constructor(private readonly scriptOf?: 'sts') {}

  async start(): Promise<void> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/check?v=1`;
  }

  /** Forgets what was received, and answers so from now on. */
  answers(...script: Answer[]): void {
    this.requests.length = 0;
    this.script = script;
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method, url: path, headers } = request;
    let body = '';
    for await (const chunk of request) body += String(chunk);
    if (this.scriptOf !== 'sts' && body.startsWith('Action=GetCallerIdentity')) {
      response.writeHead(200, { 'content-type': 'text/xml' }).end(CALLER);
      return;
    }
    this.requests.push({ method, path, headers, body });
    const answer = this.script.length > 1 ? this.script.shift() : this.script[0];
    answer?.(response);
  }
}

export function status(code: number, headers: Record<string, string> = {}, body?: string): Answer {
  return (response) => response.writeHead(code, headers).end(body);
}

export function body(text: string | Buffer): Answer {
  return (response) => response.writeHead(200, { 'content-type': 'application/json' }).end(text);
}

export const APPROVES = body('{"decision":"approve","score":0.25,"reasons":["known payer"]}');

/** The connection stays open, and nothing comes. */
export const hangs: Answer = () => undefined;

/** The answer begins, and its end never comes. */
export const stalls: Answer = (response) => response.writeHead(200).write('{"decision":');

export const resets: Answer = (response) => response.socket?.resetAndDestroy();

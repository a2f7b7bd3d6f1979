import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';

export interface HttpRequest {
  readonly method: string;
  /** Called exactly as given. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Whether the body of an answer with this status is read. */
  readonly readsBody: (status: number) => boolean;
  /** Ends the request with its reason. */
  readonly signal: AbortSignal;
}

export interface HttpAnswer {
  readonly status: number;
  /** Header values by lower-case name. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The raw body, cut after `LONGEST_BODY_BYTES` + 1; empty unless it was to be read. */
  readonly body: Buffer;
}

/** Sends a request. It never follows a redirect. */
export type Send = (request: HttpRequest) => Promise<HttpAnswer>;

/** No answer of the fraud API is longer; the rest of a longer one is not read. */
export const LONGEST_BODY_BYTES = 64 * 1024;

/** An idle connection is closed before most servers close theirs: a call on a closed one fails. */
const KEEP_ALIVE = { keepAlive: true, timeout: 4_000 };
const PLAIN = { module: http, agent: new http.Agent(KEEP_ALIVE) };
const ENCRYPTED = { module: https, agent: new https.Agent(KEEP_ALIVE) };

/**
 * Node's own client rather than `fetch`, which ends the connection at an interim answer that it did not ask for, such as
 * 100 (https://github.com/nodejs/undici/issues/197); a client must accept those (RFC 9110, 15.2), and this one skips them.
 */
export const send: Send = async (request) => {
  try {
    const response = await begin(request);
    const { statusCode: status = 0, headers } = response;
    const body = request.readsBody(status) ? await readBody(response) : Buffer.alloc(0);
    response.destroy(); // does nothing to an answer that was read to its end: its connection is used again
    return { status, headers, body };
  } catch (error) {
    request.signal.throwIfAborted(); // its reason says more than the error that it causes
    throw error;
  }
};

function begin({ method, url, headers, body, signal }: HttpRequest): Promise<IncomingMessage> {
  const { module, agent } = new URL(url).protocol === 'https:' ? ENCRYPTED : PLAIN;
  return new Promise((resolve, reject) => {
    // Through the module's object: the tracer replaces `request` there.
    const request = module.request(url, { method, headers: { ...headers }, agent, signal }, resolve);
    request.on('error', reject);
    // 101 is no answer, and Node reports the end of a connection that switched protocols by this event alone.
    request.on('upgrade', (_response, socket) => {
      socket.destroy();
      reject(new UnaskedUpgradeError('The server switched protocols without being asked to.'));
    });
    request.end(body);
  });
}

/** An answer 101: RFC 9110, 15.2.2 has it only where the client asked for an upgrade. */
class UnaskedUpgradeError extends Error {
  readonly code = 'HTTP 101';
}

async function readBody(response: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    length += chunk.byteLength;
    if (length > LONGEST_BODY_BYTES) break;
  }
  return Buffer.concat(chunks).subarray(0, LONGEST_BODY_BYTES + 1);
}

import { setMaxListeners } from 'node:events';
import { isIP } from 'node:net';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { HttpProxyAgent, HttpsProxyAgent } from 'hpagent';
import { parse, parseCIDR } from 'ipaddr.js';
import { errorCode } from '../runtime/aws-call';
import { CommandError } from '../cli/command-error';

type Handled = ReturnType<NodeHttpHandler['handle']>;
type HttpRequest = Parameters<NodeHttpHandler['handle']>[0];

/** The code of a network error, which says more than its name. */
export function networkCode(error: unknown): string {
  if (typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string')
    return error.code;
  return errorCode(error);
}

/** Whether the code is a TLS error about the certificate. */
export function isUntrusted(code: string): boolean {
  return /CERT|UNABLE_TO_VERIFY/.test(code);
}

/** The end of a sentence. */
export function untrusted(code: string): string {
  return `a certificate that Node does not trust (${code}): if a proxy reads the traffic, set NODE_EXTRA_CA_CERTS to the file of its certificate authority.`;
}

/** Codes of connections that were never made, so that nothing was sent. */
const NOT_CONNECTED = ['EAI_AGAIN', 'ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND'];
/** The Node HTTP handler's message for a connection that timed out. */
const TOO_LATE = 'did not establish a connection';

/**
 * Connections to AWS, through the proxy that the environment names for a host. Closing them aborts the calls in progress;
 * the SDK would otherwise connect again, and repeat the call.
 */
export class Connections extends NodeHttpHandler {
  private readonly closed = new AbortController();
  private readonly byProxy = new Map<string, NodeHttpHandler>();

  /**
   * @param requestTimeout milliseconds for the whole answer
   * @param onlyLoopback whether any other host is refused
   */
  constructor(
    private readonly requestTimeout: number,
    private readonly onlyLoopback = false,
  ) {
    super(timeouts(requestTimeout));
    setMaxListeners(0, this.closed.signal); // one for each call in progress
  }

  override handle(...[request, options]: Parameters<NodeHttpHandler['handle']>): Handled {
    const { signal } = this.closed;
    const own = options?.abortSignal as AbortSignal | undefined;
    const bounded = { ...options, abortSignal: own === undefined ? signal : AbortSignal.any([own, signal]) };
    if (this.onlyLoopback && !isLoopback(request.hostname.replace(/^\[|\]$/g, '')))
      return Promise.reject(
        new CommandError(`${request.hostname} is not on this machine, so --local doesn't call it.`),
      );
    const proxy = proxyFor(request);
    return proxy === undefined ? super.handle(request, bounded) : this.through(proxy, request, bounded);
  }

  override destroy(): void {
    this.closed.abort();
    for (const handler of this.byProxy.values()) handler.destroy();
    super.destroy();
  }

  private async through(
    proxy: Proxy,
    request: HttpRequest,
    options: Parameters<NodeHttpHandler['handle']>[1],
  ): Handled {
    let handler = this.byProxy.get(proxy.url.href);
    if (handler === undefined) {
      const agent = { keepAlive: true, proxy: proxy.url };
      handler = new NodeHttpHandler({
        ...timeouts(this.requestTimeout),
        httpAgent: new HttpProxyAgent(agent),
        httpsAgent: new HttpsProxyAgent(agent),
      });
      this.byProxy.set(proxy.url.href, handler);
    }
    try {
      return await handler.handle(request, options);
    } catch (error) {
      throw explained(error as NodeJS.ErrnoException, proxy, request.hostname);
    }
  }
}

function timeouts(requestTimeout: number) {
  return { connectionTimeout: 3_000, requestTimeout, throwOnRequestTimeout: true };
}

interface Proxy {
  readonly url: URL;
  /** The environment variable that names it. */
  readonly variable: string;
}

/**
 * Reads the environment as the AWS CLI and curl do: a lower-case name goes before the upper-case one, and a domain in
 * `NO_PROXY` includes its subdomains. A loopback host has no proxy.
 * @throws CommandError when it cannot be used. The message names the proxy, never its password
 */
export function proxyFor({
  protocol,
  hostname,
  port,
}: Pick<HttpRequest, 'protocol' | 'hostname'> & { readonly port?: number | undefined }): Proxy | undefined {
  const scheme = protocol.replace(/:$/, '');
  const host = hostname.replace(/^\[|\]$/g, '').toLowerCase();
  const variable = [`${scheme}_proxy`, 'all_proxy']
    .flatMap((name) => [name, name.toUpperCase()])
    .find((name) => process.env[name]);
  if (variable === undefined || isLoopback(host) || isExempt(host, port ?? (scheme === 'https' ? 443 : 80)))
    return undefined;
  const value = process.env[variable]!;
  const address = value.includes('://') ? value : `http://${value}`;
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) {
    throw new CommandError(`${variable} does not name an HTTP proxy: set it to http://HOST:PORT, or unset it.`);
  }
  return { url, variable };
}

/** @param host in lower case, without brackets */
export function isLoopback(host: string): boolean {
  return (
    host === 'localhost' || host.endsWith('.localhost') || (isIP(host) !== 0 && parse(host).range() === 'loopback')
  );
}

function isExempt(host: string, port: number): boolean {
  const entries = (process.env.no_proxy ?? process.env.NO_PROXY ?? '')
    .toLowerCase()
    .split(/[\s,]+/)
    .filter(Boolean);
  return entries.some((entry) => {
    if (entry === '*') return true;
    if (entry.includes('/')) return isIP(host) !== 0 && isInRange(host, entry);
    const [, name = entry, only] = /^(.*?):(\d+)$/.exec(isIP(entry) === 6 ? '' : entry) ?? [];
    if (only !== undefined && Number(only) !== port) return false;
    const domain = name.replace(/^\[|\]$/g, '').replace(/^\*?\./, '');
    return host === domain || host.endsWith(`.${domain}`);
  });
}

function isInRange(host: string, cidr: string): boolean {
  try {
    const [address, range] = [parse(host), parseCIDR(cidr)];
    return address.kind() === range[0].kind() && address.match(range);
  } catch {
    return false; // not a range
  }
}

function explained(error: NodeJS.ErrnoException, { url: { host }, variable }: Proxy, target: string): Error {
  const [, status] = /^Bad response: (\d+)$/.exec(error.message) ?? []; // hpagent's message for an answer to CONNECT
  if (status === '407')
    return new CommandError(
      `The proxy ${host} (${variable}) wants a user and a password, or others than it was given (407): set ${variable} to http://USER:PASSWORD@${host}.`,
    );
  if (status !== undefined)
    return new CommandError(
      `The proxy ${host} (${variable}) does not connect to ${target} (${status}): have it allowed there, or add ${target} to NO_PROXY.`,
    );
  const code = networkCode(error);
  if (NOT_CONNECTED.includes(code) || error.message.includes(TOO_LATE)) {
    return new CommandError(
      `The proxy ${host} (${variable}) cannot be reached (${code}): check ${variable} and the network, or unset it if no proxy is needed.`,
    );
  }
  return error;
}

import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';

export interface Tunnel {
  /** The target that the client asked for: `host:port`. */
  readonly target: string | undefined;
  readonly authorization: string | undefined;
}

/** An HTTP proxy on loopback (RFC 9110 9.3.6) whose tunnels all lead to one port on loopback, for any host. */
export class ConnectProxy {
  readonly tunnels: Tunnel[] = [];
  /** Instead of a tunnel, the status to answer with; none says nothing at all. */
  refusesWith: number | 'none' | undefined;
  private readonly sockets = new Set<Socket>();
  private readonly server = createServer((_request, response) => response.writeHead(405).end());

  constructor(private readonly leadsTo: () => number) {
    this.server.on('connection', (socket) => this.sockets.add(socket));
    this.server.on('connect', (request: IncomingMessage, client: Socket) => {
      this.open(request, client);
    });
  }

  async start(): Promise<void> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }

  /** Its host and port. */
  get host(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  private open({ url, headers }: IncomingMessage, client: Socket): void {
    this.tunnels.push({ target: url, authorization: headers['proxy-authorization'] });
    client.on('error', () => undefined);
    if (this.refusesWith === 'none') return;
    if (this.refusesWith !== undefined) {
      client.end(`HTTP/1.1 ${this.refusesWith} No\r\n\r\n`);
      return;
    }
    const upstream = connect(this.leadsTo(), '127.0.0.1', () => {
      client.write('HTTP/1.1 200 OK\r\n\r\n');
      client.pipe(upstream).pipe(client);
    });
    upstream.on('error', () => client.destroy());
    this.sockets.add(upstream);
  }
}

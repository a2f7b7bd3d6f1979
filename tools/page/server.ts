import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CommandError, messageOf, UsageError } from '../../src/cli/command-error';
import { changesSince, partsOf, textsOf } from './changes';
import { renderDocument } from './document';
import { renderPage } from './html';
import type { DrillAction, PageModel } from './model';

/** What a live page shows, and what it does. */
export interface PageSource {
  /** The model as it is now. */
  model(): PageModel | Promise<PageModel>;
  /** Switches a drill's fault on or off. @throws CommandError saying why not */
  drill?(name: string, action: DrillAction): void | Promise<void>;
}

export interface PageServer {
  readonly url: string;
  close(): Promise<void>;
}

export interface PageServerOptions {
  /** @default one that is free */
  readonly port?: number;
  /** Milliseconds between two updates. @default 1000 */
  readonly intervalMs?: number;
}

const LOOPBACK = '127.0.0.1';

/** A reader that takes nothing for so long is disconnected. It connects again, and is sent everything. */
const MOST_UNSENT_BYTES = 8 * 1024 * 1024;

const HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "frame-ancestors 'none'", // the page has a policy of its own, where this directive is ignored
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/**
 * Serves the live page on loopback. A reader is sent the whole model, then what changes. Another site's page can read nothing and do
 * nothing: a request has to name this server as its host, and an order has to come from its page.
 * @throws UsageError when the port is taken
 */
export async function startPageServer(
  source: PageSource,
  { port = 0, intervalMs = 1_000 }: PageServerOptions = {},
): Promise<PageServer> {
  const readers = new Readers(source, intervalMs);
  const server = createServer((request, response) => void serve(request, response, source, readers));
  server.listen(port, LOOPBACK);
  try {
    await once(server, 'listening');
  } catch (error) {
    throw new UsageError(
      `Port ${port} cannot be used (${(error as NodeJS.ErrnoException).code}): give another --port.`,
    );
  }
  return {
    url: `http://${LOOPBACK}:${(server.address() as AddressInfo).port}/`,
    async close() {
      readers.close();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  source: PageSource,
  readers: Readers,
): Promise<void> {
  const answer = (status: number, type: string, body: string) => {
    response.writeHead(status, { ...HEADERS, 'content-type': `${type}; charset=utf-8` }).end(body);
  };
  try {
    // A site's name may lead here, and its page would be of one origin with this server: DNS rebinding.
    const { host, origin } = request.headers;
    const port = request.socket.localPort!;
    if (host !== `${LOOPBACK}:${port}` && host !== `localhost:${port}`) {
      answer(403, 'text/plain', 'This server answers to its own address only.\n');
      return;
    }
    const { pathname } = new URL(request.url ?? '/', `http://${host}`);
    const order = /^\/drills\/([\w-]+)\/(start|stop)$/.exec(pathname);
    if (request.method === 'POST' && order !== null && source.drill !== undefined) {
      if (origin !== `http://${host}`) answer(403, 'text/plain', 'Orders come from the page.\n');
      else {
        await source.drill(order[1]!, order[2] as DrillAction);
        await readers.update();
        answer(200, 'text/plain', '');
      }
    } else if (request.method !== 'GET') answer(405, 'text/plain', 'Nothing here takes that.\n');
    else if (pathname === '/') answer(200, 'text/html', renderPage(await source.model(), 'live'));
    else if (pathname === '/events') await readers.add(response);
    else {
      const document = renderDocument(pathname);
      if (document === undefined) answer(404, 'text/plain', 'There is no such page.\n');
      else answer(200, 'text/html', document);
    }
  } catch (error) {
    answer(error instanceof CommandError ? 409 : 500, 'text/plain', messageOf(error));
  }
}

/** The pages that are open. All of them have the same state of the model. */
class Readers {
  private readonly open = new Set<ServerResponse>();
  private sent: ReadonlyMap<string, string> = new Map();
  private timer: NodeJS.Timeout | undefined;
  private updating: Promise<PageModel> | undefined;

  constructor(
    private readonly source: PageSource,
    private readonly intervalMs: number,
  ) {}

  async add(response: ServerResponse): Promise<void> {
    const model = await this.update();
    if (response.destroyed) return; // the reader has left
    response.writeHead(200, { ...HEADERS, 'content-type': 'text/event-stream; charset=utf-8' });
    response.write('retry: 1000\n\n');
    send(response, 'all', model);
    this.open.add(response);
    response.on('close', () => {
      this.open.delete(response);
      if (this.open.size === 0) this.close();
    });
    this.timer ??= setInterval(() => {
      this.update().catch(() => {
        for (const reader of this.open) reader.destroy(); // the page says that its connection is lost
      });
    }, this.intervalMs);
  }

  /** Sends what has changed since the last update. Nothing is looked at while no page is open. */
  update(): Promise<PageModel> {
    this.updating ??= this.sendChanges().finally(() => {
      this.updating = undefined;
    });
    return this.updating;
  }

  close(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }

  private async sendChanges(): Promise<PageModel> {
    const model = await this.source.model();
    const parts = partsOf(model);
    const changes = changesSince(this.sent, parts);
    this.sent = textsOf(parts);
    for (const response of this.open) {
      if (response.writableLength > MOST_UNSENT_BYTES) response.destroy();
      else send(response, 'changes', changes);
    }
    return model;
  }
}

function send(response: ServerResponse, event: string, data: unknown): void {
  response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
}

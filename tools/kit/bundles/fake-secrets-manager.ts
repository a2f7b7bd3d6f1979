import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The secret; a secret without text; an error; or never an answer. */
export type SecretAnswer =
  { readonly secret: string } | 'binary' | { readonly error: string; readonly message?: string } | 'hang';

export interface SecretCall {
  /** The operation's name, such as `GetSecretValue`. */
  readonly operation: string;
  readonly secretId: unknown;
  /** The region for which the call was signed. */
  readonly region: string | undefined;
  /** The answer was out, or the caller gave up. */
  ended: boolean;
}

/** Secrets Manager on loopback, with one secret. */
export class FakeSecretsManager {
  readonly calls: SecretCall[] = [];
  /** Runs before a call is answered. */
  before: () => Promise<unknown> = () => Promise.resolve();
  private script: SecretAnswer[] = [];
  private readonly server = createServer((request, response) => void this.serve(request, response));

  static async start(): Promise<FakeSecretsManager> {
    const fake = new FakeSecretsManager();
    await new Promise<void>((resolve) => fake.server.listen(0, '127.0.0.1', resolve));
    return fake;
  }

  /** Forgets what was called, and answers so from now on; the last answer stays. */
  answers(...script: SecretAnswer[]): void {
    this.calls.length = 0;
    this.before = () => Promise.resolve();
    this.script = script;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const input = JSON.parse((await request.toArray()).join('')) as { SecretId?: unknown };
    const call = {
      operation: String(request.headers['x-amz-target']).split('.').pop()!,
      secretId: input.SecretId,
      region: /Credential=[^/]+\/\d+\/([^/]+)\/secretsmanager\//.exec(request.headers.authorization ?? '')?.[1],
      ended: false,
    };
    response.once('close', () => (call.ended = true));
    this.calls.push(call);
    const answer = this.script.length > 1 ? this.script.shift()! : this.script[0]!;
    await this.before();
    if (answer === 'hang') return;
    const failed = typeof answer === 'object' && 'error' in answer;
    response
      .writeHead(failed ? 400 : 200, { 'content-type': 'application/x-amz-json-1.1' })
      .end(JSON.stringify(bodyOf(answer)));
  }
}

function bodyOf(answer: Exclude<SecretAnswer, 'hang'>): object {
  if (answer === 'binary') return { Name: 'fraud-api-key', SecretBinary: 'a2V5' };
  if ('error' in answer) return { __type: answer.error, message: answer.message };
  return { Name: 'fraud-api-key', SecretString: answer.secret, VersionStages: ['AWSCURRENT'] };
}

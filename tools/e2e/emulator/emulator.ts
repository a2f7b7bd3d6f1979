import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as v from 'valibot';
import { endOf, type Processes } from '../../kit/processes';
import { messageOf } from '../../../src/cli/command-error';

const LAUNCHER = join(__dirname, 'launcher.py');
const PATIENCE_MS = 60_000;
/** A number of requests that is never reached, so that IAM is not enforced. */
const UNLIMITED = '1000000000';

/** `by` is an ARN, of a user or of a role that was taken on; `on` one as well, or `*`. */
const allowedCall = v.object({ by: v.string(), action: v.string(), on: v.string() });

export type AllowedCall = v.InferOutput<typeof allowedCall>;

interface Start {
  readonly python: string;
  readonly directory: string;
  readonly log: string;
  readonly processes: Processes;
}

/** An emulator of AWS on loopback. */
export class Emulator {
  private constructor(
    readonly endpoint: string,
    private readonly allowed: string,
    /** Rejects when it has ended, which it never does by itself. */
    readonly gone: Promise<never>,
  ) {
    gone.catch(() => undefined); // the caller that awaits it gets the error
  }

  /** @returns when it answers */
  static async start({ python, directory, log, processes }: Start): Promise<Emulator> {
    const port = await freePort();
    const allowed = join(directory, 'allowed-calls.jsonl');
    const child = processes.start(python, [LAUNCHER, String(port), allowed], {
      directory,
      log,
      environment: { PYTHONUNBUFFERED: '1' },
    });
    const emulator = new Emulator(`http://127.0.0.1:${port}`, allowed, endOfEmulator(child, log));
    const deadline = Date.now() + PATIENCE_MS;
    while (!(await emulator.answers())) {
      if (Date.now() > deadline) throw new Error(`The emulator does not answer:\n${await endOf(log)}`);
      await Promise.race([sleep(200), emulator.gone]);
    }
    return emulator;
  }

  /** Makes calls need credentials of the emulator, and a policy that allows them. */
  async enforceIam(): Promise<void> {
    await this.requestsWithoutIam('0');
  }

  async allowAll(): Promise<void> {
    await this.requestsWithoutIam(UNLIMITED);
  }

  /** Each call that a policy has allowed while IAM was enforced. */
  async allowedCalls(): Promise<AllowedCall[]> {
    const lines = (await readFile(this.allowed, 'utf8')).trim().split('\n').filter(Boolean);
    return lines.map((line) => v.parse(allowedCall, JSON.parse(line)));
  }

  private async requestsWithoutIam(number: string): Promise<void> {
    const answer = await fetch(`${this.endpoint}/moto-api/reset-auth`, {
      method: 'POST',
      headers: { 'content-type': 'text/plain' },
      body: number,
    });
    if (!answer.ok) throw new Error(`The emulator refuses to change how it enforces IAM: HTTP ${answer.status}.`);
  }

  private async answers(): Promise<boolean> {
    return fetch(`${this.endpoint}/moto-api/data.json`).then(
      ({ ok }) => ok,
      () => false,
    );
  }
}

async function endOfEmulator(child: ChildProcess, log: string): Promise<never> {
  const [code, signal] = (await once(child, 'close').catch((error: unknown) => [messageOf(error), null])) as [
    unknown,
    unknown,
  ];
  throw new Error(`The emulator has ended (${String(signal ?? code)}):\n${await endOf(log)}`);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

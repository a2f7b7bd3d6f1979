import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { get } from 'node:http';
import { homedir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { UsageError } from '../cli/command-error';
import { isLoopback } from './connections';

/** A machine at its limit answers late. */
const ANSWER_MS = 5_000;

const entry = v.object({
  pid: v.number(),
  port: v.number(),
  started: v.string(),
  endpoint: v.pipe(v.string(), v.url(), v.check(isOnThisMachine)),
  token: v.string(),
  region: v.string(),
  environment: v.string(),
  queueName: v.string(),
  timeScale: v.number(),
});

/** A running `npx projen local`, as its file in {@link localDirectory} describes it. */
export type LocalEntry = v.InferOutput<typeof entry>;

/** The directory with a file for each running `npx projen local` of this user. */
export function localDirectory(): string {
  const cache = process.env.XDG_CACHE_HOME;
  return join(
    cache === undefined || cache === '' ? join(homedir(), '.cache') : cache,
    'cdktf-payment-pipeline',
    'local',
  );
}

/** The file of the pipeline whose page has that port. */
export function localFile(port: number): string {
  return join(localDirectory(), `${port}.json`);
}

/**
 * Finds the running `npx projen local`.
 * @param port of its page, to choose one of several
 * @throws UsageError when none runs, or when several run and none is chosen
 */
export async function findLocal(port?: number): Promise<LocalEntry> {
  const running = await runningLocals();
  const found = running.filter((one) => port === undefined || one.port === port);
  if (found.length === 1) return found[0]!;
  const ports = running.map((one) => one.port);
  if (ports.length === 0)
    throw new UsageError('No local pipeline runs on this machine: start one by "npx projen local" in the project.');
  throw new UsageError(
    port === undefined
      ? `${ports.length} local pipelines run: say --port ${ports.join(' or --port ')}.`
      : `No local pipeline runs with its page at port ${port}: say --port ${ports.join(' or --port ')}.`,
  );
}

/** The running pipelines of this user. Removes the files of those that have ended without removing theirs. */
async function runningLocals(): Promise<LocalEntry[]> {
  const found = await Promise.all(
    registered().map(async (file) => {
      const pipeline = readEntry(file);
      const state = pipeline === undefined ? 'ended' : await stateOf(pipeline);
      if (state === 'ended') rmSync(file, { force: true });
      return state === 'running' ? [pipeline!] : [];
    }),
  );
  return found.flat().sort((one, other) => one.port - other.port);
}

function registered(): string[] {
  try {
    return readdirSync(localDirectory())
      .filter((name) => /^\d+\.json$/.test(name))
      .map((name) => join(localDirectory(), name));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return []; // none has ever run
    throw new UsageError(
      `${localDirectory()}, where a running local pipeline is found, cannot be read (${code}): correct that.`,
    );
  }
}

/** Undefined when it is not what `npx projen local` writes. @throws UsageError when another user may have written it */
function readEntry(file: string): LocalEntry | undefined {
  const found = statSync(file, { throwIfNoEntry: false });
  if (found === undefined) return undefined; // its pipeline has just ended
  const { uid, mode } = found;
  if ((process.getuid !== undefined && uid !== process.getuid()) || (mode & 0o077) !== 0)
    throw new UsageError(
      `${file} is not private to you, so it may lead anywhere: remove it, and start the pipeline again.`,
    );
  const { success, output } = v.safeParse(v.pipe(v.string(), v.parseJson(), entry), readFileSync(file, 'utf8'));
  return success ? output : undefined;
}

function isOnThisMachine(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === 'http:' && isLoopback(hostname.replace(/^\[|\]$/g, ''));
}

/** Whether its process is there, and answers as itself: the number may be another process's by now. One that doesn't answer in time is silent. */
async function stateOf({ pid, endpoint, token }: LocalEntry): Promise<'running' | 'silent' | 'ended'> {
  try {
    process.kill(pid, 0);
  } catch {
    return 'ended';
  }
  return new Promise((resolve) => {
    const options = { agent: false, timeout: ANSWER_MS, headers: { authorization: `Bearer ${token}` } };
    const asked = get(endpoint, options, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200 && answer.headers['x-pid'] === String(pid) ? 'running' : 'ended');
    });
    asked.on('timeout', () => {
      resolve('silent');
      asked.destroy();
    });
    asked.on('error', () => {
      resolve('ended');
    });
  });
}

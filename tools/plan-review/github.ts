import { setTimeout as wait } from 'node:timers/promises';
import * as v from 'valibot';
import { CommandError } from '../../src/cli/command-error';

const CALL_TIMEOUT_MS = 30_000;

/** Most calls for one request, the first included: GitHub asks clients to give up after a number of retries. */
const MAX_CALLS = 5;
/** Limit for all retry delays of one request. The workflows' jobs may take 20 to 60 minutes. */
const MAX_WAIT_MS = 5 * 60_000;
/** Delay before the first retry of a failed call. Doubles with each further retry. */
const FIRST_WAIT_MS = 1_000;
/** Likewise, when GitHub limits the calls without naming a time: its documentation asks for "at least one minute". */
const FIRST_LIMIT_WAIT_MS = 60_000;
/** The most that GitHub allows. */
const ITEMS_PER_PAGE = 100;

/** Reads a list that is a property of GitHub's answer. */
export function listIn<T>(name: string, item: v.GenericSchema<unknown, T>): v.GenericSchema<unknown, T[]> {
  return v.pipe(
    v.record(v.string(), v.unknown()),
    v.transform((answer) => answer[name]),
    v.array(item),
  );
}

/** The time as the client sees it, so that a test need not wait. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  wait(ms: number): Promise<unknown>;
  /** Aborts after this many milliseconds. */
  timeout(ms: number): AbortSignal;
}

const SYSTEM_CLOCK: Clock = { now: () => Date.now(), wait, timeout: (ms) => AbortSignal.timeout(ms) };

interface Request {
  readonly method: 'GET' | 'POST' | 'PATCH';
  /** Below the repository, such as `pulls/7/commits`. */
  readonly path: string;
  readonly body?: unknown;
  readonly isBinary?: boolean;
  /** Whether an earlier call did it, though it failed. Not needed where a repeated call changes nothing. */
  readonly isDone?: () => Promise<boolean>;
}

interface Success {
  readonly body: string | Uint8Array;
  readonly hasNextPage: boolean;
}

interface Failure {
  readonly message: string;
  /** Milliseconds before the retry that follows so many calls. Without it, a retry is pointless. */
  readonly waitMs?: (calls: number) => number;
}

/**
 * GitHub's REST API, for one repository. Not by `@octokit/core`: it is an ES module, which jest doesn't load by `require`, and with
 * its plugin for retries it repeats a POST after a server error without a look at what the first one created.
 */
export class GitHub {
  constructor(
    private readonly api: string,
    /** `owner/name` */
    readonly repository: string,
    private readonly token: string,
    private readonly clock: Clock = SYSTEM_CLOCK,
  ) {}

  /** Reads the variables that a workflow sets. @throws CommandError */
  static ofWorkflow(environment: NodeJS.ProcessEnv = process.env, clock?: Clock): GitHub {
    const { GITHUB_API_URL: api, GITHUB_REPOSITORY: repository, GITHUB_TOKEN: token } = environment;
    if (api && repository && token) return new GitHub(api, repository, token, clock);
    throw new CommandError(
      'GITHUB_API_URL, GITHUB_REPOSITORY and GITHUB_TOKEN have to be set: a workflow sets the first two, and its step the token.',
    );
  }

  /** Reads a list by the numbers of its pages, and none after the last item that the caller takes. @throws CommandError */
  async *list<T>(path: string, answer: v.GenericSchema<unknown, T[]>): AsyncGenerator<T, void> {
    const pages = `${path}${path.includes('?') ? '&' : '?'}per_page=${ITEMS_PER_PAGE}&page=`;
    let hasNext = true;
    for (let page = 1; hasNext; page += 1) {
      const { body, hasNextPage } = await this.request({ method: 'GET', path: `${pages}${page}` });
      hasNext = hasNextPage;
      yield* checked(path, answer, body);
    }
  }

  /** Reads one object. @throws CommandError */
  async get<T>(path: string, answer: v.GenericSchema<unknown, T>): Promise<T> {
    return checked(path, answer, (await this.request({ method: 'GET', path })).body);
  }

  /** Downloads an archive. GitHub redirects to another host, to which `fetch` sends no token. @throws CommandError */
  async download(path: string): Promise<Uint8Array> {
    return (await this.request({ method: 'GET', path, isBinary: true })).body as Uint8Array;
  }

  /** Reads a list up to the first item that matches. @throws CommandError */
  async find<T>(
    path: string,
    answer: v.GenericSchema<unknown, T[]>,
    matches: (item: T) => boolean,
  ): Promise<T | undefined> {
    for await (const item of this.list(path, answer)) if (matches(item)) return item;
    return undefined;
  }

  /**
   * Creates something. GitHub may do so and still answer with an error.
   * @param isDone whether it is there; asked before a call is repeated, so that nothing is created twice
   * @throws CommandError
   */
  async create(path: string, body: Readonly<Record<string, unknown>>, isDone: () => Promise<boolean>): Promise<void> {
    await this.request({ method: 'POST', path, body, isDone });
  }

  /** Changes something that exists. @throws CommandError */
  async update(path: string, body: Readonly<Record<string, unknown>>): Promise<void> {
    await this.request({ method: 'PATCH', path, body });
  }

  private async request(request: Request): Promise<Success> {
    let waited = 0;
    for (let calls = 1; ; calls += 1) {
      const result = await this.call(request);
      if ('body' in result) return result;
      const waitMs = result.waitMs?.(calls);
      if (waitMs === undefined) throw new CommandError(result.message);
      waited += waitMs;
      if (calls === MAX_CALLS || waited > MAX_WAIT_MS)
        throw new CommandError(`${result.message} Run this again in ${Math.ceil(waitMs / 1_000)} s (calls: ${calls}).`);
      await this.clock.wait(waitMs);
      if (await request.isDone?.()) return { body: '', hasNextPage: false };
    }
  }

  private async call({ method, path, body, isBinary }: Request): Promise<Success | Failure> {
    const init = {
      method,
      headers: {
        accept: 'application/vnd.github+json',
        authorization: `Bearer ${this.token}`,
        'x-github-api-version': '2022-11-28',
      },
      signal: this.clock.timeout(CALL_TIMEOUT_MS),
      ...(body !== undefined && { body: JSON.stringify(body) }),
    };
    try {
      const answer = await fetch(`${this.api}/repos/${this.repository}/${path}`, init);
      if (!answer.ok) return this.failureOf(answer, await answer.text(), `${method} ${path}`);
      // https://docs.github.com/en/rest/using-the-rest-api/using-pagination-in-the-rest-api
      const hasNextPage = /;\s*rel="?next"?/.test(answer.headers.get('link') ?? '');
      return { body: isBinary ? new Uint8Array(await answer.arrayBuffer()) : await answer.text(), hasNextPage };
    } catch (error) {
      return {
        message: `GitHub does not answer to ${method} ${path}: ${(error as Error).message}.`,
        waitMs: doubling(FIRST_WAIT_MS),
      };
    }
  }

  /** Recognizes rate limits by https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api. */
  private failureOf({ status, headers }: Response, text: string, call: string): Failure {
    const said = `${status} (${text.slice(0, 200)})`;
    if (status >= 500) return { message: `GitHub fails at ${call} with ${said}.`, waitMs: doubling(FIRST_WAIT_MS) };
    const retryAfter = secondsIn(headers.get('retry-after'));
    const isUsedUp = headers.get('x-ratelimit-remaining') === '0';
    const isLimited =
      status === 429 ||
      (status === 403 && (retryAfter !== undefined || isUsedUp || /secondary rate limit/i.test(text)));
    if (!isLimited) return { message: `GitHub refuses ${call} with ${said}: look at the workflow's permissions.` };
    const reset = isUsedUp ? secondsIn(headers.get('x-ratelimit-reset')) : undefined;
    const seconds = retryAfter ?? (reset && Math.max(1, reset - Math.floor(this.clock.now() / 1_000)));
    return {
      message: `GitHub limits the calls, and refuses ${call} with ${said}.`,
      waitMs: seconds === undefined ? doubling(FIRST_LIMIT_WAIT_MS) : () => seconds * 1_000,
    };
  }
}

function doubling(firstMs: number): (calls: number) => number {
  return (calls) => firstMs * 2 ** (calls - 1);
}

/** @throws CommandError */
function checked<T>(path: string, answer: v.GenericSchema<unknown, T>, body: string | Uint8Array): T {
  const { success, output, issues } = v.safeParse(v.pipe(v.string(), v.parseJson(), answer), body);
  if (success) return output;
  throw new CommandError(`GitHub's answer to ${path} is not as expected: ${issues[0].message}.`);
}

function secondsIn(header: string | null): number | undefined {
  return header !== null && /^\d+$/.test(header) ? Number(header) : undefined;
}

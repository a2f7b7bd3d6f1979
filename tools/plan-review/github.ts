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
/** Pages of up to 100 items each. */
const MAX_PAGES = 100;

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
  readonly url: string;
  /** The path, as error messages name it. */
  readonly path: string;
  readonly body?: unknown;
  readonly isBinary?: boolean;
  /** Whether an earlier call did it, though it failed. Not needed where a repeated call changes nothing. */
  readonly isDone?: () => Promise<boolean>;
}

interface Success {
  readonly body: unknown;
  /** URL of the next page. */
  readonly next?: string;
}

interface Failure {
  readonly message: string;
  /** Why GitHub may answer differently later. Without it, a retry is pointless. */
  readonly retry?: 'limited' | 'unanswered';
  /** Milliseconds, where GitHub names a time. */
  readonly waitMs?: number;
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

  /**
   * Reads a list page by page, by the links to the next page; the pages after the last item that the caller takes are not read.
   * https://docs.github.com/en/rest/using-the-rest-api/using-pagination-in-the-rest-api
   * @param path below the repository, such as `pulls/7/commits`
   * @throws CommandError
   */
  async *list<T>(path: string, answer: v.GenericSchema<unknown, T[]>): AsyncGenerator<T, void> {
    let url: string | undefined = this.urlOf(path);
    for (let pages = 0; url !== undefined; pages += 1) {
      if (pages === MAX_PAGES)
        throw new CommandError(
          `GitHub lists more for ${path} than ${MAX_PAGES} pages: close or delete items that are not needed.`,
        );
      const { body, next }: Success = await this.request({ method: 'GET', url, path });
      yield* checked(path, answer, body);
      url = this.trusted(next);
    }
  }

  /** Reads one object. @throws CommandError */
  async get<T>(path: string, answer: v.GenericSchema<unknown, T>): Promise<T> {
    const { body } = await this.request({ method: 'GET', url: this.urlOf(path), path });
    return checked(path, answer, body);
  }

  /** Downloads an archive. GitHub redirects to another host, to which `fetch` sends no token. @throws CommandError */
  async download(path: string): Promise<Uint8Array> {
    return (await this.request({ method: 'GET', url: this.urlOf(path), path, isBinary: true })).body as Uint8Array;
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
    await this.request({ method: 'POST', url: this.urlOf(path), path, body, isDone });
  }

  /** Changes something that exists. @throws CommandError */
  async update(path: string, body: Readonly<Record<string, unknown>>): Promise<void> {
    await this.request({ method: 'PATCH', url: this.urlOf(path), path, body });
  }

  private urlOf(path: string): string {
    return `${this.api}/repos/${this.repository}/${path}`;
  }

  /** Another host must not get the token. */
  private trusted(next: string | undefined): string | undefined {
    if (next === undefined || new URL(next, this.api).origin === new URL(this.api).origin) return next;
    throw new CommandError(`GitHub's next page is at ${next}, and not at ${this.api}: it is not read.`);
  }

  private async request(request: Request): Promise<Success> {
    let waited = 0;
    for (let calls = 1; ; calls += 1) {
      const result = await this.call(request);
      if ('body' in result) return result;
      const waitMs = waitBefore(result, calls);
      if (waitMs === undefined) throw new CommandError(result.message);
      waited += waitMs;
      if (calls === MAX_CALLS || waited > MAX_WAIT_MS)
        throw new CommandError(`${result.message} Run this again in ${Math.ceil(waitMs / 1_000)} s (calls: ${calls}).`);
      await this.clock.wait(waitMs);
      if (await request.isDone?.()) return { body: undefined };
    }
  }

  private async call({ method, url, path, body, isBinary }: Request): Promise<Success | Failure> {
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
      const answer = await fetch(url, init);
      if (isBinary && answer.ok) return { body: new Uint8Array(await answer.arrayBuffer()) };
      const text = await answer.text();
      return answer.ok ? successOf(answer, text) : this.failureOf(answer, text, `${method} ${path}`);
    } catch (error) {
      return {
        message: `GitHub does not answer to ${method} ${path}: ${(error as Error).message}.`,
        retry: 'unanswered',
      };
    }
  }

  /** Recognizes rate limits by https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api. */
  private failureOf({ status, headers }: Response, text: string, call: string): Failure {
    const said = `${status} (${text.slice(0, 200)})`;
    if (status >= 500) return { message: `GitHub fails at ${call} with ${said}.`, retry: 'unanswered' };
    const retryAfter = secondsIn(headers.get('retry-after'));
    const isUsedUp = headers.get('x-ratelimit-remaining') === '0';
    const isLimited =
      status === 429 ||
      (status === 403 && (retryAfter !== undefined || isUsedUp || /secondary rate limit/i.test(text)));
    if (!isLimited) return { message: `GitHub refuses ${call} with ${said}: look at the workflow's permissions.` };
    const message = `GitHub limits the calls, and refuses ${call} with ${said}.`;
    const reset = isUsedUp ? secondsIn(headers.get('x-ratelimit-reset')) : undefined;
    const seconds =
      retryAfter ?? (reset === undefined ? undefined : Math.max(1, reset - Math.floor(this.clock.now() / 1_000)));
    return { message, retry: 'limited', ...(seconds !== undefined && { waitMs: seconds * 1_000 }) };
  }
}

/** @param calls made so far. @returns milliseconds, or undefined when a retry is pointless */
function waitBefore({ retry, waitMs }: Failure, calls: number): number | undefined {
  if (retry === undefined) return undefined;
  return waitMs ?? (retry === 'limited' ? FIRST_LIMIT_WAIT_MS : FIRST_WAIT_MS) * 2 ** (calls - 1);
}

function successOf({ headers }: Response, text: string): Success {
  const next = (headers.get('link') ?? '').split(/,\s*(?=<)/).find((link) => /;\s*rel="?next"?\s*(?:;|$)/.test(link));
  const [, url] = /^\s*<([^<>]+)>/.exec(next ?? '') ?? [];
  return { body: parsed(text), ...(url !== undefined && { next: url }) };
}

/** @returns the text itself where it isn't JSON, which no schema accepts */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** @throws CommandError */
function checked<T>(path: string, answer: v.GenericSchema<unknown, T>, body: unknown): T {
  const { success, output, issues } = v.safeParse(answer, body);
  if (success) return output;
  throw new CommandError(`GitHub's answer to ${path} is not as expected: ${issues[0].message}.`);
}

function secondsIn(header: string | null): number | undefined {
  return header !== null && /^\d+$/.test(header) ? Number(header) : undefined;
}

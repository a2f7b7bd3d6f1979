import type { IncomingMessage, ServerResponse } from 'node:http';
import { bodyOf, LoopbackServer } from '../../support/loopback-server';

export const REPOSITORY = 'owner/pipeline';

export interface Note {
  readonly id: number;
  number: number;
  title?: string;
  body: string;
  state?: string;
  user?: { type: string };
}

/** What GitHub answers to a call instead. */
export interface Failure {
  /** Of the call that fails; any when it isn't given. */
  readonly method?: string;
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly message?: string;
  /** GitHub carries the call out before it answers so. */
  readonly isDone?: boolean;
}

/** The part of GitHub that the plan review calls, in memory. A test may set and read its content at any time. */
export class FakeGitHub extends LoopbackServer {
  pulls: unknown[] = [];
  runs: unknown[] = [];
  jobs: unknown[] = [];
  artifacts: unknown[] = [];
  /** As a repository that is set up has them. */
  environments: unknown[] = [{ name: 'production-review', protection_rules: [{ type: 'required_reviewers', reviewers: [{ type: 'Team' }] }] }];
  comments: Note[] = [];
  issues: Note[] = [];
  /** One for each of the next calls, in this order. */
  failures: Failure[] = [];
  /** Method and URL of every call. */
  readonly calls: string[] = [];

  /** @returns what a workflow tells its steps */
  async start(): Promise<Record<string, string>> {
    await this.listen();
    return { GITHUB_API_URL: this.url, GITHUB_REPOSITORY: REPOSITORY, GITHUB_TOKEN: 'token' };
  }

  protected async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '', headers } = request;
    const text = await bodyOf(request);
    this.calls.push(`${method} ${url}`);
    const failure = this.nextFailure(method);
    if (failure !== undefined && failure.isDone !== true) {
      reply(response, failure.status, { message: failure.message ?? 'failed' }, failure.headers);
      return;
    }
    const isAllowed = headers.authorization === 'Bearer token';
    const answer = isAllowed ? this.answer(method, new URL(url, this.url), text === '' ? {} : (JSON.parse(text) as Partial<Note>)) : undefined;
    const links = answer?.next === undefined ? {} : { link: `<${this.url}>; rel="first", <${answer.next}>; rel="next"` };
    if (answer === undefined) reply(response, 403, { message: 'no' });
    else reply(response, failure?.status ?? 200, answer.body, failure?.headers ?? links);
  }

  private nextFailure(method: string): Failure | undefined {
    const index = this.failures.findIndex((one) => one.method === undefined || one.method === method);
    return index === -1 ? undefined : this.failures.splice(index, 1)[0];
  }

  private answer(method: string, url: URL, note: Partial<Note>): Answer | undefined {
    const [, , id = '', part = ''] = pathIn(url).split('/');
    if (method === 'POST') return { body: part === 'comments' ? add(this.comments, note, Number(id)) : add(this.issues, note) };
    if (method === 'PATCH') return { body: Object.assign(noteIn(id === 'comments' ? this.comments : this.issues, Number(part || id)), note) };
    const list = this.listAt(pathIn(url), url.searchParams);
    return list && pageOf(list, url);
  }

  private listAt(path: string, query: URLSearchParams): List | undefined {
    const [, noun = '', id = '', part = ''] = path.split('/');
    if (noun === 'commits') return { items: this.pulls };
    if (noun === 'environments') return { name: 'environments', items: this.environments };
    if (part === 'comments') return { items: this.comments.filter(({ number }) => number === Number(id)) };
    if (noun === 'issues') return { items: this.issues.filter(({ state }) => state === 'open') };
    if (path.endsWith('/jobs')) return { name: 'jobs', items: this.jobs };
    if (path.endsWith('/artifacts')) return { name: 'artifacts', items: this.artifacts.filter((one) => (one as { name: string }).name === query.get('name')) };
    return path === '/actions/workflows/plan.yml/runs' ? { name: 'workflow_runs', items: this.runs } : undefined;
  }
}

interface Answer {
  readonly body: unknown;
  /** URL of the next page. */
  readonly next?: string;
}

interface List {
  /** Of the property that has the list; without it, the answer is the list. */
  readonly name?: string;
  readonly items: readonly unknown[];
}

function reply(response: ServerResponse, status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

/** GitHub's links name the repository by its number. */
function pathIn({ pathname }: URL): string {
  return pathname.replace(`/repos/${REPOSITORY}`, '').replace('/repositories/1', '');
}

/** Pages as GitHub documents them: 30 items unless asked for more, at most 100, and a link to the next page if there is one. */
function pageOf({ name, items }: List, url: URL): Answer {
  const size = Math.min(100, Number(url.searchParams.get('per_page') ?? 30));
  const page = Number(url.searchParams.get('page') ?? 1);
  const part = items.slice(size * (page - 1), size * page);
  const next = new URL(`/repositories/1${pathIn(url)}${url.search}`, url);
  next.searchParams.set('page', String(page + 1));
  const body = name === undefined ? part : { total_count: items.length, [name]: part };
  return items.length > size * page ? { body, next: next.href } : { body };
}

function add(notes: Note[], { title, body = '' }: Partial<Note>, number = notes.length + 1): Note {
  const note = { id: notes.length + 1, number, body, state: 'open', user: { type: 'Bot' }, ...(title !== undefined && { title }) };
  notes.push(note);
  return note;
}

function noteIn(notes: readonly Note[], id: number): Note {
  return notes.find((one) => one.id === id)!;
}

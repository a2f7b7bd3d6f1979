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

/** As much of GitHub as the review asks, in memory. What it holds may be set and read at any time. */
export class FakeGitHub extends LoopbackServer {
  pulls: unknown[] = [];
  runs: unknown[] = [];
  jobs: unknown[] = [];
  artifacts: unknown[] = [];
  /** As a repository that is set up has them. */
  environments: unknown[] = [{ name: 'production-review', protection_rules: [{ type: 'required_reviewers', reviewers: [{ type: 'Team' }] }] }];
  comments: Note[] = [];
  issues: Note[] = [];
  /** Of every call, as it came. */
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
    const answer = headers.authorization === 'Bearer token' ? this.answer(method, url, text === '' ? {} : (JSON.parse(text) as Partial<Note>)) : undefined;
    response.writeHead(answer === undefined ? 403 : 200, { 'content-type': 'application/json' }).end(JSON.stringify(answer ?? { message: 'no' }));
  }

  private answer(method: string, url: string, body: Partial<Note>): unknown {
    const { pathname, searchParams } = new URL(url.replace(`/repos/${REPOSITORY}`, ''), 'http://x');
    const [, noun = '', id = '', part = ''] = pathname.split('/');
    if (method === 'POST') return part === 'comments' ? add(this.comments, body, Number(id)) : add(this.issues, body);
    if (method === 'PATCH') return Object.assign(noteIn(id === 'comments' ? this.comments : this.issues, Number(part || id)), body);
    if (noun === 'commits') return this.pulls;
    if (noun === 'environments') return { environments: this.environments };
    if (part === 'comments') return pageOf(this.comments.filter(({ number }) => number === Number(id)), searchParams);
    if (noun === 'issues') return this.issues.filter(({ state }) => state === 'open');
    if (pathname.endsWith('/jobs')) return { jobs: this.jobs };
    if (pathname.endsWith('/artifacts')) return { artifacts: this.artifacts.filter((one) => (one as { name: string }).name === searchParams.get('name')) };
    return pathname === '/actions/workflows/plan.yml/runs' ? { workflow_runs: this.runs } : undefined;
  }
}

function add(notes: Note[], { title, body = '' }: Partial<Note>, number = notes.length + 1): Note {
  const note = { id: notes.length + 1, number, body, state: 'open', user: { type: 'Bot' }, ...(title !== undefined && { title }) };
  notes.push(note);
  return note;
}

function noteIn(notes: readonly Note[], id: number): Note {
  return notes.find((one) => one.id === id)!;
}

function pageOf(notes: readonly Note[], query: URLSearchParams): Note[] {
  const [size, page] = [Number(query.get('per_page')), Number(query.get('page'))];
  return notes.slice(size * (page - 1), size * page);
}

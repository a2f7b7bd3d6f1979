import * as v from 'valibot';

const TIMEOUT_MS = 30_000;

/** GitHub refuses a call, or does not answer. */
export class GitHubError extends Error {
  override readonly name = 'GitHubError';
}

/** Something that has to be set is not: this runs in a workflow, or with its variables. */
export class MissingSettingError extends Error {
  override readonly name = 'MissingSettingError';
}

/** GitHub's REST API, for one repository. */
export class GitHub {
  constructor(
    private readonly api: string,
    /** `owner/name` */
    readonly repository: string,
    private readonly token: string,
  ) {}

  /** As a workflow's step is told. @throws MissingSettingError */
  static ofWorkflow(environment: NodeJS.ProcessEnv = process.env): GitHub {
    const { GITHUB_API_URL: api, GITHUB_REPOSITORY: repository, GITHUB_TOKEN: token } = environment;
    if (api && repository && token) return new GitHub(api, repository, token);
    throw new MissingSettingError('GITHUB_API_URL, GITHUB_REPOSITORY and GITHUB_TOKEN have to be set: a workflow sets the first two, and its step the token.');
  }

  /** @param path below the repository, such as `pulls/7`. @throws GitHubError */
  async get<T>(path: string, answer: v.GenericSchema<unknown, T>): Promise<T> {
    const { success, output, issues } = v.safeParse(answer, await this.call('GET', path));
    if (success) return output;
    throw new GitHubError(`GitHub's answer to ${path} is not as expected: ${issues[0].message}.`);
  }

  /** @throws GitHubError */
  async send(method: 'POST' | 'PATCH', path: string, body: Readonly<Record<string, unknown>>): Promise<void> {
    await this.call(method, path, body);
  }

  private async call(method: string, path: string, body?: unknown): Promise<unknown> {
    const request = {
      method,
      headers: { accept: 'application/vnd.github+json', authorization: `Bearer ${this.token}`, 'x-github-api-version': '2022-11-28' },
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(body !== undefined && { body: JSON.stringify(body) }),
    };
    const answer = await fetch(`${this.api}/repos/${this.repository}/${path}`, request).catch((error: unknown) => {
      throw new GitHubError(`GitHub does not answer to ${method} ${path}: ${(error as Error).message}.`);
    });
    if (answer.ok) return answer.json();
    const said = (await answer.text()).slice(0, 200);
    throw new GitHubError(`GitHub refuses ${method} ${path} with ${answer.status} (${said}): look at the workflow's permissions.`);
  }
}

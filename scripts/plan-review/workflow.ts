import { appendFileSync } from 'node:fs';
import type { Terminal } from '../../src/cli/command';

/** What a step of a workflow leaves for the next ones and for people; elsewhere it is printed. */
export class WorkflowStep {
  constructor(
    private readonly terminal: Terminal,
    private readonly environment: NodeJS.ProcessEnv = process.env,
  ) {}

  /** @param values one line each, as they may go to a shell's variable */
  output(values: Readonly<Record<string, string>>): void {
    const lines = Object.entries(values).map(([name, value]) => `${name}=${value.replace(/\s+/g, ' ')}\n`).join('');
    this.write('GITHUB_OUTPUT', lines);
  }

  summary(markdown: string): void {
    this.write('GITHUB_STEP_SUMMARY', `${markdown}\n`);
  }

  say(line: string): void {
    this.terminal.stderr.write(`${line}\n`);
  }

  /** Of the run that the step belongs to. */
  get url(): string {
    const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run } = this.environment;
    return server && repository && run ? `${server}/${repository}/actions/runs/${run}` : '#';
  }

  private write(name: 'GITHUB_OUTPUT' | 'GITHUB_STEP_SUMMARY', text: string): void {
    const file = this.environment[name];
    if (file) appendFileSync(file, text);
    else this.terminal.stdout.write(text);
  }
}

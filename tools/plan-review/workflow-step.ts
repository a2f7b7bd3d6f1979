import { appendFileSync } from 'node:fs';
import type { Terminal } from '../../src/cli/terminal';

/** The outputs and the summary of a workflow's step. Outside a workflow, both are printed. */
export class WorkflowStep {
  constructor(
    private readonly terminal: Terminal,
    private readonly environment: NodeJS.ProcessEnv = process.env,
  ) {}

  /** Sets outputs of the step. Each value becomes one line, as a shell may read it. */
  output(values: Readonly<Record<string, string>>): void {
    const lines = Object.entries(values)
      .map(([name, value]) => `${name}=${value.replace(/\s+/g, ' ')}\n`)
      .join('');
    this.write('GITHUB_OUTPUT', lines);
  }

  summary(markdown: string): void {
    this.write('GITHUB_STEP_SUMMARY', `${markdown}\n`);
  }

  say(line: string): void {
    this.terminal.stderr.write(`${line}\n`);
  }

  /** URL of the workflow run. */
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

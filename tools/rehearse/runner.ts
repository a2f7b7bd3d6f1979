import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Processes } from '../kit/processes';
import { REPOSITORY, type FakeGitHub } from '../plan-review/fixtures/fake-github';
import type { Expressions } from './expressions';
import type { Origin } from './origin';

export interface Machine {
  readonly temporary: string;
  readonly log: string;
  readonly processes: Processes;
  readonly github: FakeGitHub;
  /** The environment of every step, without the variables of the person who rehearses. */
  readonly environment: Readonly<Record<string, string>>;
  readonly origin: Origin;
  /** The packages, which are the same in every checkout. */
  readonly nodeModules: string;
  readonly expressions: Expressions;
}

/** Stands in for GitHub's machines. */
export class Runner {
  readonly repository = REPOSITORY;
  private runs = 0;
  private files = 0;

  constructor(readonly machine: Machine) {}

  get github(): FakeGitHub {
    return this.machine.github;
  }

  get expressions(): Expressions {
    return this.machine.expressions;
  }

  startRun(path: string, event: string): number {
    this.runs += 1;
    this.github.runs[this.runs] = { path, event };
    return this.runs;
  }

  newDirectory(): string {
    return mkdtempSync(join(this.machine.temporary, 'job-'));
  }

  newFile(): string {
    this.files += 1;
    const directory = join(this.machine.temporary, 'files');
    mkdirSync(directory, { recursive: true });
    const file = join(directory, String(this.files));
    writeFileSync(file, '');
    return file;
  }

  async checkOut(ref: string, directory: string): Promise<boolean> {
    const from = this.machine.origin.directory;
    const clone = `git clone --quiet --no-checkout "${from}" . && git fetch --quiet origin "${ref}" && git checkout --quiet FETCH_HEAD`;
    return (await this.bash(clone, directory, {})).code === 0;
  }

  async bash(
    command: string,
    directory: string,
    environment: Readonly<Record<string, string>>,
  ): Promise<{ code: number; stdout: string; output: string }> {
    const script = this.newFile();
    writeFileSync(script, command);
    const { log, processes } = this.machine;
    const variables = Object.entries({ ...this.machine.environment, ...environment });
    const args = [
      '-i',
      ...variables.map(([name, value]) => `${name}=${value}`),
      ...['bash', '--noprofile', '--norc', '-eo', 'pipefail', script],
    ];
    const { code, stdout, stderr } = await processes.run('env', args, { directory, log });
    return { code, stdout, output: stdout + stderr };
  }
}

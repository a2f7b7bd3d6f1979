import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Processes } from '../kit/processes';
import type { FakeGitHub } from '../plan-review/fixtures/fake-github';
import { Artifacts } from './artifacts';
import type { Expressions } from './expressions';

export interface Machine {
  readonly temporary: string;
  readonly log: string;
  readonly processes: Processes;
  readonly github: FakeGitHub;
  /** The environment of every step, without the variables of the person who rehearses. */
  readonly environment: Readonly<Record<string, string>>;
  /** The git repository that is checked out. */
  readonly origin: string;
  /** The checkout whose workflows, and whose packages, are used. */
  readonly project: string;
}

/** Stands in for GitHub's machines. */
export class Runner {
  readonly artifacts: Artifacts;
  private runs = 0;
  private files = 0;

  constructor(
    private readonly machine: Machine,
    readonly expressions: Expressions,
  ) {
    this.artifacts = new Artifacts(join(machine.temporary, 'artifacts'));
  }

  readonly token = 'token';

  get github(): FakeGitHub {
    return this.machine.github;
  }

  get workflows(): string {
    return join(this.machine.project, '.github', 'workflows');
  }

  get nodeModules(): string {
    return join(this.machine.project, 'node_modules');
  }

  nextRun(): number {
    this.runs += 1;
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
    const { code } = await this.bash(
      `git clone --quiet --no-checkout "${this.machine.origin}" . && git checkout --quiet "${ref}"`,
      directory,
      {},
    );
    return code === 0;
  }

  async bash(
    command: string,
    directory: string,
    environment: Readonly<Record<string, string>>,
  ): Promise<{ code: number; stdout: string; output: string }> {
    const script = this.newFile();
    writeFileSync(script, command);
    const { log, processes } = this.machine;
    const args = [
      '-i',
      ...assignments({ ...this.machine.environment, ...environment }),
      'bash',
      '--noprofile',
      '--norc',
      '-eo',
      'pipefail',
      script,
    ];
    const { code, stdout, stderr } = await processes.run('env', args, { directory, log });
    return { code, stdout, output: stdout + stderr };
  }
}

function assignments(environment: Readonly<Record<string, string>>): string[] {
  return Object.entries(environment).map(([name, value]) => `${name}=${value}`);
}

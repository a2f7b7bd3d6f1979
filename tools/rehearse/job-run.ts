import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Contexts, Expressions } from './expressions';
import type { Runner } from './runner';
import type { Job, Step } from './workflow';

export interface JobResult {
  readonly result: 'success' | 'failure' | 'skipped';
  readonly outputs: Readonly<Record<string, string>>;
  /** All that its steps printed. */
  readonly said: string;
}

interface StepResult {
  readonly outcome: 'success' | 'failure' | 'skipped';
  readonly outputs: Readonly<Record<string, string>>;
}

/** One job, in a directory of its own. */
export class JobRun {
  private readonly directory: string;
  private readonly steps: Record<string, StepResult> = {};
  private readonly summaryFile: string;
  private said = '';
  private failed = false;
  /** Credentials of the role, once the job has logged in. */
  private credentials: Record<string, string> = {};

  constructor(
    private readonly runner: Runner,
    private readonly run: number,
    private readonly job: Job,
    private readonly contexts: Contexts,
    private readonly checkout: string,
  ) {
    this.directory = runner.newDirectory();
    this.summaryFile = runner.newFile();
  }

  private get expressions(): Expressions {
    return this.runner.expressions;
  }

  get summary(): string {
    return readFileSync(this.summaryFile, 'utf8');
  }

  async take(): Promise<JobResult> {
    for (const step of this.job.steps) await this.step(step);
    const outputs = this.expressions.interpolateAll(this.job.outputs, this.now());
    return { result: this.failed ? 'failure' : 'success', outputs, said: this.said };
  }

  private async step(step: Step): Promise<void> {
    const id = step.id ?? step.name;
    if (!this.expressions.holds(step.if, this.now(), this.failed)) {
      this.steps[id] = { outcome: 'skipped', outputs: {} };
      return;
    }
    this.said += `\n▸ ${step.name}\n`;
    const outputFile = this.runner.newFile();
    const fine = await this.done(step, outputFile).catch((error: unknown) => {
      this.said += `${(error as Error).message}\n`;
      return false;
    });
    this.steps[id] = { outcome: fine ? 'success' : 'failure', outputs: outputsIn(outputFile) };
    this.failed ||= !fine && !step['continue-on-error'];
  }

  private async done(step: Step, outputFile: string): Promise<boolean> {
    if (step.uses !== undefined)
      return this.action(step.uses.split('@', 1)[0]!, this.expressions.interpolateAll(step.with, this.now()));
    const command = step.run ?? '';
    if (command.startsWith('npm ci')) return this.install();
    const environment = {
      ...(this.contexts.env as object),
      ...this.expressions.interpolateAll(step.env, this.now()),
      ...this.ofGitHub(outputFile),
      ...this.credentials,
    };
    const { code, output } = await this.runner.bash(command, this.directory, environment);
    this.said += output;
    return code === 0;
  }

  private ofGitHub(outputFile: string): Record<string, string> {
    const { sha, repository } = this.contexts.github as { sha: string; repository: string };
    return {
      GITHUB_OUTPUT: outputFile,
      GITHUB_STEP_SUMMARY: this.summaryFile,
      GITHUB_SHA: sha,
      GITHUB_REPOSITORY: repository,
      GITHUB_RUN_ID: String(this.run),
    };
  }

  /** The packages are this checkout's: they are the same, by the lock file. */
  private install(): boolean {
    symlinkSync(this.runner.nodeModules, join(this.directory, 'node_modules'));
    return true;
  }

  private async action(name: string, options: Readonly<Record<string, string>>): Promise<boolean> {
    const path = join(this.directory, options.path ?? '');
    switch (name) {
      case 'actions/checkout':
        return this.runner.checkOut(options.ref ?? this.checkout, this.directory);
      case 'actions/setup-node':
      case 'hashicorp/setup-terraform':
        return true;
      case 'aws-actions/configure-aws-credentials':
        return this.logIn(options['role-to-assume'] ?? '');
      case 'actions/upload-artifact':
        this.runner.github.artifacts.push({
          name: this.runner.artifacts.keep(this.run, path, options),
          expired: false,
        });
        return true;
      case 'actions/download-artifact':
        mkdirSync(path, { recursive: true });
        this.runner.artifacts.fetch(Number(options['run-id'] ?? this.run), options.name ?? '', path);
        return true;
      default:
        throw new Error(`There is no stand-in for ${name}.`);
    }
  }

  private logIn(role: string): boolean {
    if (!this.job.permissions['id-token']?.startsWith('write')) throw new Error('The job may not log in.');
    const [, name = ''] = role.split('/');
    this.credentials = { AWS_ACCESS_KEY_ID: name, AWS_SECRET_ACCESS_KEY: name };
    return true;
  }

  private now(): Contexts {
    return { ...this.contexts, steps: this.steps };
  }
}

function outputsIn(file: string): Record<string, string> {
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
}

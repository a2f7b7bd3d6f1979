import { unzipSync } from 'fflate';
import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { applyTrust, ISSUER, planTrust } from '../../src/infrastructure/github/trust';
import { PROPS } from '../../src/infrastructure/github/validation';
import { withDefaults } from '../../src/infrastructure/prop-table';
import { filesIn } from '../terraform/fingerprint';
import type { Contexts, Expressions } from './expressions';
import type { Runner } from './runner';
import type { Job, Step } from './workflow-file';

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
    this.failed ||= !fine;
  }

  private async done(step: Step, outputFile: string): Promise<boolean> {
    if (step.uses !== undefined)
      return this.action(step.uses.split('@', 1)[0]!, this.expressions.interpolateAll(step.with, this.now()));
    const command = step.run ?? '';
    if (command.startsWith('npm ci')) return this.install();
    if (command.startsWith('python3 -m venv')) return true; // the scanner is the machine's
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
    return {
      GITHUB_OUTPUT: outputFile,
      GITHUB_STEP_SUMMARY: this.summaryFile,
      GITHUB_SHA: String(this.github.sha),
      GITHUB_REPOSITORY: this.runner.repository,
      GITHUB_RUN_ID: String(this.run),
    };
  }

  private get github(): Record<string, unknown> {
    return this.contexts.github as Record<string, unknown>;
  }

  /** The packages are this checkout's: they are the same, by the lock file. */
  private install(): boolean {
    symlinkSync(this.runner.machine.nodeModules, join(this.directory, 'node_modules'));
    return true;
  }

  private async action(name: string, options: Readonly<Record<string, string>>): Promise<boolean> {
    const path = join(this.directory, options.path ?? '');
    switch (name) {
      case 'actions/checkout':
        return this.runner.checkOut(options.ref ?? String(this.github.sha), this.directory);
      case 'actions/setup-node':
      case 'hashicorp/setup-terraform':
        return true;
      case 'aws-actions/configure-aws-credentials':
        return this.logIn(options['role-to-assume'] ?? '');
      case 'actions/upload-artifact':
        this.runner.github.keep(this.run, options.name!, contentOf(path));
        return true;
      case 'actions/download-artifact':
        this.download(options.name!, Number(options['run-id'] ?? this.run), path);
        return true;
      default:
        throw new Error(`There is no stand-in for ${name}.`);
    }
  }

  private download(name: string, run: number, to: string): void {
    const artifact = this.runner.github.artifacts.find((one) => one.name === name && one.workflow_run.id === run);
    if (artifact === undefined) throw new Error(`There is no artifact ${name} of run ${run}.`);
    for (const [file, content] of Object.entries(unzipSync(artifact.zip))) {
      mkdirSync(dirname(join(to, file)), { recursive: true });
      writeFileSync(join(to, file), content);
    }
  }

  /** AWS compares every claim of the job's token with the role's trust. */
  private logIn(role: string): boolean {
    const [, name = ''] = role.split('/');
    const [use = '', pipeline = 'production'] = name.split('-');
    if (!this.job.permissions['id-token']?.startsWith('write')) throw new Error('The job may not log in.');
    const { repository, ref, workflow_ref } = this.github as Record<string, string>;
    const { environment } = this.job;
    const place = ref!.startsWith('refs/pull/') ? 'pull_request' : `ref:${ref}`;
    const sub = `repo:${repository}:${environment === undefined ? place : `environment:${environment}`}`;
    const claims: Contexts = {
      ...{ aud: 'sts.amazonaws.com', sub, repository, ref },
      ...{ job_workflow_ref: workflow_ref, environment },
    };
    const settings = withDefaults(PROPS, {
      ...{ repository: repository!, stateBucket: 'states' },
      environments: [pipeline, `${pipeline}-review`],
    }) as never;
    const [statement] = (use === 'plan' ? planTrust : applyTrust)(settings, 'provider');
    const condition = statement!.condition as { variable: string; values: string[] }[];
    for (const { variable, values } of condition) {
      const claim = variable.slice(ISSUER.length + 1);
      if (!values.includes(String(claims[claim])))
        throw new Error(
          `Not authorized to perform sts:AssumeRoleWithWebIdentity: ${claim} is ${String(claims[claim])}`,
        );
    }
    this.credentials = { AWS_ACCESS_KEY_ID: use, AWS_SECRET_ACCESS_KEY: pipeline };
    return true;
  }

  private now(): Contexts {
    return { ...this.contexts, steps: this.steps, job: { status: this.failed ? 'failure' : 'success' } };
  }
}

/** The files of a directory, without hidden ones, or the one file, by the names that they have in an artifact. */
function contentOf(path: string): Record<string, Uint8Array> {
  if (!existsSync(path)) throw new Error(`No files were found at ${path}.`);
  const files = statSync(path).isFile()
    ? [[basename(path), path] as const]
    : filesIn(path)
        .filter((file) => !/(^|\/)\./.test(file))
        .map((file) => [file, join(path, file)] as const);
  return Object.fromEntries(files.map(([name, file]) => [name, readFileSync(file)]));
}

function outputsIn(file: string): Record<string, string> {
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
}

import assert from 'node:assert/strict';
import type { FakeGitHub, Pull } from '../plan-review/fixtures/fake-github';
import type { Edits, Origin } from './origin';
import { readAws, WANTED, writeAws, type PretendAws } from './pretend-projen';
import type { Runner } from './runner';
import { runWorkflow, type Event, type WorkflowResult } from './workflow-run';

const MAIN = 'refs/heads/main';

interface Opened {
  readonly base?: string;
  readonly author?: string;
  /** The repository of its branch. */
  readonly from?: string;
}

/** A repository on GitHub: what people do in it, and the workflow runs that follow. */
export class Repository {
  readonly vars: Record<string, string> = {
    AWS_PLAN_ROLE_ARN: 'arn:aws:iam::123456789012:role/plan',
    AWS_APPLY_ROLE_ARN: 'arn:aws:iam::123456789012:role/apply',
    AWS_REGION: 'ap-southeast-1',
    TF_STATE_BUCKET: 'states',
    ALERT_EMAIL: 'payments-oncall@example.com',
    FRAUD_API_URL: 'https://fraud.example.internal/check',
  };

  constructor(
    readonly runner: Runner,
    private readonly accounts: string,
  ) {}

  get github(): FakeGitHub {
    return this.runner.github;
  }

  get origin(): Origin {
    return this.runner.machine.origin;
  }

  /** What production has in the pretended AWS. */
  get aws(): PretendAws {
    return this.awsOf('production');
  }

  set aws(content: PretendAws) {
    this.changeAws('production', content);
  }

  awsOf(environment: string): PretendAws {
    return readAws(this.accounts, environment);
  }

  changeAws(environment: string, content: PretendAws): void {
    writeAws(this.accounts, environment, content);
  }

  /** Puts stages before production, and sets them up. */
  async addStages(workflows: Readonly<Record<string, string>>, stages: readonly string[]): Promise<void> {
    await this.origin.edit(
      'main',
      Object.fromEntries(Object.entries(workflows).map(([file, text]) => [file, () => text])),
    );
    for (const stage of stages) {
      const prefix = stage.toUpperCase();
      for (const [name, value] of Object.entries(this.vars))
        if (!/^(DEV|STAGING)_/.test(name))
          this.vars[`${prefix}_${name}`] = value.replace(/(role\/\w+)$/, `$1-${stage}`);
      const [reviewed] = this.github.environments as object[];
      this.github.environments.push({ ...reviewed, name: `${stage}-review` });
    }
  }

  /** Opens a pull request that wants this topic, and plans it. */
  async propose(topic: string, name: string, opened: Opened = {}): Promise<Pull> {
    return this.open(`${topic}-${name}`, { [`${WANTED}/${topic}`]: () => name }, opened);
  }

  /** Likewise, and bob approves it. */
  async proposeApproved(topic: string, name: string): Promise<Pull> {
    const pull = await this.propose(topic, name);
    this.github.review(pull.number, 'bob');
    return pull;
  }

  async open(branch: string, edits: Edits, opened: Opened = {}): Promise<Pull> {
    const pull = this.add(await this.origin.edit(branch, edits), opened);
    await this.plan(pull);
    return pull;
  }

  add(sha: string, { base = 'main', author = 'eve', from = this.runner.repository }: Opened = {}): Pull {
    const pull: Pull = {
      number: this.github.pulls.length + 1,
      state: 'open',
      merged_at: null,
      merge_commit_sha: null,
      user: { login: author },
      base: { ref: base },
      head: { sha, repo: { full_name: from } },
    };
    this.github.pulls.push(pull);
    return pull;
  }

  /** A push, or "Re-run" of synth. @returns the runs of synth and of plan */
  async plan(pull: Pull): Promise<WorkflowResult[]> {
    const ref = await this.origin.mergeRef(pull.number, pull.head.sha, pull.base.ref);
    const at = await this.origin.tip(ref);
    return this.synthAndPlan(at, { event_name: 'pull_request', ref, event: { number: pull.number } }, pull.head);
  }

  /** @param at the commit whose workflow file GitHub uses first */
  async synthAndPlan(
    at: string,
    github: Event['github'],
    { sha: head_sha, repo: head_repository }: Pull['head'],
  ): Promise<WorkflowResult[]> {
    const synth = await this.run('synth.yml', at, github);
    const conclusion = Object.values(synth.jobs).every(({ result }) => result === 'success') ? 'success' : 'failure';
    const workflow_run = { id: synth.run, event: github.event_name, conclusion, head_sha, head_repository };
    const tip = await this.origin.tip();
    return [synth, await this.run('plan.yml', tip, { event_name: 'workflow_run', ref: MAIN, event: { workflow_run } })];
  }

  /** Merges without a run, as with `[skip ci]`. @returns the commit of main */
  async merge(pull: Pull): Promise<string> {
    const merged = await this.origin.squash(pull.head.sha, `Merge #${pull.number}`);
    Object.assign(pull, { state: 'closed', merged_at: this.github.now(), merge_commit_sha: merged });
    this.github.commits = await this.origin.commits();
    return merged;
  }

  async mergeAndApply(pull: Pull, approve?: Event['approve']): Promise<WorkflowResult> {
    return this.apply(await this.merge(pull), approve);
  }

  /** @param at the commit of the run, which need not be main's tip any more */
  async apply(at: string, approve: Event['approve'] = unexpected): Promise<WorkflowResult> {
    return this.run('apply.yml', at, { event_name: 'push', ref: MAIN }, approve);
  }

  /** Runs a workflow of main by hand. */
  async dispatch(file: string, approve?: Event['approve'], inputs?: Event['inputs']): Promise<WorkflowResult> {
    return this.run(file, await this.origin.tip(), { event_name: 'workflow_dispatch', ref: MAIN }, approve, inputs);
  }

  async run(
    file: string,
    at: string,
    github: Event['github'],
    approve?: Event['approve'],
    inputs?: Event['inputs'],
  ): Promise<WorkflowResult> {
    this.github.commits = await this.origin.commits();
    const text = await this.origin.read(at, `.github/workflows/${file}`);
    const event = {
      file,
      text,
      github: { sha: at, event: {}, ...github },
      ...(approve && { approve }),
      ...(inputs && { inputs }),
    };
    return runWorkflow(this.runner, event, this.vars);
  }

  /** The text of the bot's comment that begins so. */
  comment({ number }: Pull, begins: `### ${string}`): string {
    const own = this.github.comments.filter((one) => one.number === number).map(({ body }) => body);
    const found = own.find((body) => body.split('\n')[1]!.startsWith(begins));
    assert.ok(found, `Pull request #${number} has no comment "${begins}", but:\n${own.join('\n')}`);
    return found;
  }
}

function unexpected(environment: string): Promise<undefined> {
  return environment.endsWith('-review')
    ? Promise.reject(new Error('The plan waits for an approval.'))
    : Promise.resolve(undefined);
}

/** @throws AssertionError with all that was said, unless each job ended so */
export function ended({ jobs }: WorkflowResult, expected: Readonly<Record<string, string>>): void {
  const results = Object.fromEntries(Object.entries(jobs).map(([id, { result }]) => [id, result]));
  const said = Object.values(jobs).map((job) => job.said);
  assert.deepEqual(
    results,
    expected,
    `The jobs ended as ${JSON.stringify(results)}:\n${said.join('\n').slice(-4_000)}`,
  );
}

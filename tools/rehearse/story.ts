import { GetTopicAttributesCommand, ListTopicsCommand, SetTopicAttributesCommand } from '@aws-sdk/client-sns';
import assert from 'node:assert/strict';
import { clientsFor } from '../e2e/support/clients';
import { REPOSITORY } from '../plan-review/fixtures/fake-github';
import type { Branch } from './origin';
import { runWorkflow, type Event, type WorkflowResult } from './workflow-run';
import type { World } from './world';

const VARS = {
  AWS_PLAN_ROLE_ARN: 'arn:aws:iam::123456789012:role/plan',
  AWS_APPLY_ROLE_ARN: 'arn:aws:iam::123456789012:role/apply',
  AWS_REGION: 'ap-southeast-1',
  TF_STATE_BUCKET: '',
  ALERT_EMAIL: 'payments-oncall@example.com',
  FRAUD_API_URL: 'https://fraud.example.internal/check',
};

type Approve = (environment: string, run: number) => Promise<void>;

const FREELY: Approve = () => Promise.resolve();

/** A sequence of changes to the repository, the workflow runs that follow, and the resulting state of AWS. */
export class Story {
  private readonly sns;
  private pulls = 0;
  private merged = '';

  constructor(private readonly world: World) {
    this.sns = clientsFor(world.emulator.endpoint).sns;
  }

  /** A pull request is opened, or pushed to. @param from the repository of its branch */
  async plan(branch: Branch, from = REPOSITORY): Promise<WorkflowResult> {
    this.pulls += 1;
    const pull = {
      number: this.pulls,
      base: { sha: branch.base },
      head: { sha: branch.head, repo: { full_name: from } },
    };
    const result = await this.run('plan.yml', branch.merge, {
      event: { pull_request: pull },
      event_name: 'pull_request',
      ref: `refs/pull/${this.pulls}/merge`,
    });
    const { github } = this.world;
    github.runs = [{ id: result.run, created_at: new Date().toISOString(), head_repository: pull.head.repo }];
    github.jobs = Object.entries(result.jobs).map(([name, { result: conclusion }]) => ({ name, conclusion }));
    return result;
  }

  /** The last pull request is merged. */
  async merge(name: string, branch: Branch, approve: Approve = FREELY): Promise<WorkflowResult> {
    const merged = await this.world.origin.squash(name);
    const head = { sha: branch.head, repo: { full_name: REPOSITORY } };
    this.world.github.pulls = [
      { number: this.pulls, merged_at: new Date().toISOString(), merge_commit_sha: merged, head },
    ];
    this.merged = merged;
    return this.apply(approve);
  }

  /** Applies the commit that was merged last. */
  private async apply(approve: Approve): Promise<WorkflowResult> {
    return this.run('apply.yml', this.merged, { event: {}, event_name: 'push', ref: 'refs/heads/main' }, approve);
  }

  async drift(): Promise<WorkflowResult> {
    return this.run('drift.yml', 'main', { event: {}, event_name: 'schedule', ref: 'refs/heads/main' });
  }

  /** Changes the display name by hand. */
  async rename(name: string): Promise<void> {
    await this.sns.send(
      new SetTopicAttributesCommand({
        TopicArn: await this.topic(),
        AttributeName: 'DisplayName',
        AttributeValue: name,
      }),
    );
  }

  /** Display name of the alert topic in AWS. */
  async displayName(): Promise<string | undefined> {
    const topic = await this.topic();
    if (topic === undefined) return undefined;
    return (await this.sns.send(new GetTopicAttributesCommand({ TopicArn: topic }))).Attributes?.DisplayName;
  }

  private async topic(): Promise<string | undefined> {
    return (await this.sns.send(new ListTopicsCommand({}))).Topics?.[0]?.TopicArn;
  }

  private async run(
    file: string,
    checkout: string,
    github: Record<string, unknown>,
    approve: Approve = FREELY,
  ): Promise<WorkflowResult> {
    const event: Event = { github: { ...github, repository: REPOSITORY, sha: checkout }, vars: VARS, checkout };
    return runWorkflow(this.world.runner, file, event, approve);
  }
}

/** @throws AssertionError with all that was said, unless each job ended so */
export function ended({ jobs }: WorkflowResult, expected: Readonly<Record<string, string>>): void {
  const results = Object.fromEntries(Object.entries(jobs).map(([id, { result }]) => [id, result]));
  const said = Object.values(jobs)
    .map((job) => job.said)
    .join('\n');
  assert.deepEqual(
    results,
    expected,
    `The jobs ended as ${JSON.stringify(results)}, and should have as ${JSON.stringify(expected)}:\n${said.slice(-4_000)}`,
  );
}

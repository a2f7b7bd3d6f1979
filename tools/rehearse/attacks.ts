import { unzipSync } from 'fflate';
import assert from 'node:assert/strict';
import type { Say } from '../kit/steps';
import type { Pull } from '../plan-review/fixtures/fake-github';
import { checksumOf, KEPT_FILE, type KeptPlan } from '../plan-review/reviewed-plan';
import { ended, type Repository } from './repository';

export type Story = (repository: Repository, say: Say) => Promise<void>;

const WAITED = { apply: 'success', approved: 'failure' };

/** Merges, and expects that the plan waits for an approval, which is denied. @returns the reason */
export async function waitsAfterMerge(repository: Repository, pull: Pull, reason: RegExp, say: Say): Promise<void> {
  const before = JSON.stringify(repository.aws);
  const result = await repository.mergeAndApply(pull, deny);
  ended(result, WAITED);
  assert.equal(JSON.stringify(repository.aws), before);
  const comment = repository.comment(pull, '### Needs an approval');
  assert.match(`${result.summary}${comment}`, reason);
  say(result.summary.split('\n')[0]!);
}

/** A reviewer rejects the deployment. */
function deny(environment: string): Promise<undefined> {
  return environment === 'production-review' ? Promise.reject(new Error('rejected')) : Promise.resolve(undefined);
}

/** A pull request with the same last commit on a base that makes it harmless: GitHub runs the workflow file of their merge. */
async function planOnAnotherBase(repository: Repository, pull: Pull): Promise<void> {
  const head = await repository.origin.edit('evil', { 'wanted/a': () => 'harmless' });
  const ref = await repository.origin.mergeRef(99, head, 'main');
  const at = await repository.origin.tip(ref);
  await repository.synthAndPlan(at, { event_name: 'pull_request', ref, event: { number: 99 } }, pull.head);
}

/** What a person with write access may try. */
export const ATTACKS: Readonly<Record<string, Story>> = {
  'attack: a second pull request with the same last commit, on another base, replaces the plan': async (
    repository,
    say,
  ) => {
    const pull = await repository.proposeApproved('a', 'harmful');
    await planOnAnotherBase(repository, pull);
    await waitsAfterMerge(repository, pull, /nobody else with write access has approved/, say);
  },
  'attack: the second pull request shows something harmless before the approval': async (repository, say) => {
    const pull = await repository.propose('a', 'harmful');
    await planOnAnotherBase(repository, pull);
    repository.github.review(pull.number, 'bob');
    await waitsAfterMerge(repository, pull, /does not do what was reviewed: 1 difference/, say);
  },
  'attack: a workflow on a branch writes a harmless comment, and uploads the harmful plan with it': async (
    repository,
    say,
  ) => {
    const pull = await repository.propose('a', 'harmful');
    const { github } = repository;
    const [comment] = github.comments;
    const { name, zip } = github.artifacts.find((one) => one.name === `plan-${pull.head.sha}`)!;
    const kept = JSON.parse(Buffer.from(unzipSync(zip)[KEPT_FILE]!).toString()) as KeptPlan;
    comment!.body = comment!.body.replace('1 to create', 'nothing to change');
    const run = repository.runner.startRun('.github/workflows/plan.yml', 'push');
    github.keep(run, name, { [KEPT_FILE]: JSON.stringify({ ...kept, comment: checksumOf(comment!.body) }) });
    github.review(pull.number, 'bob');
    await waitsAfterMerge(repository, pull, /comment on pull request #1 is not the plan/, say);
  },
  "attack: a pull request's own plan.yml asks for the role": async (repository, say) => {
    const edit = (text: string) =>
      text.replace(/^ {2}assess:\n[^]*?(?=^ {2}plan:\n)/m, '').replace(/^ {4}(if|needs): .*\n/gm, '');
    const head = await repository.origin.edit('own-file', { '.github/workflows/plan.yml': edit });
    const event = { event: { workflow_run: { id: 1, head_sha: head } }, event_name: 'pull_request' };
    const result = await repository.run('plan.yml', head, { ...event, ref: 'refs/pull/1/merge' });
    assert.doesNotMatch(result.jobs.plan!.said, /▸ Log in/); // there is nothing to plan
    const login = (text: string) =>
      edit(text).replace(/ {6}- name: Fetch what[^]*?(?= {6}- name: Refuse an empty)/, '');
    const bold = await repository.origin.edit('own-file', {
      '.github/workflows/plan.yml': (text) => login(`${text}\n`),
    });
    const tried = await repository.run('plan.yml', bold, { ...event, ref: 'refs/pull/1/merge' });
    assert.match(tried.jobs.plan!.said, /Not authorized to perform sts:AssumeRoleWithWebIdentity/);
    say(/Not authorized.*/.exec(tried.jobs.plan!.said)![0]);
  },
  'attack: planned again after the approval, with another variable': async (repository, say) => {
    const pull = await repository.proposeApproved('a', 'one');
    repository.vars.ALERT_EMAIL = 'eve@example.com';
    await repository.plan(pull);
    await waitsAfterMerge(repository, pull, /nobody else with write access has approved/, say);
  },
  'attack: approved by the author, a program, and a reader; approved, and then refused': async (repository, say) => {
    const pull = await repository.propose('a', 'one');
    const { github } = repository;
    github.review(pull.number, 'eve');
    github.review(pull.number, 'github-actions[bot]', 'APPROVED', 'Bot');
    github.review(pull.number, 'reader');
    github.review(pull.number, 'bob');
    github.review(pull.number, 'bob', 'CHANGES_REQUESTED');
    await waitsAfterMerge(repository, pull, /nobody else with write access has approved/, say);
  },
  'attack: a merge that was reverted is applied again': async (repository, say) => {
    const first = await repository.proposeApproved('a', 'one');
    const merged = await repository.merge(first);
    ended(await repository.apply(merged), { apply: 'success', approved: 'skipped' });
    const revert = repository.add(await repository.origin.revert());
    await repository.plan(revert);
    repository.github.review(revert.number, 'bob');
    ended(await repository.mergeAndApply(revert), { apply: 'success', approved: 'skipped' });
    assert.deepEqual(repository.aws.resources, {});
    const replayed = await repository.apply(merged);
    ended(replayed, { apply: 'success', approved: 'skipped' });
    assert.deepEqual(repository.aws.resources, {});
    say(replayed.summary.split('\n')[0]!);
  },
  'attack: main moves on while a plan waits, and the old one is approved': async (repository, say) => {
    const pull = await repository.propose('a', 'one');
    const other = await repository.open('docs', { 'README.md': (text) => `${text}\n` });
    const result = await repository.mergeAndApply(pull, async (environment) => {
      if (environment === 'production-review') await repository.merge(other);
    });
    ended(result, WAITED);
    assert.deepEqual(repository.aws.resources, {});
    assert.match(result.jobs.approved!.said, /Main or the plan has changed since the approval was asked for/);
    say('Main or the plan has changed since the approval was asked for.');
  },
  'attack: reviewers who may approve themselves, or administrators who may pass': async (repository, say) => {
    const reviewed = repository.github.environments;
    const rule = { type: 'required_reviewers', prevent_self_review: false, reviewers: [{ type: 'User' }] };
    for (const environment of [{ protection_rules: [rule] }, { ...(reviewed[0] as object), can_admins_bypass: true }]) {
      repository.github.environments = [{ name: 'production-review', ...environment }];
      const pull = await repository.propose('a', `n${repository.github.pulls.length}`);
      const result = await repository.mergeAndApply(pull);
      ended(result, { apply: 'failure', approved: 'skipped' });
      assert.match(repository.comment(pull, '### Not applied'), /no required reviewers, or lets the same person/);
    }
    say('Not applied: production-review lets the same person or administrators pass.');
  },
};

import assert from 'node:assert/strict';
import type { Repository } from './repository';
import { OTHERS } from './pretend-projen';
import { ended } from './repository';
import { type Story, waitsAfterMerge } from './attacks';

const APPLIED = { apply: 'success', approved: 'skipped' };
const AFTER_APPROVAL = { apply: 'success', approved: 'success' };
const approve = () => Promise.resolve(undefined);

async function applied(repository: Repository, topic: string, name: string) {
  const pull = await repository.proposeApproved(topic, name);
  ended(await repository.mergeAndApply(pull), APPLIED);
  return pull;
}

/** What happens to a team. */
export const ACCIDENTS: Readonly<Record<string, Story>> = {
  'a first deployment, a change, and a pull request that changes nothing in AWS': async (repository, say) => {
    const first = await applied(repository, 'a', 'one');
    assert.deepEqual(Object.keys(repository.github.artifacts.find(({ name }) => name.startsWith('plan-'))!), [
      ...['id', 'name', 'expired', 'created_at', 'workflow_run', 'zip'],
    ]);
    await applied(repository, 'a', 'two');
    const nothing = await repository.open('docs', { 'README.md': (text) => `${text}\n` });
    ended(await repository.mergeAndApply(nothing), APPLIED);
    assert.deepEqual(repository.aws.resources, { a: { name: 'two' } });
    say(repository.comment(first, '### Applied').split('\n')[3]!);
  },
  'three merges at once: each is applied, and its pull request says with which commit': async (repository, say) => {
    const pulls = [];
    for (const topic of ['a', 'b', 'c']) pulls.push(await repository.propose(topic, 'one'));
    const merged = [];
    for (const pull of pulls) {
      repository.github.review(pull.number, 'bob');
      merged.push(await repository.merge(pull));
    }
    ended(await repository.apply(merged[0]!, approve), AFTER_APPROVAL);
    for (const commit of merged.slice(1)) ended(await repository.apply(commit), APPLIED);
    assert.deepEqual(Object.keys(repository.aws.resources), ['a', 'b', 'c']);
    for (const pull of pulls) assert.match(repository.comment(pull, '### Applied'), /contains #3, #2, #1/);
    say('#3, #2, #1');
  },
  'what a pull request costs, and what a policy scan finds in it, is in its comment; main has the rest': async (
    repository,
    say,
  ) => {
    const keys = (...names: string[]) => ({
      [OTHERS]: () => JSON.stringify({ aws_kms_key: Object.fromEntries(names.map((name) => [name, {}])) }),
    });
    await repository.origin.edit('main', keys('a'));
    const pull = await repository.open('key', { ...keys('a', 'b'), 'wanted/a': () => 'one' });
    const comment = repository.comment(pull, '### Plan');
    assert.match(comment, /Costs 2\.00 USD a month fixed \(\+1\.00\)[^]*encryption keys: 1\.00 -> 2\.00/);
    assert.match(comment, /finds what main does not have: 1\n- CKV_AWS_7 aws_kms_key\.b: Rotate it\n/);
    repository.github.review(pull.number, 'bob');
    ended(await repository.mergeAndApply(pull), APPLIED);
    say(/Costs.*/.exec(comment)![0]);
  },
  'a stack that nobody can price or scan, and a broken main, are planned all the same': async (repository, say) => {
    const others = { aws_kms_key: { a: { description: '${aws_kms_key.none.arn} $(crash)' } } };
    const pull = await repository.open('odd', { [OTHERS]: () => JSON.stringify(others), 'wanted/a': () => 'one' });
    const comment = repository.comment(pull, '### Plan');
    assert.match(
      comment,
      /1 to create[^]*cost is not known: .*aws_kms_key\.none[^]*scan failed: .*exit code 1:\nTraceback/,
    );
    say(/The cost is not known.*/.exec(comment)![0]);
    await repository.origin.edit('main', { [OTHERS]: () => 'broken' });
    const repair = await repository.open('repair', { [OTHERS]: () => '{}', 'wanted/b': () => 'one' });
    assert.match(repository.comment(repair, '### Plan'), /1 to create[^]*cost is not known/);
  },
  'two pull requests at once; the second is brought up to date before its approval': async (repository) => {
    const first = await repository.propose('a', 'one');
    const second = await repository.propose('b', 'one');
    repository.github.review(first.number, 'bob');
    ended(await repository.mergeAndApply(first), APPLIED);
    await repository.plan(second); // "Re-run all jobs" of synth
    repository.github.review(second.number, 'bob');
    ended(await repository.mergeAndApply(second), APPLIED);
  },
  'a merge without a run, a missing role, a drift job that fails: one issue says so, and closes itself': async (
    repository,
    say,
  ) => {
    await applied(repository, 'a', 'one');
    const skipped = await repository.proposeApproved('a', 'two');
    const merged = await repository.merge(skipped); // "[skip ci]", or GITHUB_TOKEN
    ended(await repository.dispatch('drift.yml'), { drift: 'success' });
    const { issues } = repository.github;
    assert.match(issues[0]!.body, /Not applied, as far as their comments say: #2[^]*\[skip ci\][^]*1 to change/);
    repository.vars.AWS_APPLY_ROLE_ARN = '';
    ended(await repository.apply(merged), { apply: 'failure', approved: 'skipped' });
    ended(await repository.dispatch('drift.yml'), { drift: 'success' });
    assert.match(issues[0]!.body, /AWS_APPLY_ROLE_ARN` is empty/);
    repository.vars.AWS_PLAN_ROLE_ARN = '';
    ended(await repository.dispatch('drift.yml'), { drift: 'failure' });
    assert.match(issues[0]!.body, /AWS_PLAN_ROLE_ARN` is empty[^]*No plan for .*: it failed/);
    for (const role of ['plan', 'apply'])
      repository.vars[`AWS_${role.toUpperCase()}_ROLE_ARN`] = `arn:aws:iam::1:role/${role}`;
    ended(await repository.dispatch('apply.yml'), APPLIED);
    ended(await repository.dispatch('drift.yml'), { drift: 'success' });
    assert.deepEqual(
      issues.map(({ state }) => state),
      ['closed'],
    );
    say(repository.comment(skipped, '### Applied').split('\n')[3]!);
  },
  'a merge queue, and a fork, get the check without a plan': async (repository, say) => {
    const tip = await repository.origin.tip();
    const repo = { full_name: repository.runner.repository };
    await repository.synthAndPlan(
      tip,
      { event_name: 'merge_group', ref: 'refs/heads/gh-readonly-queue/main/pr-1' },
      { sha: tip, repo },
    );
    const fork = await repository.propose('a', 'one', { from: 'somebody/fork' });
    const { statuses, comments } = repository.github;
    assert.deepEqual(
      [tip, fork.head.sha].map((sha) => statuses[sha]?.map(({ context, state }) => `${context} ${state}`)),
      [['plan success'], ['plan success']],
    );
    assert.equal(comments.length, 0);
    await waitsAfterMerge(repository, fork, /came from a fork, for which no plan is made/, say);
  },
  'a stack that would run something is not planned, and the check fails': async (repository, say) => {
    const head = await repository.origin.edit('provider', {
      'wanted/a': () => '${file("/etc/passwd")}',
    });
    const pull = repository.add(head);
    const [, plan] = await repository.plan(pull);
    ended(plan!, { assess: 'success', plan: 'failure', unplanned: 'skipped' });
    assert.deepEqual(
      repository.github.statuses[head]?.map(({ state }) => state),
      ['failure'],
    );
    say(/it calls file\(\)/.exec(repository.comment(pull, '### No plan'))![0]);
  },
  'an apply that fails half way: what is left waits for an approval': async (repository, say) => {
    const pull = await repository.open('both', { 'wanted/a': () => 'one', 'wanted/b': () => 'two' });
    repository.github.review(pull.number, 'bob');
    repository.aws = { resources: {}, refuses: 'b' };
    const merged = await repository.merge(pull);
    ended(await repository.apply(merged), { apply: 'failure', approved: 'skipped' });
    repository.comment(pull, '### Not applied');
    repository.aws = { resources: repository.aws.resources };
    const again = await repository.apply(merged, approve);
    ended(again, AFTER_APPROVAL);
    assert.match(again.summary, /aws_sns_topic\.a: create when reviewed, and is not in the plan now/);
    assert.deepEqual(Object.keys(repository.aws.resources), ['a', 'b']);
    say(repository.comment(pull, '### Applied').split('\n')[3]!);
  },
  'a direct push waits for an approval': async (repository, say) => {
    await repository.origin.edit('main', { 'wanted/a': () => 'hotfix' });
    const result = await repository.apply(await repository.origin.tip(), approve);
    ended(result, AFTER_APPROVAL);
    say(result.summary.split('\n')[0]!);
  },
  'without required reviewers: the next pull request shows the difference, and its approval covers it': async (
    repository,
    say,
  ) => {
    repository.github.environments = [];
    const pull = await repository.propose('a', 'one');
    const refused = await repository.mergeAndApply(pull); // nobody approved it
    ended(refused, { apply: 'failure', approved: 'skipped' });
    say(/Open a pull request.*covers it/.exec(repository.comment(pull, '### Not applied'))![0]);
    const next = await repository.open('follow-up', {});
    assert.match(repository.comment(next, '### Plan'), /1 to create/);
    repository.github.review(next.number, 'bob');
    ended(await repository.mergeAndApply(next), APPLIED);
    assert.deepEqual(repository.aws.resources, { a: { name: 'one' } });
    for (const one of [pull, next]) repository.comment(one, '### Applied');
  },
  'a destroy waits for an approval': async (repository, say) => {
    await applied(repository, 'a', 'one');
    const result = await repository.dispatch('destroy.yml', approve, { environment: 'production' });
    ended(result, { destroy: 'success', approved: 'success' });
    assert.deepEqual(repository.aws.resources, {});
    say(result.summary.split('\n')[0]!);
  },
  'a repository that is not set up': async (repository) => {
    repository.vars.TF_STATE_BUCKET = '';
    const pull = await repository.propose('a', 'one');
    assert.deepEqual(
      repository.github.statuses[pull.head.sha]?.map(({ state }) => state),
      ['success'],
    );
    ended(await repository.mergeAndApply(pull), { apply: 'skipped', approved: 'skipped' });
    ended(await repository.dispatch('drift.yml'), { drift: 'skipped' });
  },
};

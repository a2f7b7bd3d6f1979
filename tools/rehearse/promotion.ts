import assert from 'node:assert/strict';
import type { Say } from '../kit/steps';
import type { Story } from './attacks';
import { ended, type Repository } from './repository';
import { STAGES, stagedWorkflows } from './staged-workflows';

const ALL = [...Object.keys(STAGES), 'production'];

/** How each environment's two jobs ended, in the order of promotion: its own, and the one after an approval. */
function promoted(...results: readonly (readonly [own: string, approved: string])[]): Record<string, string> {
  return Object.fromEntries(
    ALL.flatMap((name, index) => {
      const suffix = name === 'production' ? '' : `-${name}`;
      const [own, approved] = results[index] ?? ['skipped', 'skipped'];
      return [
        [`apply${suffix}`, own],
        [`approved${suffix}`, approved],
      ];
    }),
  );
}

const APPLIED = ['success', 'skipped'] as const;
const APPROVED = ['success', 'success'] as const;
const REJECTED = ['success', 'failure'] as const;
const FAILED = ['failure', 'skipped'] as const;

const approve = () => Promise.resolve(undefined);

function rejects(name: string) {
  return (environment: string) =>
    environment === name ? Promise.reject(new Error('rejected')) : Promise.resolve(undefined);
}

/** Which environments have the topic. */
function have(repository: Repository, topic: string): string[] {
  return ALL.filter((environment) => topic in repository.awsOf(environment).resources);
}

function staged(story: Story): Story {
  return async (repository, say) => {
    await repository.addStages(stagedWorkflows(repository.runner.newDirectory()), Object.keys(STAGES));
    await story(repository, say);
  };
}

/** Says what the comment on a merge says. */
function sayOf(say: Say, comment: string): void {
  say(comment.split('\n').slice(1, 4).join(' '));
}

const STORIES: Readonly<Record<string, Story>> = {
  'one comment has a plan for each environment, and its approval covers all': async (repository, say) => {
    const pull = await repository.proposeApproved('a', 'one');
    const comment = repository.comment(pull, '### Plan');
    assert.match(comment, /in dev: 1 to create[^]*in staging: 1 to create[^]*in production: 1 to create/);
    assert.match(comment, /\ndev: Costs [^]*\nstaging: Costs [^]*\nproduction: Costs /);
    assert.equal(repository.github.comments.length, 1);
    ended(await repository.mergeAndApply(pull), promoted(APPLIED, APPLIED, APPLIED));
    assert.deepEqual(have(repository, 'a'), ALL);
    sayOf(say, repository.comment(pull, '### Applied'));
  },
  'stops where an apply fails, and goes on from there': async (repository, say) => {
    const pull = await repository.proposeApproved('a', 'one');
    repository.changeAws('staging', { resources: {}, refuses: 'a' });
    const merged = await repository.merge(pull);
    ended(await repository.apply(merged), promoted(APPLIED, FAILED));
    assert.deepEqual(have(repository, 'a'), ['dev']);
    sayOf(say, repository.comment(pull, '### staging: not applied (failure)'));
    ended(await repository.dispatch('drift.yml'), { drift: 'success' });
    assert.match(repository.github.issues[0]!.body, /Not applied[^]*something in production[^]*something in staging/);
    repository.changeAws('staging', { resources: {} });
    ended(await repository.dispatch('apply.yml'), promoted(APPLIED, APPLIED, APPLIED));
    assert.deepEqual(have(repository, 'a'), ALL);
    repository.comment(pull, '### Applied');
  },
  'stops where the reviewers of an environment reject it': async (repository) => {
    const pull = await repository.proposeApproved('a', 'one');
    ended(await repository.mergeAndApply(pull, rejects('staging')), promoted(APPLIED, FAILED));
    assert.deepEqual(have(repository, 'a'), ['dev']);
    repository.comment(pull, '### dev: applied');
  },
  "production's plan differs: it alone waits for an approval": async (repository, say) => {
    const pull = await repository.proposeApproved('a', 'one');
    repository.changeAws('production', { resources: { b: { name: 'by hand' } } });
    const merged = await repository.merge(pull);
    const rejected = await repository.apply(merged, rejects('production-review'));
    ended(rejected, promoted(APPLIED, APPLIED, REJECTED));
    assert.match(rejected.summary, /does not do what was reviewed: 1 difference/);
    assert.deepEqual(have(repository, 'a'), ['dev', 'staging']);
    sayOf(say, repository.comment(pull, '### Needs an approval'));
    ended(await repository.apply(merged, approve), promoted(APPLIED, APPLIED, APPROVED));
    assert.deepEqual(repository.aws.resources, { a: { name: 'one' } });
  },
  'a hotfix that was pushed waits in each environment': async (repository, say) => {
    await repository.origin.edit('main', { 'wanted/a': () => 'hotfix' });
    const tip = await repository.origin.tip();
    ended(await repository.apply(tip, rejects('staging-review')), promoted(APPROVED, REJECTED));
    assert.deepEqual(have(repository, 'a'), ['dev']);
    const result = await repository.apply(tip, approve);
    ended(result, promoted(APPLIED, APPROVED, APPROVED));
    assert.deepEqual(have(repository, 'a'), ALL);
    say(result.summary.split('\n')[0]!);
  },
  'attack: main moves on, so that production would get what dev has not': async (repository, say) => {
    const pull = await repository.proposeApproved('a', 'one');
    const other = await repository.propose('b', 'one');
    const result = await repository.mergeAndApply(pull, async (environment) => {
      if (environment === 'staging') await repository.merge(other);
    });
    ended(result, promoted(APPLIED, FAILED));
    sayOf(say, repository.comment(pull, '### staging: not applied (failure)'));
    assert.deepEqual([have(repository, 'a'), have(repository, 'b')], [['dev'], []]);
    const next = await repository.apply(await repository.origin.tip(), approve);
    ended(next, promoted(APPROVED, APPROVED, APPROVED));
    assert.deepEqual([have(repository, 'a'), have(repository, 'b')], [ALL, ALL]);
  },
  'attack: dev takes the role of production': async (repository, say) => {
    const pull = await repository.proposeApproved('a', 'one');
    repository.vars.DEV_AWS_APPLY_ROLE_ARN = repository.vars.AWS_APPLY_ROLE_ARN!;
    const result = await repository.mergeAndApply(pull);
    ended(result, promoted(FAILED));
    say(/Not authorized.*/.exec(result.jobs['apply-dev']!.said)![0]);
  },
  'a person destroys dev, and nothing else': async (repository) => {
    ended(
      await repository.mergeAndApply(await repository.proposeApproved('a', 'one')),
      promoted(APPLIED, APPLIED, APPLIED),
    );
    const { jobs } = await repository.dispatch('destroy.yml', approve, { environment: 'dev' });
    assert.deepEqual(
      Object.keys(jobs).filter((id) => jobs[id]!.result !== 'skipped'),
      ['destroy-dev', 'approved-dev'],
    );
    assert.deepEqual(have(repository, 'a'), ['staging', 'production']);
  },
};

/** What happens to a team with stages before production. */
export const PROMOTION: Readonly<Record<string, Story>> = Object.fromEntries(
  Object.entries(STORIES).map(([name, story]) => [`promotion: ${name}`, staged(story)]),
);

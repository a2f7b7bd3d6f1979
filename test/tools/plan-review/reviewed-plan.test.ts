import { GitHub } from '../../../tools/plan-review/github';
import { PLAN_MARK, writeComment } from '../../../tools/plan-review/notes';
import { unappliedMerges } from '../../../tools/plan-review/pull-requests';
import { checksumOf, findReviewedPlan, isReviewed, type KeptPlan } from '../../../tools/plan-review/reviewed-plan';
import { FakeClock } from '../../../tools/plan-review/fixtures/fake-clock';
import { FakeGitHub, REPOSITORY, type Pull } from '../../../tools/plan-review/fixtures/fake-github';
import { summary } from '../../../tools/plan-review/fixtures/plans';

const PULL: Pull = {
  number: 7,
  state: 'closed',
  merged_at: '2026-01-01',
  merge_commit_sha: 'merged',
  user: { login: 'eve' },
  base: { ref: 'main' },
  head: { sha: 'head', repo: { full_name: REPOSITORY } },
};
const KEPT: KeptPlan = { commit: 'head', comment: checksumOf(`${PLAN_MARK}\nplan`), plans: { production: summary() } };

let fake: FakeGitHub;
let github: GitHub;

/** A pull request whose plan was shown, and approved afterwards. */
beforeEach(async () => {
  fake = new FakeGitHub();
  github = GitHub.ofWorkflow(await fake.start());
  fake.pulls = [structuredClone(PULL)];
  fake.runs[1] = { path: '.github/workflows/plan.yml', event: 'workflow_run' };
  keep(1, KEPT);
  await writeComment(github, 7, PLAN_MARK, 'plan');
  fake.review(7, 'bob');
});

afterEach(() => fake.close());

function keep(run: number, plan: object): void {
  fake.keep(run, 'plan-head', { 'plan.json': JSON.stringify(plan) });
}

const reasonFor = async (commit = 'merged') =>
  ((await findReviewedPlan(github, commit, 'production')) as { reason: string }).reason;

test('the reviewed plan is that of the merged pull request, approved after it was shown', async () => {
  expect(await findReviewedPlan(github, 'merged', 'production')).toEqual(summary());
});

test('a comment that GitHub stored with other line ends is the same', async () => {
  fake.comments[0]!.body = `${PLAN_MARK}\r\nplan\r\n`;

  expect(await findReviewedPlan(github, 'merged', 'production')).toEqual(summary());
});

test.each<[string, () => void, RegExp]>([
  ['a commit that no pull request brought', () => (fake.pulls = []), /merged came without a pull request/],
  ['a pull request that only contains the commit', () => (fake.pulls[0]!.merge_commit_sha = 'other'), /without a pull/],
  ['a pull request that is open', () => (fake.pulls[0]!.merged_at = null), /came without a pull request/],
  ['a pull request for another branch', () => (fake.pulls[0]!.base.ref = 'evil'), /came without a pull request/],
  ['a fork', () => (fake.pulls[0]!.head.repo = { full_name: 'else/pipeline' }), /#7 came from a fork/],
  ['a fork that is gone', () => (fake.pulls[0]!.head.repo = null), /#7 came from a fork/],
  ['no artifact', () => (fake.artifacts = []), /#7 has no plan of its last commit head/],
  ['an artifact that has expired', () => (fake.artifacts[0]!.expired = true), /or it has expired/],
  ['an artifact of a workflow on a branch', () => (fake.runs[1]!.event = 'push'), /has no plan of its last commit/],
  ['an artifact of another workflow', () => (fake.runs[1]!.path = '.github/workflows/x.yml'), /has no plan/],
  [
    'another environment',
    () => keep(1, { ...KEPT, plans: { dev: summary() } }),
    /is not for the environment production/,
  ],
  ['an artifact of another commit', () => keep(1, { ...KEPT, commit: 'other' }), /has no plan/],
  ['no comment', () => (fake.comments = []), /comment on pull request #7 is not the plan/],
  ['a comment by a person', () => (fake.comments[0]!.user = { type: 'User' }), /comment .* is not the plan/],
  ['a comment that says something else', () => (fake.comments[0]!.body += ' and more'), /comment .* is not the plan/],
  ['a comment that was written again', () => (fake.comments[0]!.updated_at = fake.now()), /nobody else with write/],
  ['no review', () => (fake.reviews = []), /nobody else with write access has approved/],
  ['an approval of an earlier commit', () => (fake.reviews[0]!.commit_id = 'before'), /nobody else with write/],
  ['an approval by the author', () => (fake.pulls[0]!.user.login = 'bob'), /nobody else with write access/],
  ['an approval by a reader', () => (fake.writers = []), /nobody else with write access/],
  ['an approval that was taken back', () => fake.review(7, 'bob', 'CHANGES_REQUESTED'), /nobody else with write/],
  ['an approval that was dismissed', () => fake.review(7, 'bob', 'DISMISSED'), /nobody else with write/],
])('there is none for %s', async (_what, change, reason) => {
  change();

  expect(await reasonFor()).toMatch(reason);
});

test('an approval by a program is none; a comment of the reviewer takes no approval back', async () => {
  fake.review(7, 'bob', 'COMMENTED');
  expect(await findReviewedPlan(github, 'merged', 'production')).toEqual(summary());
  fake.reviews = [];
  fake.writers.push('app');
  fake.review(7, 'app', 'APPROVED', 'Bot');

  expect(await reasonFor()).toMatch(/nobody else with write access/);
});

test('the newest artifact of the workflow counts, and an artifact that cannot be read is an error', async () => {
  fake.runs[2] = fake.runs[1]!;
  keep(2, { ...KEPT, plans: { production: summary({ changes: [] }) } });
  expect(await findReviewedPlan(github, 'merged', 'production')).toEqual(summary({ changes: [] }));
  keep(2, { commit: 'head' });

  await expect(findReviewedPlan(github, 'merged', 'production')).rejects.toThrow(/has no plan\.json that can be read/);
});

test('a refusal of GitHub, or no answer, ends the search with an error', async () => {
  await expect(
    findReviewedPlan(new GitHub(github['api'], REPOSITORY, 'wrong'), 'merged', 'production'),
  ).rejects.toThrow(/refuses GET commits\/merged\/pulls\S* with 403/);
  await expect(
    findReviewedPlan(new GitHub('http://127.0.0.1:1', REPOSITORY, 'token', new FakeClock()), 'merged', 'production'),
  ).rejects.toThrow(/does not answer to GET/);
  Object.assign(fake, { artifacts: [{ name: 'plan-head' }] });
  await expect(findReviewedPlan(github, 'merged', 'production')).rejects.toThrow(
    /answer to actions\/artifacts.* is not as expected/,
  );
});

test('needs what a workflow sets', () => {
  expect(() => GitHub.ofWorkflow({})).toThrow(/GITHUB_API_URL, GITHUB_REPOSITORY and GITHUB_TOKEN have to be set/);
});

describe('the environment for reviews', () => {
  const rule = { type: 'required_reviewers', prevent_self_review: true, reviewers: [{ type: 'User' }] };

  test.each<[string, boolean, unknown[]]>([
    ['has reviewers', true, [{ name: 'production-review', protection_rules: [{ type: 'branch_policy' }, rule] }]],
    ['does not exist', false, [{ name: 'production', protection_rules: [rule] }]],
    ['has no rules', false, [{ name: 'production-review' }]],
    ['has no reviewer', false, [{ name: 'production-review', protection_rules: [{ ...rule, reviewers: [] }] }]],
    [
      'lets the same person approve',
      false,
      [{ name: 'production-review', protection_rules: [{ ...rule, prevent_self_review: false }] }],
    ],
    [
      'lets administrators pass',
      false,
      [{ name: 'production-review', can_admins_bypass: true, protection_rules: [rule] }],
    ],
  ])('%s: another person has to approve: %p', async (_what, expected, environments) => {
    fake.environments = environments;

    expect(await isReviewed(github, 'production-review')).toBe(expected);
  });
});

test('the merges that are not applied go back to the first that is', async () => {
  fake.pulls = [1, 2, 3].map((number) => ({ ...PULL, number, merge_commit_sha: `m${number}` }));
  fake.commits = ['m3', 'direct', 'm2', 'm1', 'm0'];
  await writeComment(github, 1, '<!-- apply of the payment pipeline -->', '### Applied');
  await writeComment(github, 2, '<!-- apply of the payment pipeline -->', '### Not applied (failure)');

  expect((await unappliedMerges(github, 'm3')).map(({ number }) => number)).toEqual([3, 2]);
});

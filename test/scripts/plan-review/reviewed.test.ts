import { GitHub } from '../../../scripts/plan-review/github';
import { findReviewedPlan } from '../../../scripts/plan-review/reviewed';
import { writeComment, writeIssue } from '../../../scripts/plan-review/sticky';
import { FakeClock } from './fake-clock';
import { FakeGitHub, REPOSITORY } from './fake-github';

const OURS = { full_name: REPOSITORY };
const PULL = { number: 7, merged_at: '2026-01-01', merge_commit_sha: 'merged', head: { sha: 'head', repo: OURS } };
const RUN = { id: 1, created_at: '2026-01-01T00:00:00Z', head_repository: OURS };
const ARTIFACT = { name: 'plan-head', expired: false };

let fake: FakeGitHub;
let github: GitHub;

beforeEach(async () => {
  fake = new FakeGitHub();
  github = GitHub.ofWorkflow(await fake.start());
  Object.assign(fake, { pulls: [PULL], runs: [RUN], jobs: [{ name: 'plan', conclusion: 'success' }], artifacts: [ARTIFACT] });
});

afterEach(() => fake.close());

describe('the reviewed plan', () => {
  test('is that of the merged pull request', async () => {
    expect(await findReviewedPlan(github, 'merged')).toEqual({ run: 1, artifact: 'plan-head', commit: 'head' });
    expect(fake.calls[1]).toContain('event=pull_request&status=success&head_sha=head');
  });

  test('is the newest', async () => {
    fake.runs = [RUN, { ...RUN, id: 3, created_at: '2026-01-03T00:00:00Z' }, { ...RUN, id: 2, created_at: '2026-01-02T00:00:00Z' }];

    expect(await findReviewedPlan(github, 'merged')).toMatchObject({ run: 3 });
  });

  test.each<[string, Partial<FakeGitHub>, RegExp]>([
    ['a commit that no pull request brought', { pulls: [] }, /Commit merged came without a pull request/],
    ['a commit that a pull request only contains', { pulls: [{ ...PULL, merge_commit_sha: 'other' }] }, /came without a pull request/],
    ['a pull request that is open', { pulls: [{ ...PULL, merged_at: null }] }, /came without a pull request/],
    ['a fork', { pulls: [{ ...PULL, head: { sha: 'head', repo: { full_name: 'else/pipeline' } } }] }, /#7 came from a fork/],
    ['a fork that is gone', { pulls: [{ ...PULL, head: { sha: 'head', repo: null } }] }, /#7 came from a fork/],
    ['no run that succeeded', { runs: [] }, /#7 has no plan of its last commit head that succeeded/],
    ["a fork's run of the same commit", { runs: [{ ...RUN, head_repository: { full_name: 'else/pipeline' } }] }, /no plan of its last commit/],
    ['a run whose planning was skipped', { jobs: [{ name: 'plan', conclusion: 'skipped' }] }, /no plan of its last commit/],
    ['an artifact that has expired', { artifacts: [{ ...ARTIFACT, expired: true }] }, /plan of pull request #7 is kept no more/],
    ['an artifact of another commit', { artifacts: [{ ...ARTIFACT, name: 'plan-other' }] }, /plan of pull request #7 is kept no more/],
  ])('is none for %s', async (_what, world, reason) => {
    Object.assign(fake, world);

    expect(await findReviewedPlan(github, 'merged')).toEqual({ reason: expect.stringMatching(reason) });
  });

  test('is not looked for in vain when GitHub refuses or does not answer', async () => {
    await expect(findReviewedPlan(new GitHub(github['api'], REPOSITORY, 'wrong'), 'merged')).rejects.toThrow(/refuses GET commits\/merged\/pulls with 403/);
    await expect(findReviewedPlan(new GitHub('http://127.0.0.1:1', REPOSITORY, 'token', new FakeClock()), 'merged')).rejects.toThrow(/does not answer to GET/);
    Object.assign(fake, { runs: [{}] });
    await expect(findReviewedPlan(github, 'merged')).rejects.toThrow(/answer to actions\/workflows.* is not as expected/);
  });

  test('needs what a workflow sets', () => {
    expect(() => GitHub.ofWorkflow({})).toThrow(/GITHUB_API_URL, GITHUB_REPOSITORY and GITHUB_TOKEN have to be set/);
  });
});

describe('the comment', () => {
  test('is written once, and then over itself', async () => {
    await writeComment(github, 7, '<!-- m -->', 'first');
    await writeComment(github, 7, '<!-- m -->', 'second');

    expect(fake.comments.map(({ body }) => body)).toEqual(['<!-- m -->\nsecond']);
  });

  test('is found behind a hundred others, and not taken for that of a person', async () => {
    const others = Array.from({ length: 150 }, (_, index) => ({ id: index + 1, number: 7, body: 'chat', user: { type: 'User' } }));
    fake.comments = [{ ...others[0]!, body: '<!-- m -->\nquoted' }, ...others.slice(1)];
    await writeComment(github, 7, '<!-- m -->', 'first');
    await writeComment(github, 7, '<!-- m -->', 'second');

    expect([fake.comments[0]!.body, fake.comments.length, fake.comments.at(-1)!.body]).toEqual(['<!-- m -->\nquoted', 151, '<!-- m -->\nsecond']);
  });
});

test('the issue is opened, written anew, closed, and opened again', async () => {
  for (const text of [undefined, 'first', 'second']) await writeIssue(github, '<!-- d -->', 'Drift', text);
  expect(fake.issues).toMatchObject([{ title: 'Drift', body: '<!-- d -->\nsecond', state: 'open' }]);

  for (const text of [undefined, undefined, 'third']) await writeIssue(github, '<!-- d -->', 'Drift', text);
  expect(fake.issues).toMatchObject([{ state: 'closed' }, { body: '<!-- d -->\nthird', state: 'open' }]);
});

test('the issue is found behind a hundred other open items', async () => {
  const others = Array.from({ length: 120 }, (_, index) => ({ id: index + 1, number: index + 1, body: 'other', state: 'open', user: { type: 'Bot' } }));
  fake.issues = [...others, { ...others[0]!, id: 121, number: 121, body: '<!-- d -->\nfirst' }];

  await writeIssue(github, '<!-- d -->', 'Drift', 'second');

  expect([fake.issues.length, fake.issues.at(-1)]).toEqual([121, expect.objectContaining({ number: 121, body: '<!-- d -->\nsecond' })]);
});

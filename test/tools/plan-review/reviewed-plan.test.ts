import { GitHub } from '../../../tools/plan-review/github';
import { findReviewedPlan, requireReviewers } from '../../../tools/plan-review/reviewed-plan';
import { FakeClock } from '../../../tools/plan-review/fixtures/fake-clock';
import { FakeGitHub, REPOSITORY } from '../../../tools/plan-review/fixtures/fake-github';

const OURS = { full_name: REPOSITORY };
const PULL = { number: 7, merged_at: '2026-01-01', merge_commit_sha: 'merged', head: { sha: 'head', repo: OURS } };
const RUN = { id: 1, created_at: '2026-01-01T00:00:00Z', head_repository: OURS };
const ARTIFACT = { name: 'plan-head', expired: false };

let fake: FakeGitHub;
let github: GitHub;

beforeEach(async () => {
  fake = new FakeGitHub();
  github = GitHub.ofWorkflow(await fake.start());
  Object.assign(fake, {
    pulls: [PULL],
    runs: [RUN],
    jobs: [{ name: 'plan', conclusion: 'success' }],
    artifacts: [ARTIFACT],
  });
});

afterEach(() => fake.close());

describe('the reviewed plan', () => {
  test('is that of the merged pull request', async () => {
    expect(await findReviewedPlan(github, 'merged')).toEqual({ run: 1, artifact: 'plan-head', commit: 'head' });
    expect(fake.calls[1]).toContain('event=pull_request&status=success&head_sha=head');
  });

  test('is the newest', async () => {
    fake.runs = [
      RUN,
      { ...RUN, id: 3, created_at: '2026-01-03T00:00:00Z' },
      { ...RUN, id: 2, created_at: '2026-01-02T00:00:00Z' },
    ];

    expect(await findReviewedPlan(github, 'merged')).toMatchObject({ run: 3 });
  });

  test.each<[string, Partial<FakeGitHub>, RegExp]>([
    ['a commit that no pull request brought', { pulls: [] }, /Commit merged came without a pull request/],
    [
      'a commit that a pull request only contains',
      { pulls: [{ ...PULL, merge_commit_sha: 'other' }] },
      /came without a pull request/,
    ],
    ['a pull request that is open', { pulls: [{ ...PULL, merged_at: null }] }, /came without a pull request/],
    [
      'a fork',
      { pulls: [{ ...PULL, head: { sha: 'head', repo: { full_name: 'else/pipeline' } } }] },
      /#7 came from a fork/,
    ],
    ['a fork that is gone', { pulls: [{ ...PULL, head: { sha: 'head', repo: null } }] }, /#7 came from a fork/],
    ['no run that succeeded', { runs: [] }, /#7 has no plan of its last commit head that succeeded/],
    [
      "a fork's run of the same commit",
      { runs: [{ ...RUN, head_repository: { full_name: 'else/pipeline' } }] },
      /no plan of its last commit/,
    ],
    [
      'a run whose planning was skipped',
      { jobs: [{ name: 'plan', conclusion: 'skipped' }] },
      /no plan of its last commit/,
    ],
    [
      'an artifact that has expired',
      { artifacts: [{ ...ARTIFACT, expired: true }] },
      /plan of pull request #7 is kept no more/,
    ],
    [
      'an artifact of another commit',
      { artifacts: [{ ...ARTIFACT, name: 'plan-other' }] },
      /plan of pull request #7 is kept no more/,
    ],
  ])('is none for %s', async (_what, world, reason) => {
    Object.assign(fake, world);

    expect(await findReviewedPlan(github, 'merged')).toEqual({ reason: expect.stringMatching(reason) });
  });

  test('a refusal of GitHub, or no answer, ends the search with an error', async () => {
    await expect(findReviewedPlan(new GitHub(github['api'], REPOSITORY, 'wrong'), 'merged')).rejects.toThrow(
      /refuses GET commits\/merged\/pulls with 403/,
    );
    await expect(
      findReviewedPlan(new GitHub('http://127.0.0.1:1', REPOSITORY, 'token', new FakeClock()), 'merged'),
    ).rejects.toThrow(/does not answer to GET/);
    Object.assign(fake, { runs: [{}] });
    await expect(findReviewedPlan(github, 'merged')).rejects.toThrow(
      /answer to actions\/workflows.* is not as expected/,
    );
  });

  test('needs what a workflow sets', () => {
    expect(() => GitHub.ofWorkflow({})).toThrow(/GITHUB_API_URL, GITHUB_REPOSITORY and GITHUB_TOKEN have to be set/);
  });
});

const OTHER_ENVIRONMENT = {
  name: 'production',
  protection_rules: [{ type: 'required_reviewers', reviewers: [{ type: 'User' }] }],
};
const reviewedBy = (...reviewers: unknown[]) => ({
  name: 'production-review',
  protection_rules: [{ type: 'branch_policy' }, { type: 'required_reviewers', reviewers }],
});

test('a plan may wait in an environment with required reviewers', async () => {
  fake.environments = [OTHER_ENVIRONMENT, reviewedBy({ type: 'Team' })];

  await expect(requireReviewers(github, 'production-review')).resolves.toBeUndefined();
});

test.each<[what: string, environments: unknown[]]>([
  ['is not there, so that the job would make it', [OTHER_ENVIRONMENT]],
  ['has no rules', [OTHER_ENVIRONMENT, { name: 'production-review' }]],
  [
    'binds the branch alone',
    [OTHER_ENVIRONMENT, { name: 'production-review', protection_rules: [{ type: 'branch_policy' }] }],
  ],
  ['names no reviewer', [OTHER_ENVIRONMENT, reviewedBy()]],
])('not where the environment %s', async (_what, environments) => {
  fake.environments = environments;

  await expect(requireReviewers(github, 'production-review')).rejects.toThrow(
    /^Not applied, as nobody has to approve what the environment production-review deploys: give it required reviewers/,
  );
});

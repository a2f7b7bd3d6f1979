import { demandReviewers, NobodyApprovesError } from '../../../scripts/plan-review/approval';
import { GitHub } from '../../../scripts/plan-review/github';
import { FakeGitHub } from './fake-github';

const github = new FakeGitHub();
let repository: GitHub;

beforeAll(async () => { repository = GitHub.ofWorkflow(await github.start()); });
afterAll(() => github.close());

const OTHER = { name: 'production', protection_rules: [{ type: 'required_reviewers', reviewers: [{ type: 'User' }] }] };
const reviewedBy = (...reviewers: unknown[]) => ({ name: 'production-review', protection_rules: [{ type: 'branch_policy' }, { type: 'required_reviewers', reviewers }] });

test('a plan may wait where somebody has to approve it', async () => {
  github.environments = [OTHER, reviewedBy({ type: 'Team' })];

  await expect(demandReviewers(repository, 'production-review')).resolves.toBeUndefined();
});

test.each<[what: string, environments: unknown[]]>([
  ['is not there, so that the job would make it', [OTHER]],
  ['has no rules', [OTHER, { name: 'production-review' }]],
  ['binds the branch alone', [OTHER, { name: 'production-review', protection_rules: [{ type: 'branch_policy' }] }]],
  ['names no reviewer', [OTHER, reviewedBy()]],
])('not where the environment %s', async (_what, environments) => {
  github.environments = environments;

  const refused = demandReviewers(repository, 'production-review');

  await expect(refused).rejects.toThrow(NobodyApprovesError);
  await expect(refused).rejects.toThrow(/^Not applied, as nobody has to approve what the environment production-review deploys: give it required reviewers/);
});

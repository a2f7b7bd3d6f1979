import * as v from 'valibot';
import { listIn, type GitHub } from './github';

const environments = listIn(
  'environments',
  v.object({
    name: v.string(),
    protection_rules: v.optional(v.array(v.object({ type: v.string(), reviewers: v.optional(v.array(v.unknown())) })), []),
  }),
);

/** Nothing would wait for an approval: GitHub lets a job go on at once where none is asked for. */
export class NobodyApprovesError extends Error {
  override readonly name = 'NobodyApprovesError';

  constructor(environment: string) {
    super(
      `Not applied, as nobody has to approve what the environment ${environment} deploys: give it required reviewers (Settings, Environments), ` +
        'which a private repository can have with GitHub Enterprise, and run this again.',
    );
  }
}

/**
 * A job that names an environment that is not there makes it, without reviewers.
 * @throws NobodyApprovesError, GitHubError
 */
export async function demandReviewers(github: GitHub, environment: string): Promise<void> {
  const known = await github.find('environments?per_page=100', environments, ({ name }) => name === environment);
  const isReviewed = known?.protection_rules.some(({ type, reviewers = [] }) => type === 'required_reviewers' && reviewers.length > 0);
  if (isReviewed !== true) throw new NobodyApprovesError(environment);
}

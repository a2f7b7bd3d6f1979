import { parseArgs } from 'node:util';
import { EXIT, type Command } from '../../../src/cli/command';
import { demandReviewers } from '../approval';
import { GitHub } from '../github';
import { WorkflowStep } from '../workflow';
import { needed } from './options';

export const approval: Command = {
  help: `Refuses to leave a plan to an environment in which nobody has to approve it.

Usage: npx projen plan:review approval --environment NAME

Needs GITHUB_TOKEN, which may read actions.

Examples:
  npx projen plan:review approval --environment production-review

Exit codes: 0 somebody has to, 2 nobody, or GitHub does not say. Behind npx projen every failure is 1.
`,
  run: async (args, terminal) => {
    const { values } = parseArgs({ args, options: { environment: { type: 'string' } } });
    const environment = needed('--environment', values.environment);
    await demandReviewers(GitHub.ofWorkflow(), environment);
    new WorkflowStep(terminal).say(`The plan waits for a reviewer of ${environment}.`);
    return EXIT.fine;
  },
};

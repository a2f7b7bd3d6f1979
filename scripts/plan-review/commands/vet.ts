import { parseArgs } from 'node:util';
import { EXIT, type Command } from '../../../src/cli/command';
import { STACK } from '../saved-plan';
import { vetStack } from '../vetted-stack';

export const vet: Command = {
  help: `Refuses a stack in cdktf.out that would run or read something when it is planned, which the project's own does not: it was
synthesized by the code of a pull request, and is planned with credentials.

Usage: npx projen plan:review vet

Examples:
  npx projen synth && npx projen plan:review vet

Exit codes: 0 may be planned, 2 refused. Behind npx projen every failure is 1.
`,
  run: (args) => {
    parseArgs({ args, options: {} });
    vetStack(STACK);
    return Promise.resolve(EXIT.fine);
  },
};

import { parseArgs } from 'node:util';
import { EXIT, type Command } from '../../../src/cli/command';
import { pack } from '../artifact';
import { readMeaning, fromUser, STACK } from '../saved-plan';
import { WorkflowStep } from '../workflow';
import { needed, onlyOne } from './options';

export const packPlan: Command = {
  help: `Packs a saved plan into a directory, with all that it takes to compare it, and to apply it in another job: what it does, the
stack, the functions' zips, the lock file of the providers, and a list of all files with their hashes.

Usage: npx projen plan:review pack --commit SHA --tree SHA --to DIR PLAN

Options:
  --commit SHA   what was planned: the head of a pull request, or a commit of main
  --tree SHA     its files, as "git rev-parse HEAD^{tree}" says
  --to DIR       is made anew

Output of the step: seal, over all of the directory.

Examples:
  npx projen plan:review pack --commit "$(git rev-parse HEAD)" --tree "$(git rev-parse 'HEAD^{tree}')" --to packed my.tfplan

Exit codes: 0 packed, 2 not. Behind npx projen every failure is 1.
`,
  run: async (args, terminal) => {
    const options = { commit: { type: 'string' }, tree: { type: 'string' }, to: { type: 'string' } } as const;
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
    const file = onlyOne('plan', positionals);
    const seal = pack(fromUser(needed('--to', values.to)), {
      commit: needed('--commit', values.commit),
      tree: needed('--tree', values.tree),
      meaning: await readMeaning(file),
      planFile: fromUser(file),
      stack: STACK,
    });
    new WorkflowStep(terminal).output({ seal });
    return EXIT.fine;
  },
};
